import Foundation
import GlimpseDigest
import GlimpseHub
import NIOSSL
import Synchronization
import TestServer

/// What a server does in place of what it should, once.
enum Fault: Sendable {
    /// An answer of its own.
    case reply(Reply)
    /// The right answer, delivered in another way.
    case delivery(Reply.Delivery)
    /// All of the content, whatever range was asked for.
    case noRanges
    /// The right content under another tag, which makes a range's condition fail.
    case retagged(String)
    /// Other bytes than the listing promises.
    case content([UInt8])
    /// The range that was asked for, of what has become other content.
    case changed(entityTag: String)
}

/// A file of the test's repository.
struct TestFile: Sendable {
    let name: String
    let content: [UInt8]
    /// Whether it lies on the content network, as what git LFS tracks does.
    var isLarge = false

    var sha256: String { Digest.of(content).hexadecimal }
    var gitBlob: String { Digest.of(Array("blob \(content.count)\0".utf8) + content, .sha1).hexadecimal }
    /// The name of its blob in the cache.
    var blob: String { isLarge ? sha256 : gitBlob }
}

/// Behaves like the hub: a listing and small files on one port, large files by redirection on another.
final class TestHub: Sendable {
    struct State {
        var files: [TestFile]
        var commit = String(repeating: "c", count: 40)
        var faults: [String: [Fault]] = [:]
        var requests: [(server: String, request: Request)] = []
        /// What is put in place of the listing.
        var listing: String?
        var givesDigests = true
    }

    private let state: Mutex<State>
    private let servers = Mutex<(hub: LocalServer, content: LocalServer)?>(nil)
    private let scheme: String

    init(_ files: [TestFile], secured security: NIOSSLContext? = nil) async throws {
        scheme = security == nil ? "http" : "https"
        state = Mutex(State(files: files))
        let content = try await LocalServer(secured: security) { [weak self] in
            self?.respondAsContentNetwork($0) ?? Reply(status: 500)
        }
        let hub = try await LocalServer(secured: security) { [weak self] in
            self?.respondAsHub($0) ?? Reply(status: 500)
        }
        servers.withLock { $0 = (hub, content) }
    }

    var endpoint: String { "\(scheme)://127.0.0.1:\(servers.withLock { $0?.hub.port ?? 0 })" }
    var contentPort: Int { servers.withLock { $0?.content.port ?? 0 } }
    var contentBytesSent: Int { servers.withLock { $0?.content.bytesSent ?? 0 } }
    var hubBytesSent: Int { servers.withLock { $0?.hub.bytesSent ?? 0 } }
    var commit: String { state.withLock { $0.commit } }

    /// Changes what is in the repository.
    func update(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
    }

    /// Makes the next answers to "listing", "resolve NAME" or "content NAME" faulty.
    func fail(_ what: String, with faults: [Fault]) {
        state.withLock { $0.faults[what, default: []] += faults }
    }

    /// The requests so far: "listing", "resolve NAME", "content NAME", with the range where one was asked for.
    var log: [String] {
        state.withLock { state in
            state.requests.map { entry in
                let range = entry.request.header("Range").map { " \($0)" } ?? ""
                return Self.name(of: entry.request, on: entry.server) + range
            }
        }
    }

    func requests(to server: String) -> [Request] {
        state.withLock { $0.requests.filter { $0.server == server }.map(\.request) }
    }

    private static func name(of request: Request, on server: String) -> String {
        if server == "content" { return "content " + request.path.dropFirst("/blob/".count).prefix { $0 != "?" } }
        guard let range = request.path.range(of: "/resolve/") else { return "listing" }
        return "resolve " + request.path[range.upperBound...].drop { $0 != "/" }.dropFirst()
    }

    private func record(_ request: Request, on server: String) -> (name: String, fault: Fault?) {
        let name = Self.name(of: request, on: server)
        return state.withLock { state in
            state.requests.append((server, request))
            guard state.faults[name]?.isEmpty == false else { return (name, nil) }
            return (name, state.faults[name]?.removeFirst())
        }
    }

    private func respondAsHub(_ request: Request) -> Reply {
        let (name, fault) = record(request, on: "hub")
        if case .reply(let reply) = fault { return reply }
        if name == "listing" {
            var reply = Reply(headers: [("Content-Type", "application/json")], body: Array(listing.utf8))
            if case .delivery(let delivery) = fault { reply.delivery = delivery }
            return reply
        }
        guard let file = file(named: String(name.dropFirst("resolve ".count))) else {
            return Reply(status: 404, headers: [("X-Error-Code", "EntryNotFound")])
        }
        guard file.isLarge else { return serve(file, request, fault, entityTag: file.gitBlob) }
        return Reply(
            status: 302,
            headers: [
                ("Location", "\(scheme)://127.0.0.1:\(contentPort)/blob/\(file.name)?signature=sesame"),
                ("X-Linked-Etag", "\"\(file.sha256)\""), ("X-Linked-Size", "\(file.content.count)"),
                ("X-Repo-Commit", commit),
            ], body: Array("Found. Redirecting".utf8))
    }

    private func respondAsContentNetwork(_ request: Request) -> Reply {
        let (name, fault) = record(request, on: "content")
        if case .reply(let reply) = fault { return reply }
        guard let file = file(named: String(name.dropFirst("content ".count))) else { return Reply(status: 404) }
        return serve(file, request, fault, entityTag: "multipart-\(file.sha256.prefix(8))-2")
    }

    private func serve(_ file: TestFile, _ request: Request, _ fault: Fault?, entityTag: String) -> Reply {
        var content = file.content
        if case .content(let other) = fault { content = other }
        var tag = entityTag
        switch fault {
        case .changed(let other), .retagged(let other): tag = other
        default: break
        }
        var reply = Reply(headers: [("ETag", "\"\(tag)\""), ("Accept-Ranges", "bytes")], body: content)
        var start = request.header("Range").flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
        // A changed file is served as a careless server would; a careful one looks at the tag.
        if case .changed = fault {
        } else if let condition = request.header("If-Range"), condition != "\"\(tag)\"" {
            start = nil
        }
        if case .noRanges = fault { start = nil }
        if let start {
            guard start < content.count else { return Reply(status: 416) }
            reply.status = 206
            reply.headers.append(("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)"))
            reply.body = Array(content[start...])
        }
        if case .delivery(let delivery) = fault { reply.delivery = delivery }
        return reply
    }

    private func file(named name: String) -> TestFile? {
        state.withLock { $0.files.first { $0.name == name } }
    }

    private var listing: String {
        state.withLock { state in
            if let listing = state.listing { return listing }
            let siblings = state.files.map { file in
                var members = ["\"rfilename\": \"\(file.name)\"", "\"size\": \(file.content.count)"]
                if state.givesDigests { members.append("\"blobId\": \"\(file.gitBlob)\"") }
                if file.isLarge, state.givesDigests {
                    members.append("\"lfs\": {\"sha256\": \"\(file.sha256)\", \"size\": \(file.content.count)}")
                }
                return "{\(members.joined(separator: ", "))}"
            }
            return "{\"sha\": \"\(state.commit)\", \"siblings\": [\(siblings.joined(separator: ", "))]}"
        }
    }
}
