import Foundation
import GlimpseHub
import TestServer
import Testing

/// A small file system in memory. Only root can make one.
private enum SmallDisk {
    private struct Refused: Error {}

    /// Makes one for `body`, and takes it away whatever happens.
    static func with(kilobytes: Int, _ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "glimpse-hub-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path(percentEncoded: false)
        let isMounted = try run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path)
        defer {
            do {
                // Detached even where something still uses it: no test may leave a mount behind.
                if isMounted { _ = try run("umount", "--lazy", path) }
                try FileManager.default.removeItem(at: folder)
            } catch {
                Issue.record(error)
            }
        }
        guard isMounted else { throw Refused() }
        try await body(folder)
    }

    static func canBeMade() async -> Bool {
        do {
            try await with(kilobytes: 64) { _ in }
            return true
        } catch {
            return false
        }
    }

    private static func run(_ arguments: String...) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

@Suite(
    .timeLimit(.minutes(5)),
    .enabled("a small file system can only be mounted by root", { await SmallDisk.canBeMade() }))
struct FullDiskTests {
    private static let file = TestFile(name: "model.safetensors", content: noise(700_000), isLarge: true)

    @Test func aDiskThatIsTooSmallIsNoticedBeforeTheDownload() async throws {
        let workplace = try await Workplace([Self.file])
        try await SmallDisk.with(kilobytes: 512) { disk in
            let error = try await hubError { try await workplace.pull(cache: disk) }
            #expect(error.code == .diskFull && error.message.contains("needed"), "\(error)")
            #expect(error.location.map { $0.hasSuffix(disk.lastPathComponent) } == true)
            #expect(workplace.hub.log == ["listing"])
        }
    }

    @Test func aDiskThatFillsUpKeepsWhatCame() async throws {
        let workplace = try await Workplace([Self.file])
        try await SmallDisk.with(kilobytes: 1024) { disk in
            workplace.hub.fail("content model.safetensors", with: [.delivery(.trickle(pieces: 70))])
            let ballast = disk.appending(path: "ballast")
            let problems = Recorder<String>()
            let error = try await hubError {
                try await workplace.pull(cache: disk) { report in
                    guard report.step == .downloading, !FileManager.default.fileExists(atPath: ballast.path) else {
                        return
                    }
                    // Somebody else takes most of the room once the download runs.
                    do { try Data(count: 600 << 10).write(to: ballast) } catch { problems.append("\(error)") }
                }
            }
            #expect(problems.elements.isEmpty)
            #expect(
                error.code == .diskFull && error.remedy?.contains("what was downloaded is kept") == true, "\(error)")
            let partial = disk.appending(path: "models--org--repo/blobs/\(Self.file.blob).incomplete")
            let kept = try Data(contentsOf: partial).count
            #expect(kept > 100_000 && kept < 700_000)

            try FileManager.default.removeItem(at: ballast)
            try expectContents(try await workplace.pull(cache: disk), [Self.file])
            #expect(workplace.hub.log.last == "content model.safetensors bytes=\(kept)-")
        }
    }
}
