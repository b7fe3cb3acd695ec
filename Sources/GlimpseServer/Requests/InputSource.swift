package import Foundation
package import GlimpseFormats
package import GlimpseLibrary

/// What a client wants embedded, as it sent it.
package enum InputSource: Hashable, Sendable {
    /// A description.
    case text(String)
    /// The bytes of a picture file.
    case image(Data)
    /// A picture of the library.
    case picture(ContentHash)
    /// A picture elsewhere.
    case url(String)

    /// Longer texts are no descriptions; models read far less.
    private static let textLimit = 1 << 16

    /// Reads `{"text": …}`, `{"image": …}`, `{"picture": …}` or `{"url": …}`.
    ///
    /// - Parameter place: where it stands, for errors.
    /// - Throws: `ServerError` `invalidInput`.
    package init(_ json: JSON, at place: String) throws {
        let kinds = ["text", "image", "picture", "url"].filter { json[$0]?.isNull == false }
        guard kinds.count == 1, let value = json[kinds[0]]?.string else {
            throw ServerError(
                .invalidInput,
                "\(place): expected an object with one of the members text, image, picture and url, a string")
        }
        switch kinds[0] {
        case "text": try self.init(text: value, at: place)
        case "image": self = .image(try Base64Image.bytes(of: value, at: place))
        case "picture": self = .picture(try Self.hash(value, at: place))
        default: self = .url(value)
        }
    }

    /// Takes a text that is not too long.
    package init(text: String, at place: String) throws {
        guard text.utf8.count <= Self.textLimit else {
            throw ServerError(
                .invalidInput, "\(place): a text of \(text.utf8.count) bytes, the limit is \(Self.textLimit)")
        }
        self = .text(text)
    }

    /// Reads what a picture of the library is known by.
    package static func hash(_ text: some StringProtocol, at place: String) throws -> ContentHash {
        guard let hash = ContentHash(hexadecimal: String(text)) else {
            throw ServerError(.invalidInput, "\(place): expected the SHA-256 of a picture, 64 hexadecimal digits")
        }
        return hash
    }
}

/// Pictures in JSON: base64, with or without `data:image/png;base64,` before it.
package enum Base64Image {
    /// The bytes.
    ///
    /// - Parameter place: where the text stands, for errors.
    /// - Throws: `ServerError` `invalidInput`.
    package static func bytes(of text: String, at place: String) throws -> Data {
        var encoded = Substring(text)
        if text.prefix(5).lowercased() == "data:" {
            guard let comma = text.firstIndex(of: ","), text[..<comma].lowercased().hasSuffix(";base64") else {
                throw ServerError(.invalidInput, "\(place): a data: URI that is not in base64")
            }
            encoded = text[text.index(after: comma)...]
        }
        // Encoders break lines, others leave out the padding or write URLs' alphabet.
        var symbols = encoded.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 && $0 != 0x09 }
        for index in symbols.indices {
            if symbols[index] == UInt8(ascii: "-") { symbols[index] = UInt8(ascii: "+") }
            if symbols[index] == UInt8(ascii: "_") { symbols[index] = UInt8(ascii: "/") }
        }
        while symbols.count % 4 != 0 { symbols.append(UInt8(ascii: "=")) }
        guard !symbols.isEmpty, let bytes = Data(base64Encoded: Data(symbols)) else {
            throw ServerError(.invalidInput, "\(place): expected a picture in base64, found something else")
        }
        return bytes
    }
}
