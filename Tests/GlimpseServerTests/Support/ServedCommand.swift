import Foundation
import NIOCore
import NIOPosix
import TestSupport

/// `glimpse serve` in a process of its own, which has a trash of its own and can be ended by a signal.
final class ServedCommand {
    let port: Int
    private let process = Process()
    private let end: AsyncStream<Never>

    struct DidNotStart: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts it for the library of a place; its trash and its caches are in the place's folder.
    init(at place: ServerPlace) async throws {
        let errors = try place.folder.write(Data(), to: "errors")
        process.executableURL = Fixtures.package.appending(path: ".build/release/glimpse")
        process.arguments = [
            "serve", "--port", "0", "--timeout", "200", "--library", place.folder.path("library"), "--model",
            ServerPlace.model,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "XDG_DATA_HOME": place.folder.path("data"), "XDG_CACHE_HOME": place.folder.path("cache"),
        ]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        end = stream
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        port = try await Self.port(of: process, errors)
    }

    deinit { if process.isRunning { process.terminate() } }

    /// The port it says it has.
    private static func port(of process: Process, _ errors: String) async throws -> Int {
        let start = ContinuousClock.now
        while process.isRunning, start.duration(to: .now) < .seconds(120) {
            let text = try String(contentsOfFile: errors, encoding: .utf8)
            if let match = text.firstMatch(of: /127\.0\.0\.1:(\d+)\//), let port = Int(match.output.1) { return port }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw DidNotStart(description: try String(contentsOfFile: errors, encoding: .utf8))
    }

    func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Whether new connections are taken.
    func isListening() async -> Bool {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        guard let channel = try? await bootstrap.connect(host: "127.0.0.1", port: port).get() else { return false }
        channel.close(promise: nil)
        return true
    }

    /// Tells it to end.
    func terminate() { process.terminate() }

    /// Waits for its end, and gives its exit status.
    func status() async -> Int32 {
        for await _ in end {}
        return process.terminationStatus
    }
}
