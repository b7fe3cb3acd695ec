import Foundation
import GlimpseFormats
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    @Test func readsStoredAndDeflatedEntries() throws {
        let archive = try ZipArchive(path: fixture("plain.zip"))
        #expect(archive.entries.map(\.name) == ["stored.txt", "deflated.txt", "../up/é.txt", "empty"])
        let contents = try archive.entries.map { String(decoding: try archive.read($0, limit: 4000), as: UTF8.self) }
        #expect(contents == ["stored text", String(repeating: "deflated text ", count: 200), "name only", ""])
    }

    @Test func readsZip64Records() throws {
        let archive = try ZipArchive(path: fixture("zip64.zip"))
        #expect(try archive.read(archive.entry(named: "first"), limit: 100) == Data("first content".utf8))
        #expect(try archive.read(archive.entry(named: "second"), limit: 100) == Data("second content".utf8))
    }

    @Test func missingEntryIsNamed() throws {
        let archive = try ZipArchive(path: fixture("plain.zip"))
        #expect(!archive.contains("absent"))
        let error = try #require(throws: FormatError.self) { try archive.entry(named: "absent") }
        #expect(error.code == .missingEntry)
        #expect(error.location == "absent")
    }

    @Test func extractsOneEntry() throws {
        let archive = try ZipArchive(path: fixture("plain.zip"))
        try archive.extract(archive.entry(named: "deflated.txt"), to: directory.path("out.txt"), limit: 2800)
        #expect(try contents(of: directory.path("out.txt")).count == 2800)
        #expect(try directory.names == ["out.txt"])
    }

    @Test func contentBeyondTheLimitIsRefused() throws {
        let archive = try ZipArchive(path: fixture("bomb.zip"))
        let entry = try archive.entry(named: "bomb")
        #expect(try archive.read(entry, limit: 4_000_000).count == 4_000_000)
        let error = try #require(throws: FormatError.self) { try archive.read(entry, limit: 3_999_999) }
        #expect(error.code == .tooLarge)
    }

    @Test func contentBeyondTheAnnouncedSizeIsRefused() throws {
        var bytes = try contents(of: fixture("bomb.zip"))
        let directoryEntry = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        bytes.replaceSubrange(directoryEntry + 24..<directoryEntry + 28, with: [0, 1, 0, 0])
        let archive = try ZipArchive(path: try directory.write(bytes))
        let error = try #require(throws: FormatError.self) { try archive.read(archive.entries[0], limit: 1000) }
        #expect(error.code == .malformed)
        #expect(error.message.contains("longer than the 256 bytes"))
    }

    @Test(arguments: [0, 1])
    func wrongChecksumIsNoticed(_ index: Int) throws {
        var bytes = try contents(of: fixture("plain.zip"))
        let entries = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
        bytes[entries[index] + 16] ^= 1
        let archive = try ZipArchive(path: try directory.write(bytes, to: "damaged.zip"))
        let entry = archive.entries[index]
        let error = try #require(throws: FormatError.self) {
            try archive.extract(entry, to: directory.path("out"), limit: 4000)
        }
        #expect(error.code == .checksumMismatch)
        #expect(try directory.names == ["damaged.zip"])
    }

    @Test func repeatedNamesAreRefused() throws {
        let bytes = try contents(of: fixture("repeated.zip"))
        let error = try #require(throws: FormatError.self) { try ZipArchive(path: try directory.write(bytes)) }
        #expect(error.code == .malformed)
        #expect(error.location == "same")
    }

    @Test(arguments: ["plain.zip", "zip64.zip"])
    func everyTruncationThrows(_ name: String) throws {
        try expectEveryTruncationThrows(try contents(of: fixture(name)), in: directory) { try readEntries($0) }
    }

    @Test(arguments: ["plain.zip", "zip64.zip"])
    func changedBytesNeverCrash(_ name: String) throws {
        let bytes = try contents(of: fixture(name))
        let failures = try mutate(bytes, bytes.indices, in: directory) { try readEntries($0) }
        #expect(failures > bytes.count)
    }

    private func readEntries(_ path: String) throws {
        let archive = try ZipArchive(path: path)
        for entry in archive.entries { _ = try archive.read(entry, limit: 1 << 20) }
    }
}
