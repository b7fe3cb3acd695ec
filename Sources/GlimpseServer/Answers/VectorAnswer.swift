import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOFoundationCompat

/// Vectors that are answered as JSON, beside a few other members.
///
/// Written number by number: `JSONEncoder` boxes each, which takes five times as long and, for small models, a tenth of all the time.
struct VectorAnswer<Members: Encodable & Sendable>: ResponseGenerator {
    /// What the vectors are called.
    let name: String
    let vectors: [[Float]]
    /// An object with the other members.
    let members: Members

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        let rest = try encoder.encode(members)
        var body = ByteBuffer()
        body.reserveCapacity(vectors.reduce(rest.count + 64) { $0 + $1.count * 14 })
        body.writeString("{\"\(name)\":[")
        for (index, vector) in vectors.enumerated() {
            if index > 0 { body.writeString(",") }
            try Self.write(vector, to: &body)
        }
        body.writeString("],")
        // The other members without the brace that opens them.
        body.writeData(rest.dropFirst())
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: body))
    }

    private static func write(_ vector: [Float], to body: inout ByteBuffer) throws {
        body.writeString("[")
        for (index, value) in vector.enumerated() {
            // JSON has no word for the others.
            guard value.isFinite else {
                throw ServerError(.internal, "the model gave numbers that are not finite", remedy: "verify the model")
            }
            if index > 0 { body.writeString(",") }
            body.writeString(value.description)
        }
        body.writeString("]")
    }
}
