import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

/// Filters and meaning together: the best of what passes.
@Suite struct FilterTests {
    let temporary: TemporaryFolder
    let library: MediaLibrary
    let model = ModelIdentity.sample("filtered", dimension: 16)

    private static let second: Int64 = 1_000_000_000

    /// A picture whose number says all about it.
    private func picture(_ index: Int, _ description: ContentDescription, path: String? = nil) -> IndexedFile {
        IndexedFile(
            file: MediaFile(
                path: path ?? "/pictures/\(index).jpg", byteCount: Int64(index) * 1000,
                modifiedNanoseconds: Int64(index) * Self.second),
            outcome: .embedded(.sample("content \(index)"), .sample(index, model), description))
    }

    init() throws {
        temporary = try TemporaryFolder()
        library = try temporary.library()
        try library.record(
            [
                picture(
                    1,
                    ContentDescription(
                        width: 400, height: 300, capturedAt: 1000, camera: "Canon EOS 80D",
                        place: GeographicPoint(latitude: 48.858, longitude: 2.294))),
                picture(
                    2,
                    ContentDescription(
                        width: 300, height: 400, capturedAt: 2000, camera: "Pixel 8",
                        place: GeographicPoint(latitude: 48.853, longitude: 2.349))),
                picture(3, ContentDescription(width: 500, height: 500), path: "/pictures/trip/3.jpg"),
                picture(
                    4, ContentDescription(mediaType: .video, width: 1920, height: 1080), path: "/pictures/trip/4.mp4"),
                picture(
                    5,
                    ContentDescription(
                        width: 4000, height: 3000, camera: "canon powershot",
                        place: GeographicPoint(latitude: -17.7, longitude: 179.9)), path: "/pictures/trip-2/5.jpg"),
            ], model: model)
    }

    private func found(_ change: (inout SearchFilter) -> Void) throws -> Set<Int> {
        var filter = SearchFilter()
        change(&filter)
        let matches = try library.search(.sample(9, model), limit: 10, filter: filter)
        #expect(zip(matches, matches.dropFirst()).allSatisfy { $0.score >= $1.score })
        return Set(
            matches.compactMap { $0.path.split(separator: "/").last?.split(separator: ".").first.flatMap { Int($0) } })
    }

    @Test func withoutAFilterEverythingPasses() throws {
        #expect(try found { _ in } == [1, 2, 3, 4, 5])
    }

    @Test func foldersAreWholeNames() throws {
        #expect(try found { $0.under = ["/pictures/trip"] } == [3, 4])
        #expect(try found { $0.under = ["/pictures/trip", "/pictures/1.jpg"] } == [1, 3, 4])
        #expect(try found { $0.under = ["/"] } == [1, 2, 3, 4, 5])
        #expect(try found { $0.excluded = ["/pictures/trip"] } == [1, 2, 5])
        #expect(try found { $0.excluded = ["trip*"] } == [1, 2])
        #expect(try found { $0.excluded = ["*.mp4", "/pictures/?.jpg"] } == [3, 5])
    }

    @Test func theNewestComeFirstAndCanBePaged() throws {
        func newest(limit: Int = 10, offset: Int = 0, _ change: (inout SearchFilter) -> Void = { _ in }) throws
            -> [String]
        {
            var filter = SearchFilter()
            change(&filter)
            return try library.newestContents(passing: filter, limit: limit, offset: offset).map { $0.files[0].path }
        }
        // The cameras tell 2000 and 1000 seconds; of the others the time of the file counts, which is their number.
        let all = [
            "/pictures/2.jpg", "/pictures/1.jpg", "/pictures/trip-2/5.jpg", "/pictures/trip/4.mp4",
            "/pictures/trip/3.jpg",
        ]
        #expect(try newest() == all)
        #expect(try newest(limit: 2, offset: 1) == Array(all[1...2]))
        #expect(try newest(offset: 5).isEmpty)
        #expect(try newest { $0.under = ["/pictures/trip"] } == Array(all[3...4]))
        let paris = GeographicPoint(latitude: 48.86, longitude: 2.3)
        let near = try newest(offset: 1) { $0.near = paris.map { SearchFilter.Surroundings(center: $0, radius: 10) } }
        #expect(near == [all[1]])
    }

    @Test func aFileThatComesBackIsLinkedToItsContentAgain() throws {
        let path = try temporary.write("back.jpg")
        let hash = ContentHash.sample("content 1")
        try library.link(path: path, to: hash)
        #expect(try library.content(hash)?.files.map(\.path).sorted() == [path, "/pictures/1.jpg"].sorted())
        #expect(try library.content(hash)?.files.contains { $0.isUnchanged } == true)
        // Nothing is made of what is not there, or not known.
        try library.link(path: temporary.path("gone.jpg"), to: hash)
        try library.link(path: try temporary.write("other.jpg"), to: .sample("unknown"))
        #expect(try library.statistics().fileCount == 6)
    }

    @Test func aTimeIsTheCamerasElseTheFiles() throws {
        let moment = SearchFilter.Moment(cameraSeconds: 1500, fileNanoseconds: 4 * Self.second)
        #expect(try found { $0.since = moment } == [2, 4, 5])
        #expect(try found { $0.until = moment } == [1, 3])
        #expect(try found { ($0.since, $0.until) = (moment, moment) } == [])
    }

    @Test func camerasAreKnownByAnyPartOfTheirNames() throws {
        #expect(try found { $0.camera = "CANON" } == [1, 5])
        #expect(try found { $0.camera = "eos 80" } == [1])
        #expect(try found { $0.camera = "%" } == [])
    }

    @Test func placesAreCirclesOnTheEarth() throws {
        let tower = try #require(GeographicPoint(latitude: 48.8584, longitude: 2.2945))
        let beyond = try #require(GeographicPoint(latitude: -17.7, longitude: -179.9))
        #expect(try found { $0.near = .init(center: tower, radius: 1) } == [1])
        #expect(try found { $0.near = .init(center: tower, radius: 5) } == [1, 2])
        // Across the line where the degrees start over it is 21 km.
        #expect(try found { $0.near = .init(center: beyond, radius: 25) } == [5])
    }

    @Test func shapesAndSizes() throws {
        #expect(try found { $0.orientation = .portrait } == [2])
        #expect(try found { $0.orientation = .square } == [3])
        #expect(try found { $0.mediaType = .video } == [4])
        #expect(try found { $0.pixelCount = 250_000...2_100_000 } == [3, 4])
        #expect(try found { $0.byteCount = 4000...(.max) } == [4, 5])
        #expect(
            try found {
                $0.orientation = .landscape
                $0.camera = "canon"
                $0.under = ["/pictures/trip-2"]
            } == [5])
    }

    @Test func onlyThePathsThatPassAreShown() throws {
        try library.record(
            [IndexedFile(file: .sample("/copies/1.jpg"), outcome: .known(.sample("content 1")))], model: model)
        var filter = SearchFilter()
        filter.under = ["/copies"]
        #expect(try library.search(.sample(1, model), limit: 5, filter: filter).map(\.paths) == [["/copies/1.jpg"]])
        filter.under = []
        #expect(try library.search(.sample(1, model), limit: 1, filter: filter)[0].paths.count == 2)
    }

    @Test func theBestOfWhatPassesIsFoundHoweverFewPass() throws {
        let library = try TemporaryLibrary(count: 3000, model: model).library
        var filter = SearchFilter()
        filter.byteCount = 100...110
        let expected = try library.search(.sample(1, model), limit: 3000).filter { match in
            (100...110).contains(Int(match.path.split(separator: "/").last?.dropLast(4) ?? "") ?? 0)
        }
        #expect(expected.count == 11)
        #expect(try library.search(.sample(1, model), limit: 20, filter: filter) == expected)
        #expect(try library.search(.sample(1, model), limit: 4, filter: filter) == Array(expected.prefix(4)))
    }
}

/// A library of pictures whose lengths are their numbers.
private struct TemporaryLibrary {
    let folder: TemporaryFolder
    let library: MediaLibrary

    init(count: Int, model: ModelIdentity) throws {
        folder = try TemporaryFolder()
        library = try folder.library()
        try library.record(
            (0..<count).map { index in
                IndexedFile(
                    file: .sample(IndexedFile.path(index), byteCount: Int64(index)),
                    outcome: .embedded(
                        .sample("content \(index)"), .sample(index, model), ContentDescription(width: 1, height: 1)))
            }, model: model)
    }
}
