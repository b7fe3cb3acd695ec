package import Foundation

/// A `multipart/form-data` body (RFC 7578): named parts in the order they were sent.
package struct MultipartForm: Sendable {
    /// A field or a file.
    package struct Part: Hashable, Sendable {
        /// The field's name.
        package let name: String
        /// The name of the file, where it is one.
        package let fileName: String?
        /// What the client says the bytes are.
        package let contentType: String?
        /// What was sent.
        package let bytes: Data
    }

    /// The parts, in order.
    package let parts: [Part]

    /// More parts than anyone needs.
    private static let partLimit = 1024
    /// A part's header is longer only by mistake or malice.
    private static let headerLimit = 16 << 10

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - body: all bytes of it.
    ///   - contentType: the request's header, with the boundary.
    /// - Throws: `ServerError` `invalidInput` that says what is wrong, and at which byte.
    package init(_ body: Data, contentType: String) throws {
        guard let boundary = HeaderValue(contentType).parameters["boundary"], (1...70).contains(boundary.utf8.count)
        else {
            throw ServerError(.invalidInput, "multipart/form-data without a boundary of 1 to 70 characters")
        }
        let delimiter = Data("--\(boundary)".utf8)
        let separator = Data("\r\n--\(boundary)".utf8)
        // Text before the first delimiter is no part (RFC 2046).
        guard
            let opening = body.starts(with: delimiter)
                ? body.startIndex..<body.startIndex + delimiter.count : body.range(of: separator)
        else { throw Self.malformed("the boundary is not there", at: 0) }
        var position = opening.upperBound
        var parts: [Part] = []
        while true {
            if body[position...].starts(with: Data("--".utf8)) { break }
            guard let lineEnd = Self.lineEnd(in: body, from: position) else {
                throw Self.malformed("no new line after a boundary", at: position - body.startIndex)
            }
            guard parts.count < Self.partLimit else {
                throw ServerError(.invalidInput, "more than \(Self.partLimit) parts in the form")
            }
            // A part without headers has its empty line at once.
            let headerStart = lineEnd - 2
            guard
                let blank = body.range(
                    of: Data("\r\n\r\n".utf8),
                    in: headerStart..<min(body.endIndex, headerStart + Self.headerLimit))
            else { throw Self.malformed("the header of a part does not end", at: headerStart - body.startIndex) }
            guard let end = body.range(of: separator, in: blank.upperBound - 2..<body.endIndex) else {
                throw Self.malformed("a part does not end with the boundary", at: blank.upperBound - body.startIndex)
            }
            let bytes = end.lowerBound < blank.upperBound ? Data() : Data(body[blank.upperBound..<end.lowerBound])
            let header = lineEnd <= blank.lowerBound ? Data(body[lineEnd..<blank.lowerBound]) : Data()
            parts.append(try Self.part(header: header, bytes: bytes, at: lineEnd - body.startIndex))
            position = end.upperBound
        }
        self.parts = parts
    }

    /// The end of white space and a new line, which may follow a boundary.
    private static func lineEnd(in body: Data, from start: Data.Index) -> Data.Index? {
        var position = start
        while position < body.endIndex, body[position] == 0x20 || body[position] == 0x09 { position += 1 }
        guard body[position...].starts(with: Data("\r\n".utf8)) else { return nil }
        return position + 2
    }

    private static func part(header: Data, bytes: Data, at offset: Int) throws -> Part {
        var name: String?
        var fileName: String?
        var contentType: String?
        for line in String(decoding: header, as: UTF8.self).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else {
                throw malformed("a header line without a colon", at: offset)
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-disposition":
                let disposition = HeaderValue(value)
                name = disposition.parameters["name"]
                fileName = disposition.parameters["filename"]
            case "content-type": contentType = value
            case "content-transfer-encoding" where !["binary", "8bit", "7bit"].contains(value.lowercased()):
                throw ServerError(.invalidInput, "a part in the transfer encoding \(value), which forms do not have")
            default: break
            }
        }
        guard let name else { throw malformed("a part without a name", at: offset) }
        return Part(name: name, fileName: fileName, contentType: contentType, bytes: bytes)
    }

    private static func malformed(_ what: String, at offset: Int) -> ServerError {
        ServerError(.invalidInput, "the form is malformed at byte \(offset): \(what)")
    }
}
