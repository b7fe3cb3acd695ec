import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import TestSupport
import Testing

/// Pictures like a given one, with the real model.
struct SimilarSearchTests {
    private let folder: TemporaryFolder
    private let library: MediaLibrary
    private let embedder: Embedder

    init() throws {
        folder = try TemporaryFolder()
        library = try MediaLibrary(folder: folder.url.appending(path: "library"))
        embedder = try Lite.embedder()
    }

    private func index() async throws {
        let cat = try ImageDecoder().decode(path: Fixtures.sample("chelsea.png"))
        try folder.write(try cat.encodedJPEG(quality: 40), to: "pictures/poor.jpg")
        try folder.write(
            try cat.cropped(x: 20, y: 15, width: cat.width - 40, height: cat.height - 30).encodedPNG(),
            to: "pictures/crop.png")
        try folder.write(try Data(contentsOf: URL(filePath: Fixtures.sample("chelsea.png"))), to: "pictures/same.png")
        try folder.write(try Data(contentsOf: URL(filePath: Fixtures.sample("coffee.png"))), to: "pictures/coffee.png")
        let indexer = try Indexer(library: library, model: embedder.model, workerCount: 2)
        let report = try await indexer.run(
            try FolderScan(roots: [folder.url.appending(path: "pictures").path(percentEncoded: false)]))
        #expect(report.embedded == 4)
    }

    private func tiers(like path: String) throws -> [String: DuplicateTier?] {
        let found = try SimilarSearch(library: library, embedder: embedder).pictures(like: path, limit: 10)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.match.score >= $1.match.score })
        return Dictionary(
            uniqueKeysWithValues: found.map { (URL(filePath: $0.match.path).lastPathComponent, $0.tier) })
    }

    @Test func aPictureFromOutsideFindsItsCopies() async throws {
        try await index()
        let tiers = try tiers(like: Fixtures.sample("chelsea.png"))
        #expect(tiers == ["same.png": .identical, "poor.jpg": .copy, "crop.png": .copy, "coffee.png": nil])
    }

    @Test func filesThatAreGoneMakeRoomForOthers() async throws {
        try await index()
        for name in ["poor.jpg", "crop.png"] {
            try FileManager.default.removeItem(at: folder.url.appending(path: "pictures/\(name)"))
        }
        let found = try SimilarSearch(library: library, embedder: embedder)
            .pictures(like: folder.path("pictures/same.png"), limit: 1)
        #expect(found.map(\.match.path) == [folder.path("pictures/coffee.png")])
    }

    @Test func aPictureOfTheLibraryDoesNotFindItself() async throws {
        try await index()
        let same = folder.url.appending(path: "pictures/same.png").path(percentEncoded: false)
        #expect(try tiers(like: same) == ["poor.jpg": .copy, "crop.png": .copy, "coffee.png": nil])
    }
}
