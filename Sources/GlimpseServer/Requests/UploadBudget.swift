import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Bounds what request bodies take of memory, each and all together.
final class UploadBudget: Sendable {
    /// The most bytes of one body.
    let bodyLimit: Int
    /// The most bytes of all bodies that are being worked on.
    let totalLimit: Int
    private let held = Mutex(0)

    init(bodyLimit: Int, totalLimit: Int) {
        self.bodyLimit = bodyLimit
        self.totalLimit = max(bodyLimit, totalLimit)
    }

    /// How many bytes are held.
    var heldByteCount: Int { held.withLock { $0 } }

    /// Collects the body of a request and runs `answer` with it; the bytes count until that returns.
    ///
    /// - Throws: `ServerError` `payloadTooLarge`, or `overloaded` when there is no room beside other bodies; what `answer` throws.
    func collecting<Value>(
        _ request: Request, _ answer: (ByteBuffer) async throws -> Value
    ) async throws -> Value {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bodyLimit { throw tooLarge }
        var body = ByteBuffer()
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
            body.reserveCapacity(min(length, 1 << 20))
        }
        var taken = 0
        defer { held.withLock { $0 -= taken } }
        for try await chunk in request.body {
            let count = chunk.readableBytes
            guard body.readableBytes + count <= bodyLimit else { throw tooLarge }
            let isTaken = held.withLock { held in
                guard held + count <= totalLimit else { return false }
                held += count
                return true
            }
            guard isTaken else { throw ServerError.overloaded }
            taken += count
            body.writeImmutableBuffer(chunk)
        }
        return try await answer(body)
    }

    private var tooLarge: ServerError {
        ServerError(
            .payloadTooLarge, "the body has more than \(bodyLimit.formatted(.byteCount(style: .memory)))",
            remedy: "send less at once")
    }
}
