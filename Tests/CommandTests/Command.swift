import Foundation
import TestSupport

/// What a command left behind.
struct Outcome: Sendable, CustomStringConvertible {
    /// The exit status; 128 + the signal for a process that a signal ended, as shells count.
    let status: Int32
    /// Standard output.
    let output: Data
    /// Standard error.
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
    var description: String { "status \(status), output: \(text.prefix(500)), errors: \(errors)" }
}

/// The built `glimpse`, run as people run it.
enum Command {
    static let executable = Fixtures.package.appending(path: ".build/release/glimpse")

    /// Runs it to its end.
    static func run(
        _ arguments: String..., input: String = "", output: FileHandle? = nil, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await run(arguments, input: input, output: output, environment: environment)
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], input: String = "", output: FileHandle? = nil, environment: [String: String] = [:]
    ) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let input = try FileHandle(forReadingFrom: URL(filePath: folder.write(Data(input.utf8), to: "input")))
        return try await RunningCommand(arguments, input: input, output: output, environment: environment).outcome()
    }
}

/// A `glimpse` that is under way. Its outputs go to files, so that it never waits for a reader.
final class RunningCommand {
    let processIdentifier: Int32
    private let process = Process()
    private let folder: TemporaryFolder
    private let end: AsyncStream<Never>

    /// Starts it.
    ///
    /// - Parameters:
    ///   - input: a `FileHandle` or `Pipe`; nothing to read when left out.
    ///   - output: a `FileHandle` or `Pipe` in place of the file.
    ///   - environment: beside what the tests themselves have; a cache of its own unless it is named here.
    init(
        _ arguments: [String], input: Any? = nil, output: Any? = nil, environment: [String: String] = [:]
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let paths = try ["output", "errors"].map { try folder.write(Data(), to: $0) }
        process.executableURL = Command.executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["XDG_CACHE_HOME": folder.path("cache")]) { $1 }.merging(environment) { $1 }
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = try output ?? FileHandle(forWritingTo: URL(filePath: paths[0]))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: paths[1]))
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        end = stream
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        processIdentifier = process.processIdentifier
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { kill(processIdentifier, signal) }

    /// Sends a signal once something is so, and some time more. From a thread of its own, which the processor takes turns
    /// with however long other tests keep those of tasks busy; given up after a minute.
    func send(_ signal: Int32, seconds: Double = 0, once condition: @escaping @Sendable () throws -> Bool) {
        let process = processIdentifier
        Thread.detachNewThread {
            let end = Date.now + 60
            while Date.now < end, (try? condition()) != true { Thread.sleep(forTimeInterval: 0.005) }
            Thread.sleep(forTimeInterval: seconds)
            kill(process, signal)
        }
    }

    /// Waits for its end.
    func outcome() async throws -> Outcome {
        for await _ in end {}
        let status = process.terminationStatus
        return Outcome(
            status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
            output: try Data(contentsOf: folder.url.appending(path: "output")),
            errors: String(decoding: try Data(contentsOf: folder.url.appending(path: "errors")), as: UTF8.self))
    }
}

/// A program that talks with `glimpse` a line at a time.
final class Conversation {
    let command: RunningCommand
    private let input = Pipe()
    private let output = Pipe()
    private var received = Data()

    struct NoAnswer: Error {}

    /// A program that is gone must fail a test, not end the tests by a signal.
    private static let brokenPipesAreErrors: Void = { signal(SIGPIPE, SIG_IGN) }()

    init(_ arguments: String...) throws {
        Self.brokenPipesAreErrors
        command = try RunningCommand(arguments, input: input, output: output)
    }

    func say(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// The next line of the answer, which must come within 20 seconds.
    func answer() throws -> String {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received = Data(received[(end + 1)...]) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            var request = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, 20_000) > 0 else { throw NoAnswer() }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw NoAnswer() }
            received += more
        }
    }

    func stopTalking() throws { try input.fileHandleForWriting.close() }
    func stopListening() throws { try output.fileHandleForReading.close() }
}
