import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

/// Records that anyone may have written: none gets into a library that could stop it later.
@Suite struct TransferTests {
    private let temporary: TemporaryFolder
    private let library: MediaLibrary
    private let model = ModelIdentity.sample()
    private let record: LibraryRecord

    init() throws {
        temporary = try TemporaryFolder()
        library = try temporary.library()
        let source = try MediaLibrary(folder: temporary.url.appending(path: "source"))
        try source.record([.sample(1, model)], model: model)
        var records: [LibraryRecord] = []
        try source.exportRecords { records.append($0) }
        record = try #require(records.first)
    }

    /// The record with something else in it.
    private func changed(_ change: (inout LibraryRecord) -> Void) -> LibraryRecord {
        var record = record
        change(&record)
        return record
    }

    private func expectRefusal(_ wrong: LibraryRecord, _ code: LibraryError.Code) throws {
        let error = #expect(throws: LibraryError.self) { try library.importRecords([record, wrong]) }
        #expect(error?.code == code, "\(error?.description ?? "")")
        #expect(error?.location == wrong.files[0].path)
        #expect(try library.statistics().contentCount == 0)
    }

    @Test func vectorsThatCannotBeAreRefusedWithTheirRecord() throws {
        try expectRefusal(changed { $0.vectors[0].values.removeLast() }, .invalidVector)
        try expectRefusal(changed { $0.vectors[0].values.removeAll() }, .invalidVector)
        try expectRefusal(
            changed { $0.vectors[0].values.replaceSubrange(0..<4, with: [0, 0, 0x80, 0x7F]) }, .invalidVector)
    }

    @Test func aDigestThatIsNoneIsRefused() throws {
        try expectRefusal(changed { $0.sha256 = "abc" }, .invalidRecord)
    }

    @Test(arguments: [-1, (1 << 40) + 1, .max, .min] as [Int64])
    func lengthsThatCannotBeAreRefused(byteCount: Int64) throws {
        try expectRefusal(changed { $0.byteCount = byteCount }, .invalidRecord)
        try expectRefusal(changed { $0.files[0].byteCount = byteCount }, .invalidRecord)
    }

    @Test(arguments: [-1, (1 << 30) + 1, .max, .min] as [Int]) func sizesThatCannotBeAreRefused(side: Int) throws {
        try expectRefusal(changed { $0.width = side }, .invalidRecord)
        try expectRefusal(changed { $0.height = side }, .invalidRecord)
    }

    @Test(arguments: [.max, .min, 253_402_300_800, -62_135_596_801] as [Int64])
    func timesThatCannotBeAreRefused(time: Int64) throws {
        try expectRefusal(changed { $0.capturedAt = time }, .invalidRecord)
    }

    @Test(arguments: ["", "/", "1.jpg", "./1.jpg", "/a/../1.jpg", "/a/./1.jpg", "/a//1.jpg", "/a/1.jpg/", "/a\0/1.jpg"])
    func pathsThatNoScanGivesAreRefused(path: String) throws {
        try expectRefusal(changed { $0.files[0].path = path }, .invalidRecord)
    }

    @Test func theLeastAndTheGreatestNumbersAreTaken() throws {
        let greatest = changed {
            $0.sha256 = ContentHash.sample("greatest").description
            $0.width = 1 << 30
            $0.height = 1 << 30
            $0.byteCount = 1 << 40
            $0.capturedAt = 253_402_300_799
            $0.files[0].path = "/..a/.b./greatest.jpg"
        }
        let least = changed {
            $0.width = 0
            $0.height = 0
            $0.byteCount = 0
            $0.capturedAt = -62_135_596_800
        }
        try library.importRecords([greatest, least])
        #expect(try library.statistics().contentByteCount == 1 << 40)
        let contents = try library.contents()
        #expect(contents.map(\.description.width).sorted() == [0, 1 << 30])
        #expect(contents.compactMap(\.description.capturedAt).sorted() == [-62_135_596_800, 253_402_300_799])
    }

    @Test func aPlaceIsOnTheEarth() throws {
        let text = #"{"latitude":-48.5,"longitude":2.25}"#
        let point = try JSONDecoder().decode(GeographicPoint.self, from: Data(text.utf8))
        #expect(point == GeographicPoint(latitude: -48.5, longitude: 2.25))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(point), as: UTF8.self) == text)
        for (latitude, longitude) in [(91, 0), (-91, 0), (0, 181), (0, -181), (1e300, 0)] as [(Double, Double)] {
            let wrong = Data(#"{"latitude":\#(latitude),"longitude":\#(longitude)}"#.utf8)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(GeographicPoint.self, from: wrong) }
        }
    }

    @Test func whatEndsAnExportIsTold() throws {
        struct Full: Error {}
        try library.importRecords([record])
        #expect(throws: Full.self) { try library.exportRecords { _ in throw Full() } }
        try library.pool.write { try $0.execute(sql: "DROP TABLE embedding") }
        let error = #expect(throws: LibraryError.self) { try library.exportRecords { _ in } }
        #expect(error?.code == .database)
    }
}
