import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Bounds what pictures and request bodies take of memory, each and all together.
final class UploadBudget: Sendable {
    /// The most bytes of one body.
    let bodyLimit: Int
    /// The most bytes that are held together.
    let totalLimit: Int
    private let held = Mutex(0)

    init(bodyLimit: Int, totalLimit: Int) {
        self.bodyLimit = bodyLimit
        self.totalLimit = max(bodyLimit, totalLimit)
    }

    /// How many bytes are held.
    var heldByteCount: Int { held.withLock { $0 } }

    /// Some bytes, which count until the lease is let go of.
    final class Lease: Sendable {
        private let budget: UploadBudget
        private let count = Mutex(0)

        fileprivate init(_ budget: UploadBudget) {
            self.budget = budget
        }

        deinit {
            let count = count.withLock { $0 }
            budget.held.withLock { $0 -= count }
        }

        /// Takes more.
        ///
        /// - Throws: `ServerError` `overloaded` when there is no room beside others.
        fileprivate func take(_ more: Int) throws {
            let isTaken = budget.held.withLock { held in
                guard more <= budget.totalLimit - held else { return false }
                held += more
                return true
            }
            guard isTaken else { throw ServerError.overloaded }
            count.withLock { $0 += more }
        }
    }

    /// Counts bytes that are held for other reasons than a body.
    ///
    /// - Throws: `ServerError` `overloaded` when there is no room.
    func lease(_ count: Int) throws -> Lease {
        let lease = Lease(self)
        try lease.take(count)
        return lease
    }

    /// Collects the body of a request and runs `answer` with it and with its lease, which lives as long as the bytes should count.
    ///
    /// - Parameters:
    ///   - limit: the most bytes, where that is less than usual.
    ///   - deadline: when the body has to be there: one that trickles in would hold its bytes for ever.
    /// - Throws: `ServerError` `payloadTooLarge`, `deadlineExceeded`, or `overloaded` when there is no room beside other bodies; what `answer`
    ///   throws.
    func collecting<Value>(
        _ request: Request, limit: Int? = nil, until deadline: ContinuousClock.Instant,
        _ answer: (ByteBuffer, Lease) async throws -> Value
    ) async throws -> Value {
        let limit = min(limit ?? bodyLimit, bodyLimit)
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, length > limit { throw Self.tooLarge(limit) }
        var body = ByteBuffer()
        if let length { body.reserveCapacity(min(length, 1 << 20)) }
        let lease = Lease(self)
        for try await chunk in request.body {
            guard .now < deadline else { throw ServerError.deadlineExceeded }
            guard body.readableBytes + chunk.readableBytes <= limit else { throw Self.tooLarge(limit) }
            try lease.take(chunk.readableBytes)
            body.writeImmutableBuffer(chunk)
        }
        return try await answer(body, lease)
    }

    private static func tooLarge(_ limit: Int) -> ServerError {
        ServerError(
            .payloadTooLarge, "the body has more than \(limit.formatted(.byteCount(style: .memory)))",
            remedy: "send less at once")
    }
}
