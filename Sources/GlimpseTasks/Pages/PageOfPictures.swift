internal import Foundation
internal import GlimpseMedia

/// What pages that show pictures and need no other file have in common: thumbnails are part of them.
enum PageOfPictures {
    /// The longest side of a thumbnail in pixels: twice what is shown, for dense screens.
    private static let side = 480

    /// Writes a document to a file.
    ///
    /// - Throws: `TaskError` that names the file.
    static func write(_ html: String, to file: URL) throws {
        do {
            try Data(html.utf8).write(to: file, options: .atomic)
        } catch {
            throw TaskError(
                .unwritableFile,
                "\(file.path(percentEncoded: false)) cannot be written: \(error.localizedDescription)",
                remedy: "name a file in a folder that is there and that you may write to")
        }
    }

    /// A whole document.
    static func document(title: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>
        :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
        body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1.25rem }
        figure { margin: 0 }
        figure.marked img { outline: 3px solid #2a7 }
        img { width: 100%; height: 14rem; object-fit: contain; background: color-mix(in srgb, currentColor 6%, transparent) }
        figcaption { overflow-wrap: anywhere }
        small { opacity: .7 }
        </style>
        </head>
        <body>
        <h1>\(escaped(title))</h1>
        \(body)
        </body>
        </html>

        """
    }

    /// A picture with its name, a caption and its path; one that cannot be read is shown by its name.
    static func figure(path: String, caption: String, isMarked: Bool = false) -> String {
        let url = escaped(URL(filePath: path).absoluteString)
        let name = escaped(URL(filePath: path).lastPathComponent)
        return """
            <figure\(isMarked ? " class=\"marked\"" : "")><a href="\(url)">\(image(path, name))</a>
            <figcaption>\(name) <small>\(escaped(caption))<br>\(escaped(path))</small></figcaption></figure>
            """
    }

    private static func image(_ path: String, _ name: String) -> String {
        let decoder = ImageDecoder(mode: .fast(minimumSide: side))
        guard let thumbnail = try? decoder.decode(path: path).thumbnail(side: side),
            let data = try? thumbnail.encodedJPEG(quality: 80)
        else { return "<p>\(name)</p>" }
        return """
            <img alt="\(name)" loading="lazy" width="\(thumbnail.width)" height="\(thumbnail.height)" \
            src="data:image/jpeg;base64,\(data.base64EncodedString())">
            """
    }

    /// Text as it stands in HTML, in elements and in attributes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
