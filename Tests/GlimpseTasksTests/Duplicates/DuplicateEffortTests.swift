import GlimpseModels
import GlimpseTasks
import TestSupport
import Testing

/// That the work grows with the number of pictures, not with that of their pairs.
struct DuplicateEffortTests {
    @Test func comparisonsGrowNearlyLinearly() throws {
        let small = try album(count: 1000).find().effort
        let large = try album(count: 4000).find().effort
        // Four times the pictures have sixteen times the pairs.
        #expect(large.embeddingComparisons <= 5 * small.embeddingComparisons)
        // A hash meets those in its buckets, in eight orientations; a bucket holds one hash in 65,536 until there are many more.
        #expect(large.hashComparisons * 100 < 8 * 4000 * 3999 / 2)
        #expect(large.checkedPairs <= 8 * max(small.checkedPairs, 1000))
    }

    /// Blank pages all look the same: no reason to compare each with each.
    @Test func aThousandEqualPicturesAreOneGroup() throws {
        var album = Album()
        let page = TestPictures.scene(1, width: 32, height: 24)
        for number in 0..<1000 { album.add("\(number)", page, subject: 1, noise: 0) }
        let report = try album.find()
        #expect(report.groups.count == 1)
        #expect(report.groups.first?.members.count == 999)
        #expect(report.effort.checkedPairs < 1000 * 60)
    }

    /// The forest finds the neighbours that all pairs would.
    @Test func nearlyAllNeighborsAreFound() throws {
        var album = Album()
        for number in 0..<3000 { album.add("\(number)", subject: number / 2, noise: 0.3) }
        let groups = try album.find([.lookAlike]).groups
        let pairs = album.embeddings.indices.filter { index in
            index % 2 == 0 && album.embeddings[index].cosine(to: album.embeddings[index + 1]) >= 0.86
        }
        let found = Set(groups.flatMap(\.files).map(\.path))
        let missing = pairs.filter { !found.contains("\($0)") && !found.contains("\($0 + 1)") }
        #expect(pairs.count > 1000)
        #expect(missing.count * 100 <= pairs.count)
    }

    private func album(count: Int) -> Album {
        var album = Album()
        for number in 0..<count {
            album.add("\(number)", TestPictures.scene(number, width: 24, height: 18), subject: number)
        }
        return album
    }
}
