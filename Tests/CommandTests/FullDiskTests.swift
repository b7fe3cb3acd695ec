import Foundation
import TestSupport
import Testing

/// A small file system in memory. Only root can make one.
struct SmallDisk {
    let path: String

    private struct Refused: Error {}

    /// Makes one for `body`, and takes it away whatever happens.
    static func with(size: String, _ body: (SmallDisk) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard run("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path) else { throw Refused() }
        // Detached even where something still uses it: no test may leave a mount behind.
        defer { if !run("umount", "--lazy", path) { Issue.record("cannot unmount \(path)") } }
        try await body(SmallDisk(path: path))
    }

    static func canBeMade() async -> Bool {
        do {
            try await with(size: "64k") { _ in }
            return true
        } catch {
            return false
        }
    }

    func grow(to size: String) throws {
        guard Self.run("mount", "-o", "remount,size=\(size)", path) else { throw Refused() }
    }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return false
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// A disk that fills up while a library on it grows.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled("a small file system can only be mounted by root", { await SmallDisk.canBeMade() }))
struct FullDiskTests {
    private let workplace: Workplace
    private let model: String

    init() throws {
        workplace = try Workplace()
        model = try workplace.tinyModel()
    }

    @Test func aLibraryOnAFullDiskKeepsWhatItHasAndGoesOnLater() async throws {
        try await SmallDisk.with(size: "1m") { disk in
            let options = ["--model", model, "--library", disk.path + "/library"]
            let count = 4000
            let pictures = try workplace.writeCopies(count)
            let first = try await Command.run(["index"] + pictures.prefix(20) + options)
            try #require(first.status == 0, "\(first)")

            let full = try await Command.run(["index", workplace.pictures] + options)
            expectFailure(
                full, status: 1, says: disk.path, "the disk is full", "Free space", "what was indexed is kept")

            let search = ["search", pictures[0], "--top", "10000", "--format", "jsonl"] + options
            let kept = try await Command.run(search)
            #expect(kept.status == 0 && kept.errors.isEmpty, "\(kept)")
            let paths = Set(try Match.lines(kept.text).flatMap(\.paths))
            #expect(paths.isSuperset(of: pictures.prefix(20)) && paths.count < count)

            try disk.grow(to: "64m")
            let rest = try await Command.run(["index", workplace.pictures] + options)
            #expect(rest.status == 0 && rest.errors.contains("\(paths.count.formatted()) unchanged"), "\(rest)")
            #expect(try Match.lines(try await Command.run(search).text).count == count)
        }
    }

    @Test func aDiskTooSmallForALibrarySaysSo() async throws {
        try await SmallDisk.with(size: "32k") { disk in
            try workplace.writeCopies(3)
            let outcome = try await Command.run(
                "index", workplace.pictures, "--model", model, "--library", disk.path + "/library")
            expectFailure(outcome, status: 1, says: disk.path, "full", "Free space")
        }
    }

    @Test func vectorsThatDoNotFitAreAnError() async throws {
        try await SmallDisk.with(size: "32k") { disk in
            let array = disk.path + "/vectors.npy"
            let lines = (0..<1000).map { "number \($0)" }.joined(separator: "\n")
            let outcome = try await Command.run("embed", "--text", "--model", model, "--output", array, input: lines)
            expectFailure(outcome, status: 1, says: array, "No space left on device")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty, "nothing half-written stays")
        }
    }
}
