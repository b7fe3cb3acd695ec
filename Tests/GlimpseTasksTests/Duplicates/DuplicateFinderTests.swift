import Foundation
import GlimpseMedia
import GlimpseTasks
import TestSupport
import Testing

/// What is found to be the same, and in which degree.
struct DuplicateFinderTests {
    @Test func filesWithTheSameBytesAreIdentical() throws {
        var album = Album()
        album.add("a.jpg", subject: 1, copies: ["b.jpg", "c.jpg"])
        album.add("d.jpg", subject: 2)
        let report = try album.find()
        #expect(report.paths(.identical) == [["a.jpg", "b.jpg", "c.jpg"]])
        #expect(report.groups.count == 1)
    }

    @Test func copiesAreFoundHoweverTheyWereMade() throws {
        var album = Album()
        for number in 0..<6 {
            let picture = TestPictures.scene(number)
            let decoder = ImageDecoder()
            album.add("\(number)/original", picture, subject: number)
            album.add(
                "\(number)/jpeg", try decoder.decode(picture.encodedJPEG(quality: 30), name: "jpeg"), subject: number)
            album.add("\(number)/small", picture.resized(width: 40, height: 30, filter: .bicubic), subject: number)
            album.add("\(number)/gray", TestPictures.gray(picture), subject: number)
            album.add("\(number)/dark", TestPictures.changing(picture) { $0 * 0.7 }, subject: number)
            album.add(
                "\(number)/marked", TestPictures.covering(picture, x: 120..<150, y: 100..<115, with: 255),
                subject: number)
            // The embedding of a turned picture is another one.
            album.add("\(number)/turned", picture.upright(from: .right), subject: 100 + number)
            album.add("\(number)/mirrored", picture.upright(from: .upMirrored), subject: 200 + number)
            album.add(
                "\(number)/cropped",
                TestPictures.scene(number, width: 120, height: 90, region: (0.15, 0.2, 0.75, 0.75)), subject: number)
            album.add(
                "\(number)/framed",
                TestPictures.framed(picture, width: 180, height: 300, x: 10, y: 80, level: 250), subject: number)
        }
        let report = try album.find()
        let names = ["cropped", "dark", "framed", "gray", "jpeg", "marked", "mirrored", "original", "small", "turned"]
        #expect(report.paths(.copy) == (0..<6).map { number in names.map { "\(number)/\($0)" } })
        #expect(report.groups.allSatisfy { $0.tier == .copy })
    }

    @Test func aMatchTellsWhatWasFound() throws {
        var album = Album()
        let picture = TestPictures.scene(1, width: 320, height: 240)
        album.add("original", picture, subject: 1)
        album.add("turned", picture.upright(from: .left).resized(width: 120, height: 160, filter: .bicubic), subject: 2)
        album.add("cropped", TestPictures.scene(1, width: 120, height: 90, region: (0.2, 0.2, 0.75, 0.75)), subject: 1)
        let report = try album.find()
        #expect(report.groups.first?.representative.path == "original")
        let turned = try #require(report.match("turned"))
        // What was turned to the left is upright again when it is turned to the right.
        #expect(turned.orientation == .right)
        #expect(turned.extent == .whole)
        #expect(try #require(turned.hashDistance) <= 4)
        let cropped = try #require(report.match("cropped"))
        guard case .part(let region) = cropped.extent else {
            Issue.record("the crop is \(cropped)")
            return
        }
        #expect(abs(region.x - 0.2) < 0.03 && abs(region.width - 0.75) < 0.03)
    }

    @Test func otherPicturesOfTheSameSubjectAreLookAlikes() throws {
        var album = Album()
        for number in 0..<12 { album.add("\(number)", TestPictures.scene(number), subject: number / 3, noise: 0.2) }
        let report = try album.find()
        #expect(report.paths(.copy).isEmpty)
        #expect(report.paths(.lookAlike) == [["0", "1", "2"], ["10", "11", "9"], ["3", "4", "5"], ["6", "7", "8"]])
        #expect(report.groups.allSatisfy { $0.tier == .lookAlike })
    }

    @Test func picturesTakenSecondsApartAreABurst() throws {
        var album = Album()
        for (number, second) in [0, 2, 4, 100, 103].enumerated() {
            album.add(
                "\(number)", TestPictures.scene(number), subject: 1, noise: 0.3,
                capturedAt: 1_700_000_000 + Int64(second))
        }
        album.add("elsewhere", TestPictures.scene(9), subject: 2, capturedAt: 1_700_000_001)
        let report = try album.find([.copy, .burst])
        #expect(report.paths(.burst) == [["0", "1", "2"], ["3", "4"]])
    }

    @Test func aBurstIsNoLongerThanItsRepresentativeReaches() throws {
        var album = Album()
        for number in 0..<40 { album.add("\(100 + number)", subject: 1, capturedAt: Int64(number * 4)) }
        let report = try album.find([.burst])
        #expect(!report.groups.isEmpty)
        for group in report.groups {
            for member in group.members { #expect(abs(try #require(member.match.secondsLater)) <= 10) }
        }
    }

    /// Two exposures of one scene from a tripod are as like as copies, but a copy has the time of its original.
    @Test func picturesTakenAtDifferentTimesAreNoCopies() throws {
        var album = Album()
        album.add("first", TestPictures.scene(1), subject: 1, capturedAt: 100)
        album.add("second", TestPictures.scene(1, width: 161), subject: 1, capturedAt: 103)
        album.add("stripped", TestPictures.scene(1, width: 150), subject: 1)
        let copies = try album.find().paths(.copy)
        #expect(copies.count == 1)
        #expect(copies.first?.count == 2)
        #expect(copies.first?.contains("stripped") == true)
    }

    @Test func framesOfTheSameSecondAreNoCopies() throws {
        var album = Album()
        let scene = TestPictures.scene(1)
        album.add("frame", scene, subject: 1, capturedAt: 100)
        album.add(
            "next frame", TestPictures.covering(scene, x: 20..<40, y: 60..<80, with: 30), subject: 1, capturedAt: 100)
        album.add("shrunk", scene.resized(width: 80, height: 60, filter: .bicubic), subject: 1, capturedAt: 100)
        let report = try album.find()
        #expect(report.paths(.copy) == [["next frame", "shrunk"]])
        #expect(report.paths(.burst).first?.contains("frame") == true)
    }

    @Test func everyMemberMatchesTheRepresentative() throws {
        // On a circle each picture is like the next ones, and the first nothing like the middle.
        var album = Album()
        for step in 0..<120 {
            let angle = Float(step) / 120 * 2 * .pi
            var values = [Float](repeating: 0, count: Album.dimension)
            values[0] = sin(angle)
            values[1] = cos(angle)
            album.add("\(step)", embedding: values)
        }
        let report = try album.find([.lookAlike])
        #expect(report.groups.count > 3)
        for member in report.groups.flatMap(\.members) {
            #expect(member.match.similarity >= DuplicateOptions().lookAlikeSimilarity)
        }
        let paths = report.groups.flatMap(\.files).map(\.path)
        #expect(Set(paths).count == paths.count)
    }

    @Test func theOrderOfTheInputAndTheThreadsDoNotMatter() throws {
        var album = Album()
        for number in 0..<300 {
            album.add(
                "\(number)", TestPictures.scene(number / 3, width: 40 + number % 3, height: 30), subject: number / 7,
                noise: 0.4, capturedAt: number % 2 == 0 ? Int64(number) : nil)
        }
        let report = try album.find()
        #expect(report.groups.count > 50)
        #expect(try album.find(threadCount: 1) == report)
        for seed in 1...3 as ClosedRange<UInt64> { #expect(try album.shuffled(seed: seed).find() == report) }
    }

    @Test func withoutSignaturesThereAreStillLookAlikes() throws {
        var album = Album()
        album.add("a", subject: 1)
        album.add("b", TestPictures.scene(1), subject: 1)
        album.add("c", subject: 2)
        let report = try album.find()
        #expect(report.groups.map(\.tier) == [.lookAlike])
        #expect(report.paths(.lookAlike) == [["a", "b"]])
        #expect(report.match("a")?.correlation ?? report.match("b")?.correlation == nil)
    }

    @Test func onlyTheTiersThatWereAskedForAreFound() throws {
        var album = Album()
        album.add("a", TestPictures.scene(1), subject: 1, copies: ["a2"])
        album.add("b", TestPictures.scene(1, width: 80, height: 60), subject: 1)
        for tier in DuplicateTier.allCases {
            #expect(try album.find([tier]).groups.allSatisfy { $0.tier == tier })
        }
        #expect(try album.find([.identical]).groups.count == 1)
        #expect(try album.find([.copy]).groups.count == 1)
        #expect(try album.find([.burst]).groups.isEmpty)
        #expect(try album.find([]).groups.isEmpty)
    }

    @Test func nothingAmongNothing() throws {
        #expect(try Album().find().groups.isEmpty)
        var album = Album()
        album.add("only", TestPictures.scene(1), subject: 1)
        #expect(try album.find().groups.isEmpty)
    }
}
