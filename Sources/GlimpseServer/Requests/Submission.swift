import Foundation
import GlimpseFormats
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat

/// The content of a request: what is to be embedded, and the other arguments.
struct Submission: Sendable {
    /// Pictures and texts, in the order they were sent.
    let inputs: [InputSource]
    /// Everything else.
    let arguments: Arguments
    /// The members of a JSON body; nil for other bodies.
    let json: JSON?
    /// The bytes count as long as something of the body is there.
    private let lease: UploadBudget.Lease

    /// More values in JSON than anyone needs, and few enough that they take no memory to speak of.
    static let valueLimit = 200_000

    /// Reads a body that was collected.
    ///
    /// JSON, a form whose parts `image` and `text` are inputs, or a picture as it is; arguments of the query string are taken with each.
    ///
    /// - Parameter isAlwaysJSON: whether the body is JSON whatever its type says, as some clients have it.
    /// - Throws: `ServerError` `invalidInput`, `unsupportedMediaType`.
    init(
        _ body: ByteBuffer, contentType: String?, query: Arguments, isAlwaysJSON: Bool = false,
        lease: UploadBudget.Lease
    ) throws {
        let type = isAlwaysJSON ? "application/json" : HeaderValue(contentType ?? "").value
        let bytes = Data(buffer: body, byteTransferStrategy: .noCopy)
        var arguments = query
        var inputs: [InputSource] = []
        var json: JSON?
        switch type {
        case "application/json":
            let document = try Self.parse(bytes)
            guard let members = document.members else {
                throw ServerError(.invalidInput, "the body: expected an object of JSON")
            }
            arguments.take(members.filter { $0.key != "inputs" })
            if let listed = document["inputs"] {
                guard let elements = listed.array else {
                    throw ServerError(.invalidInput, "inputs: expected a list")
                }
                inputs = try elements.enumerated().map { try InputSource($1, at: "inputs[\($0)]") }
            }
            json = document
        case "multipart/form-data":
            for part in try MultipartForm(bytes, contentType: contentType ?? "").parts {
                switch part.name {
                case "image": inputs.append(.image(part.bytes))
                case "text": inputs.append(try InputSource(text: try Self.text(part), at: "text"))
                default: arguments.add(try Self.text(part), for: part.name)
                }
            }
        case let type where type.hasPrefix("image/") || type == "application/octet-stream":
            guard !bytes.isEmpty else {
                throw ServerError(.invalidInput, "the body: expected a picture, found nothing")
            }
            inputs = [.image(bytes)]
        case "":
            guard bytes.isEmpty else {
                throw ServerError(.unsupportedMediaType, "a body without Content-Type")
            }
        default:
            throw ServerError(
                .unsupportedMediaType, "a body of the type \(type)",
                remedy: "send application/json, multipart/form-data, or a picture as image/*")
        }
        self.inputs = inputs
        self.arguments = arguments
        self.json = json
        self.lease = lease
    }

    /// Reads a document of JSON.
    static func parse(_ bytes: Data) throws -> JSON {
        do {
            return try bytes.withUnsafeBytes { try JSON.parse($0, path: "the body", valueLimit: valueLimit) }
        } catch let error as FormatError {
            throw ServerError(.invalidInput, "the body: \(error.message)")
        }
    }

    private static func text(_ part: MultipartForm.Part) throws -> String {
        guard let text = String(validating: part.bytes, as: UTF8.self) else {
            throw ServerError(.invalidInput, "\(part.name): expected text in UTF-8")
        }
        return text
    }
}
