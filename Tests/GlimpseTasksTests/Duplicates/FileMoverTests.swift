import CFiles
import Foundation
import GlimpseTasks
import TestSupport
import Testing

/// Files change places whole, and nothing else changes.
struct FileMoverTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = try folder.write("picture", to: "1.jpg")
        try FileFacts.change(path, number: 1)
    }

    private func expectAMove(to target: String) throws {
        let before = try FileFacts(path)
        try FileMover.move(path, to: target)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "picture")
        #expect(try FileFacts(target) == before)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: target).deletingLastPathComponent().path(percentEncoded: false))
        #expect(names == ["1.jpg"], "nothing stays beside it")
    }

    /// - Parameter place: a folder with nothing in it.
    private func expectRefusals(in place: String) throws {
        let manager = FileManager.default
        let (file, link) = (place + "/1.jpg", place + "/2.jpg")
        try Data("mine".utf8).write(to: URL(filePath: file))
        // A name that is taken, but that looks free to who asks for what it leads to: as one that appears in between.
        try manager.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
        for target in [file, link] {
            #expect(throws: FileSystemError.self, "\(target)") { try FileMover.move(path, to: target) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "picture")
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        #expect(try manager.contentsOfDirectory(atPath: place).sorted() == ["1.jpg", "2.jpg"])
        #expect(try manager.destinationOfSymbolicLink(atPath: link) == "nowhere")
    }

    @Test func aFileMovesWithinADisk() throws { try expectAMove(to: folder.path("a/b/1.jpg")) }

    @Test func whatIsAtTheTargetStays() throws {
        let place = folder.path("place")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try expectRefusals(in: place)
    }

    #if os(Linux)
        @Test(.enabled(if: OtherDisk.isThere, "there is one file system only"))
        func aFileMovesToAnotherDisk() throws {
            try OtherDisk.with { disk in try expectAMove(to: disk + "/a/b/1.jpg") }
        }

        @Test(.enabled(if: OtherDisk.isThere, "there is one file system only"))
        func whatIsAtTheTargetOnAnotherDiskStays() throws {
            try OtherDisk.with { disk in try expectRefusals(in: disk) }
        }

        @Test(.enabled(if: OtherDisk.isThere, "there is one file system only"))
        func aTargetThatAppearsMeanwhileStays() throws {
            let large = try folder.write(Data(count: 32 << 20), to: "large.jpg")
            for _ in 0..<20 {
                let isDecided = try OtherDisk.with { disk in try expectARefusal(of: large, in: disk) }
                if isDecided { return }
            }
            Issue.record("no target could be made while the file was copied")
        }

        /// Moves a file while somebody takes the target.
        ///
        /// - Returns: False when the file was there first, as may happen on a busy machine; it is back then.
        private func expectARefusal(of path: String, in place: String) throws -> Bool {
            let target = place + "/1.jpg"
            let group = DispatchGroup()
            DispatchQueue(label: "somebody else").async(group: group) {
                Self.take(target, onceSomethingIsIn: place)
            }
            let moved = Result { try FileMover.move(path, to: target) }
            group.wait()
            guard try Data(contentsOf: URL(filePath: target)) == Data("mine".utf8) else {
                try FileMover.move(target, to: path)
                return false
            }
            #expect(throws: FileSystemError.self) { try moved.get() }
            #expect(try Data(contentsOf: URL(filePath: path)).count == 32 << 20)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["1.jpg"])
            return true
        }

        /// Makes a file where there is none, as soon as its folder is not empty: something is copied into it then.
        private static func take(_ target: String, onceSomethingIsIn folder: String) {
            let end = Date.now + 10
            while Date.now < end, (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty != false {}
            let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            _ = write(descriptor, "mine", 4)
            close(descriptor)
        }
    #endif

    @Test func aRenameCanBeAskedToReplaceNothing() throws {
        let other = try folder.write("mine", to: "2.jpg")
        let status = cfiles_rename_exclusively(path, other)
        let reason = errno
        #expect(status == -1 && reason == EEXIST)
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "mine")
        #expect(cfiles_rename_exclusively(path, folder.path("3.jpg")) == 0)
        #expect(try folder.names.sorted() == ["2.jpg", "3.jpg"])
    }
}

#if os(Linux)
    /// A folder in memory, which is another file system than that of temporary files as a rule.
    private enum OtherDisk {
        /// Makes one for `body`, and takes it away whatever happens.
        static func with<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
            let path = "/dev/shm/glimpse-test-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            defer {
                do {
                    try FileManager.default.removeItem(atPath: path)
                } catch {
                    Issue.record("cannot remove \(path): \(error)")
                }
            }
            return try body(path)
        }

        static var isThere: Bool {
            let temporary = FileManager.default.temporaryDirectory.path(percentEncoded: false)
            let areTwo = try? with { path -> Bool in
                var (one, other) = (stat(), stat())
                return stat(path, &one) == 0 && stat(temporary, &other) == 0 && one.st_dev != other.st_dev
            }
            return areTwo ?? false
        }
    }
#endif
