public import Foundation
internal import GlimpseLibrary

/// A page of HTML with the pictures that answer a search; it needs no other file.
public struct ContactSheet: Sendable {
    /// What stands at the top.
    public let title: String

    /// Names a page.
    public init(title: String) { self.title = title }

    /// Writes the page.
    ///
    /// - Throws: `TaskError` when the file cannot be written.
    public func write(_ answers: [SearchAnswer], to file: URL) throws {
        try PageOfPictures.write(html(answers), to: file)
    }

    /// The page. A picture that cannot be read any more is shown by its name.
    public func html(_ answers: [SearchAnswer]) -> String {
        let figures = answers.map { answer in
            let match = answer.match
            let copies = match.paths.count > 1 ? ", and \(match.paths.count - 1) more" : ""
            let score =
                answer.presence.map { String(format: "%.0f %%", $0 * 100) } ?? String(format: "%.3f", match.score)
            return PageOfPictures.figure(path: match.path, caption: score + copies)
        }
        return PageOfPictures.document(title: title, body: "<main>\n\(figures.joined(separator: "\n"))\n</main>")
    }
}
