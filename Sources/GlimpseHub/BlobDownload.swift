internal import GlimpseDigest
internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Gets one file's content into the blobs of the cache: resumed where an earlier run stopped, checked, then moved into place.
struct BlobDownload: Sendable {
    let file: HubFile
    let url: URL
    /// The name the content grows and is locked under.
    let name: String
    let cache: RepositoryCache
    let transport: Transport
    let ledger: ProgressLedger
    /// How many bytes an earlier run has left. They count as being here until the download itself has looked.
    let leftBytes: Int

    /// A break after at least this much is a new problem, not the old one again.
    private static let progressThreshold = 1 << 20

    init(
        of file: HubFile, at commit: String, in cache: RepositoryCache, through transport: Transport,
        _ ledger: ProgressLedger
    ) throws {
        self.file = file
        self.cache = cache
        self.transport = transport
        self.ledger = ledger
        url = try transport.url(of: file.name, in: cache.reference, at: commit)
        name = file.digest?.hexadecimal ?? Digest.of(Array("\(commit)/\(file.name)".utf8)).hexadecimal
        let left = try cache.partialBytes(name)
        leftBytes = file.digest == nil || left > file.size ? 0 : left
    }

    /// How many bytes are still to come.
    var missingBytes: Int { file.size - leftBytes }

    /// Downloads, unless somebody else does so first.
    ///
    /// - Returns: the blob's name.
    func run() async throws -> String {
        try await BlobLock.withLock(at: cache.lockPath(name), waiting: { ledger.tell(.waiting, file: file.name) }) {
            if let digest = file.digest, try CacheFiles.isFile(cache.blobPath(digest.hexadecimal), size: file.size) {
                ledger.add(missingBytes, of: file.name)
                return digest.hexadecimal
            }
            return try await download()
        }
    }

    private func download() async throws -> String {
        let kind: ContentHasher.Kind = if case .sha256 = file.digest { .sha256 } else { .gitBlob(size: file.size) }
        let partial = try PartialFile(path: cache.partialPath(name), contents: kind)
        var transfer = Transfer(partial: partial)
        // Without a digest it cannot be known whether both parts belong to the same content.
        if file.digest == nil { try partial.restart() } else { try partial.takeUp() }
        if partial.size > file.size { try partial.restart() }
        transfer.inherited = partial.size
        // While the lock was waited for, another process may have gone on with it.
        if partial.size != leftBytes { ledger.add(partial.size - leftBytes, of: file.name) }
        var budget = RetryBudget(transport.policy)
        while true {
            let sizeBefore = partial.size
            do {
                try await self.transfer(&transfer)
                guard partial.size == file.size else { continue }
                if let digest = try verified(&transfer) { return digest }
            } catch let failure as TransientFailure {
                if partial.size - sizeBefore >= Self.progressThreshold { budget.reset() }
                let delay = try budget.delay(after: failure)
                ledger.tell(.retrying(after: delay, because: failure.error), file: file.name)
                try await Task.sleep(for: delay)
            }
        }
    }

    /// Holds the complete file against its digest.
    ///
    /// - Returns: the blob's name; nil when what an earlier run left was to blame, and all is to be got again.
    private func verified(_ transfer: inout Transfer) throws -> String? {
        let partial = transfer.partial
        let found = partial.digest
        if let expected = file.digest?.hexadecimal, found != expected {
            let wasInherited = transfer.inherited > 0
            try restart(&transfer)
            if wasInherited { return nil }
            try partial.remove()
            throw HubError(
                .digestMismatch, "\(file.name) has the digest \(found), expected \(expected)", at: url.forMessages,
                remedy: "run again; if it stays, the server or a proxy on the way damages the file")
        }
        try partial.commit(to: cache.blobPath(found))
        return found
    }

    /// A download under way.
    private struct Transfer {
        let partial: PartialFile
        /// How many of the bytes an earlier run left.
        var inherited = 0
        /// The content that the bytes of this run belong to.
        var entityTag: Transport.EntityTag?
        /// How often it was started again.
        var restarts = 0
    }

    /// Gets what is missing, in one request.
    private func transfer(_ transfer: inout Transfer) async throws {
        let partial = transfer.partial
        guard partial.size < file.size else { return }
        let start = partial.size
        let response = try await transport.get(url, from: start > 0 ? start : nil, of: transfer.entityTag)
        switch response.status {
        case 200:
            if start > 0 { try restart(&transfer) }
        case 206 where start > 0:
            // Whether or not the server was asked to see to it, and did.
            let isSameContent = transfer.entityTag == nil || transfer.entityTag == response.entityTag
            guard isSameContent, ContentRange(response.headers)?.continues(at: start, of: file.size) ?? false else {
                return try restart(&transfer)
            }
        case 416 where start > 0:
            return try restart(&transfer)
        default:
            throw HubError(.malformedResponse, "status \(response.status) was not expected", at: url.forMessages)
        }
        transfer.entityTag = response.entityTag
        if let length = response.headers.first(name: "Content-Length").flatMap({ Int($0) }),
            length != file.size - partial.size
        {
            throw HubError(
                .malformedResponse,
                "\(length) bytes are announced, expected \(file.size - partial.size) by the listing",
                at: url.forMessages,
                remedy: "run again; the repository may just have changed")
        }
        try await receive(response, into: partial)
    }

    private func receive(_ response: Transport.Response, into partial: PartialFile) async throws {
        do {
            for try await chunk in response.body {
                guard partial.size + chunk.readableBytes <= file.size else {
                    ledger.add(-partial.size, of: file.name)
                    try partial.remove()
                    throw HubError(
                        .tooLarge, "more than the \(file.size) bytes that the listing says", at: url.forMessages,
                        remedy: "run again; the repository may just have changed")
                }
                try chunk.withUnsafeReadableBytes(partial.append)
                ledger.add(chunk.readableBytes, of: file.name)
            }
        } catch {
            throw transport.connectionFailure(error, url)
        }
        // A cancelled body ends like a complete one.
        try Task.checkCancellation()
        guard partial.size == file.size else {
            throw TransientFailure(
                error: HubError(
                    .connection, "the content ended after \(partial.size) of \(file.size) bytes", at: url.forMessages,
                    remedy: "run again, which goes on where this stopped"))
        }
    }

    /// Drops what is there. A server that makes this happen again and again is given up.
    private func restart(_ transfer: inout Transfer) throws {
        ledger.add(-transfer.partial.size, of: file.name)
        try transfer.partial.restart()
        transfer.inherited = 0
        transfer.entityTag = nil
        transfer.restarts += 1
        guard transfer.restarts <= transport.policy.attempts else {
            throw HubError(
                .malformedResponse, "the server keeps changing the content", at: url.forMessages,
                remedy: "try again later")
        }
    }
}

/// The header that says which part of the content a 206 holds (RFC 9110, section 14.4).
private struct ContentRange {
    let start: Int
    let total: Int?

    init?(_ headers: HTTPHeaders) {
        guard let text = headers.first(name: "Content-Range"),
            let match = text.wholeMatch(of: /bytes (\d{1,18})-\d{1,18}\/(\d{1,18}|\*)/), let start = Int(match.1)
        else { return nil }
        self.start = start
        total = Int(match.2)
    }

    func continues(at offset: Int, of size: Int) -> Bool {
        start == offset && (total ?? size) == size
    }
}
