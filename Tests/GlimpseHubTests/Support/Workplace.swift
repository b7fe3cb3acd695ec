import Foundation
import GlimpseHub
import NIOSSL
import Synchronization
import TestServer
import TestSupport
import Testing

/// A hub, and a cache in a folder that is removed with it.
final class Workplace: Sendable {
    static let token = "hf_TopSecretToken42"

    let hub: TestHub
    let cache: URL
    private let folder: TemporaryFolder

    init(_ files: [TestFile], secured security: NIOSSLContext? = nil) async throws {
        hub = try await TestHub(files, secured: security)
        folder = try TemporaryFolder()
        cache = folder.url.appending(path: "cache")
    }

    /// Tries again almost at once. Time-outs stay as they are: on a busy machine any shorter one can pass by itself, and
    /// then a fault that was meant for one request is met by the next.
    static var policy: HubPolicy {
        var policy = HubPolicy()
        policy.firstDelay = .milliseconds(1)
        return policy
    }

    func settings(isOffline: Bool = false, token: String? = nil, cache: URL? = nil) throws -> HubSettings {
        try HubSettings(
            endpoint: hub.endpoint, token: try token.map { try HubToken($0) }, cache: cache ?? self.cache,
            isOffline: isOffline)
    }

    @discardableResult
    func pull(
        _ reference: String = "org/repo", files: HubSelection = .all, isOffline: Bool = false, token: String? = nil,
        cache: URL? = nil, policy: HubPolicy = Workplace.policy,
        progress: @escaping @Sendable (HubProgress) -> Void = { _ in }
    ) async throws -> HubSnapshot {
        try await Hub(settings: settings(isOffline: isOffline, token: token, cache: cache), policy: policy)
            .snapshot(of: HubReference(reference), files: files, progress: progress)
    }

    /// Where something of the test's repository is in the cache.
    func path(_ relative: String) -> String {
        cache.appending(path: "models--org--repo/\(relative)").path(percentEncoded: false)
    }

    func exists(_ relative: String) -> Bool {
        FileManager.default.fileExists(atPath: path(relative))
    }

    /// A cut after so many bytes, when all of them have arrived in a file's partial blob.
    func cut(_ file: TestFile, after count: Int, having total: Int? = nil) -> Fault {
        let path = path("blobs/\(file.blob).incomplete")
        return .delivery(
            .cut(after: count) {
                var information = stat()
                return stat(path, &information) == 0 && Int(information.st_size) >= total ?? count
            })
    }

    func write(_ bytes: [UInt8], to relative: String) throws {
        let url = URL(filePath: path(relative))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func link(_ relative: String, to target: String) throws {
        let url = URL(filePath: path(relative))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: url.path(percentEncoded: false), withDestinationPath: target)
    }

    /// The blobs that are there, whole or partial.
    func blobs() throws -> Set<String> {
        guard exists("blobs") else { return [] }
        return Set(try FileManager.default.contentsOfDirectory(atPath: path("blobs")))
    }
}

/// Bytes that look random and are the same each time.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 32)
    }
}

/// Collects what happens on other threads.
final class Recorder<Element: Sendable>: Sendable {
    private let storage = Mutex<[Element]>([])
    var elements: [Element] { storage.withLock { $0 } }
    func append(_ element: Element) { storage.withLock { $0.append(element) } }
}

/// Holds a snapshot's files against what they should be.
func expectContents(_ snapshot: HubSnapshot, _ files: [TestFile]) throws {
    #expect(snapshot.files.map(\.name).sorted() == files.map(\.name).sorted())
    for file in files {
        let content = try Data(contentsOf: snapshot.folder.appending(path: file.name))
        #expect(content == Data(file.content), "\(file.name)")
    }
}

/// Runs something that must fail with a `HubError`, and checks that no secret is in it.
func hubError(_ body: () async throws -> some Any) async throws -> HubError {
    do {
        _ = try await body()
    } catch let error as HubError {
        #expect(!"\(error) \(error.localizedDescription)".contains(Workplace.token), "the token is told")
        #expect(!"\(error)".contains("sesame"), "a signature is told")
        return error
    }
    throw Unexpected()
}

private struct Unexpected: Error {}
