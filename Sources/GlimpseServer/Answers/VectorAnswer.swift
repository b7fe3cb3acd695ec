import Foundation
import GlimpseFormats
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOFoundationCompat

/// Vectors that are answered as JSON, beside a few other members.
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
            guard let numbers = JSON.numbers(vector) else {
                throw ServerError(.internal, "the model gave numbers that are not finite", remedy: "verify the model")
            }
            body.writeBytes(numbers)
        }
        body.writeString("],")
        // The other members without the brace that opens them.
        body.writeData(rest.dropFirst())
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: body))
    }
}
