import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

@Suite struct OpeningTests {
    let temporary: TemporaryFolder
    let model = ModelIdentity.sample()

    init() throws { temporary = try TemporaryFolder() }

    private func errorOfOpening() throws -> LibraryError {
        try #require(throws: LibraryError.self) { try temporary.library() }
    }

    @Test func createsAFolderForTheUserAlone() throws {
        let library = try temporary.library()
        for (path, permissions) in [(library.folder, 0o700), (library.folder.appending(path: "library.sqlite"), 0o600)]
        {
            let attributes = try FileManager.default.attributesOfItem(atPath: path.path(percentEncoded: false))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == permissions)
        }
        #expect(try library.statistics().fileCount == 0)
    }

    @Test func keepsWhatWasRecorded() throws {
        try temporary.library().record([.sample(1, model)], model: model)
        let statistics = try temporary.library().statistics()
        #expect(statistics.fileCount == 1)
        #expect(statistics.models.map(\.model) == [model])
        #expect(statistics.models.map(\.embeddingCount) == [1])
    }

    @Test func startsFromAnEmptyFile() throws {
        try temporary.write("library/library.sqlite", "")
        try temporary.library().record([.sample(1, model)], model: model)
        #expect(try temporary.library().statistics().fileCount == 1)
    }

    @Test(arguments: [100, 4096, 100_000]) func saysThatGarbageIsCorrupt(byteCount: Int) throws {
        try temporary.write("library/library.sqlite", String(repeating: "garbage ", count: byteCount / 8))
        let error = try errorOfOpening()
        #expect(error.code == .corrupt)
        #expect(error.description.contains("library.sqlite"))
        #expect(error.description.contains("index again"))
    }

    @Test func saysWhenADamagedPageIsMet() throws {
        try temporary.library().record((0..<200).map { .sample($0, model) }, model: model)
        let path = temporary.libraryFolder.appending(path: "library.sqlite")
        var bytes = try Data(contentsOf: path)
        bytes.replaceSubrange(16384..., with: repeatElement(0xA5, count: bytes.count - 16384))
        try bytes.write(to: path)
        let error = try #require(throws: LibraryError.self) {
            let library = try temporary.library()
            _ = try library.search(.sample(1, model), limit: 3)
        }
        #expect(error.code == .corrupt)
    }

    @Test func refusesAFileInPlaceOfTheFolder() throws {
        try temporary.write("library")
        #expect(try errorOfOpening().code == .notADirectory)
    }

    @Test func refusesAFileOnTheWayToTheFolder() throws {
        let file = try temporary.write("file")
        let error = try #require(throws: LibraryError.self) {
            try MediaLibrary(folder: URL(filePath: file + "/library"))
        }
        #expect([.cannotOpen, .notADirectory].contains(error.code))
    }

    @Test func leavesAnotherProgramsDatabaseAlone() throws {
        try FileManager.default.createDirectory(at: temporary.libraryFolder, withIntermediateDirectories: true)
        let path = temporary.libraryFolder.appending(path: "library.sqlite")
        let other = try DatabaseQueue(path: path.path(percentEncoded: false))
        try other.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
        try other.close()
        let before = try Data(contentsOf: path)
        #expect(try errorOfOpening().code == .notALibrary)
        #expect(try Data(contentsOf: path) == before)
    }

    @Test func refusesANewerSchema() throws {
        let library = try temporary.library()
        try library.pool.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9 from later')")
        }
        let error = try errorOfOpening()
        #expect(error.code == .newerSchema)
        #expect(error.description.contains("Update Glimpse"))
    }

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, LibraryError.Code.diskFull, "Free space and run again; what was indexed is kept"),
        (.SQLITE_CORRUPT, .corrupt, "index again"),
        (.SQLITE_NOTADB, .corrupt, "index again"),
        (.SQLITE_BUSY, .locked, "Wait"),
        (.SQLITE_READONLY, .cannotOpen, "may write"),
        (.SQLITE_CANTOPEN, .cannotOpen, "may write"),
        (.SQLITE_IOERR_READ, .cannotOpen, "Check the disk"),
        (.SQLITE_CONSTRAINT, .database, "the database refused"),
    ])
    func translatesErrors(of result: ResultCode, into code: LibraryError.Code, advice: String) {
        let error = LibraryError(translating: DatabaseError(resultCode: result), at: "/a/library.sqlite")
        #expect(error.code == code)
        #expect(error.description.hasPrefix("/a/library.sqlite: "))
        #expect(error.description.contains(advice))
    }
}
