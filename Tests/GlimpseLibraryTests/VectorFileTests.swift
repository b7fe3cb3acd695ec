import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

/// Whatever happens to the file of vectors, answers stay the same.
@Suite struct VectorFileTests {
    let temporary: TemporaryFolder
    let model: ModelIdentity
    let file: URL
    let expected: [SearchMatch]

    init() throws {
        temporary = try TemporaryFolder()
        let model = ModelIdentity.sample()
        self.model = model
        file = temporary.vectorFile(of: model)
        let library = try temporary.library()
        try library.record((0..<20).map { .sample($0, model) }, model: model)
        expected = try library.search(.sample(500, model), limit: 7)
    }

    /// The answer of a library that is opened anew and so reads the file.
    private func answer() throws -> [SearchMatch] { try temporary.library().search(.sample(500, model), limit: 7) }

    @Test func theFileIsUsedAsItIs() throws {
        let before = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? NSNumber
        #expect(try answer() == expected)
        let after = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? NSNumber
        #expect(before != nil && before == after)
    }

    @Test func aDeletedFileComesBack() throws {
        let bytes = try Data(contentsOf: file)
        try FileManager.default.removeItem(at: file)
        #expect(try answer() == expected)
        #expect(try Data(contentsOf: file) == bytes)
    }

    @Test func aTruncatedFileIsRebuilt() throws {
        let bytes = try Data(contentsOf: file)
        let lengths = Set(stride(from: 0, to: bytes.count, by: 41)).union([1, 127, 128, 129, 288, 320, bytes.count - 1])
        for length in lengths.sorted() {
            try bytes[..<length].write(to: file)
            #expect(try answer() == expected, "truncated to \(length) of \(bytes.count) bytes")
            #expect(try Data(contentsOf: file) == bytes, "truncated to \(length) of \(bytes.count) bytes")
        }
        try (bytes + [0]).write(to: file)
        #expect(try answer() == expected, "one byte too long")
    }

    @Test func aCorruptedHeaderOrIdIsNoticed() throws {
        let bytes = try Data(contentsOf: file)
        // The header takes 128 bytes, the 20 ids behind it 160.
        for offset in Array(0..<128) + Array(stride(from: 128, to: 288, by: 7)) {
            var corrupted = bytes
            corrupted[offset] ^= offset.isMultiple(of: 2) ? 0xFF : 0x01
            try corrupted.write(to: file)
            #expect(try answer() == expected, "byte \(offset)")
            #expect(try Data(contentsOf: file) == bytes, "byte \(offset)")
        }
    }

    @Test func aStaleFileIsCompletedInMemory() throws {
        let before = try Data(contentsOf: file)
        try temporary.library().record([.sample(500, model)], model: model)
        #expect(try answer().map(\.path) == [IndexedFile.path(500)] + expected.prefix(6).map(\.path))
        // A few new rows are not worth another file.
        #expect(try Data(contentsOf: file) == before)
    }

    @Test func aFileFarBehindIsWrittenAnew() throws {
        let library = try temporary.library()
        let before = try Data(contentsOf: file).count
        for start in stride(from: 1000, to: 4000, by: 300) {
            try library.record((start..<start + 300).map { .sample($0, model) }, model: model)
            #expect(
                try library.search(.sample(start + 299, model), limit: 1).first?.path == IndexedFile.path(start + 299))
        }
        #expect(try Data(contentsOf: file).count > before + 1024 * 64)
        let query = Embedding.sample(500, model)
        #expect(try temporary.library().search(query, limit: 30) == library.search(query, limit: 30))
    }

    @Test func aFileOfABackupsFutureIsNotBelieved() throws {
        let library = try temporary.library()
        let future = try Data(contentsOf: file)
        // The last picture is taken back and another recorded under the same embedding id, as after restoring a backup.
        try library.pool.write { db in
            try db.execute(
                sql: "DELETE FROM content WHERE sha256 = ?", arguments: [Data(ContentHash.sample("content 19").bytes)])
            try db.execute(sql: "UPDATE sqlite_sequence SET seq = seq - 1")
            try db.execute(sql: "UPDATE model SET generation = 0")
        }
        try library.record([.sample(500, model)], model: model)
        #expect(try Data(contentsOf: file) == future)
        #expect(try answer().first?.path == IndexedFile.path(500))
    }

    @Test func aFileOfAnotherLibraryIsNotBelieved() throws {
        let other = try TemporaryFolder()
        let library = try other.library()
        try library.record((100..<120).map { .sample($0, model) }, model: model)
        let query = Embedding.sample(500, model)
        let right = try library.search(query, limit: 7)
        try Data(contentsOf: file).write(to: other.vectorFile(of: model))
        #expect(try other.library().search(query, limit: 7) == right)
    }

    @Test func withoutAPlaceForTheFileVectorsStayInMemory() throws {
        try FileManager.default.removeItem(at: file.deletingLastPathComponent())
        try temporary.write("library/vectors", "a file where the folder should be")
        let library = try temporary.library()
        #expect(try library.search(.sample(500, model), limit: 7) == expected)
        try library.record([.sample(500, model)], model: model)
        #expect(try library.search(.sample(500, model), limit: 1).first?.path == IndexedFile.path(500))
    }

    @Test(arguments: ["", "../../../escape", "a/b", String(repeating: "f", count: 400), ".", "modèle"])
    func aFingerprintThatIsNoFileNameStaysInTheFolder(fingerprint: String) throws {
        let model = ModelIdentity(name: "odd", fingerprint: fingerprint, dimension: 8)
        let library = try temporary.library()
        try library.record([.sample(1, model)], model: model)
        #expect(try library.search(.sample(1, model), limit: 1).count == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
        #expect(names.filter { $0.hasSuffix(".f32") }.count == 2)
        #expect(names.allSatisfy { !$0.hasSuffix(".partial") })
    }
}
