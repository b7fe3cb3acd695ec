internal import GlimpseTensor

/// Cuts rows in two so that near ones mostly stay together.
struct TreeCutter: Sendable {
    let rows: EmbeddingRows
    /// Trees with different seeds cut differently.
    let seed: UInt64

    /// The two clusters are those of so many rows, after so many rounds of k-means.
    private static let sampleCount = 24
    private static let rounds = 3
    /// A cut that leaves a smaller part than one in so many is replaced by one at the median: the depth is O(log n).
    private static let smallestPart = 8

    /// Reorders the members of a part so that one side of the cut comes first.
    ///
    /// - Returns: where the other side begins; both have at least one member.
    /// - Precondition: the part has at least two members.
    /// - Complexity: O(members · dimension).
    func cut(_ members: UnsafeMutableBufferPointer<Int32>, _ part: Range<Int>) -> Int {
        var random = SeededRandom(seed: seed << 40 ^ UInt64(part.lowerBound) << 20 ^ UInt64(part.count))
        let plane = plane(members, part, &random)
        var places = part.map { index in
            (place: rows.dot(Int(members[index]), plane.normal) - plane.offset, member: members[index])
        }
        let below = places.count(where: { $0.place < 0 })
        if min(below, places.count - below) * Self.smallestPart >= places.count {
            var (low, high) = (part.lowerBound, part.lowerBound + below)
            for (place, member) in places {
                if place < 0 {
                    members[low] = member
                    low += 1
                } else {
                    members[high] = member
                    high += 1
                }
            }
            return part.lowerBound + below
        }
        places.sort { $0.place != $1.place ? $0.place < $1.place : $0.member < $1.member }
        for (index, place) in zip(part, places) { members[index] = place.member }
        return part.lowerBound + part.count / 2
    }

    /// The hyperplane halfway between the means of two clusters of a sample: x · normal = offset.
    private func plane(
        _ members: UnsafeMutableBufferPointer<Int32>, _ part: Range<Int>, _ random: inout SeededRandom
    ) -> (normal: [Float], offset: Float) {
        let sample = (0..<min(Self.sampleCount, part.count)).map { _ in
            Int(members[Int.random(in: part, using: &random)])
        }
        let other = sample.first { rows.cosine($0, sample[0]) < 0.9999 } ?? sample[sample.count - 1]
        var means = [values(sample[0]), values(other)]
        var plane = Self.plane(between: means)
        for _ in 0..<Self.rounds {
            var sums = [[Float]](repeating: [Float](repeating: 0, count: rows.dimension), count: 2)
            var counts: [Float] = [0, 0]
            for row in sample {
                let side = rows.dot(row, plane.normal) < plane.offset ? 0 : 1
                counts[side] += 1
                let values = values(row)
                for column in values.indices { sums[side][column] += values[column] }
            }
            for side in 0..<2 where counts[side] > 0 { means[side] = sums[side].map { $0 / counts[side] } }
            plane = Self.plane(between: means)
        }
        return plane
    }

    private static func plane(between means: [[Float]]) -> (normal: [Float], offset: Float) {
        var offset: Float = 0
        let normal = zip(means[1], means[0]).map { high, low in
            offset += (high * high - low * low) / 2
            return high - low
        }
        return (normal, offset)
    }

    private func values(_ row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: rows.dimension) { values, count in
            if let start = values.baseAddress { rows.copy(row, to: start) }
            count = rows.dimension
        }
    }
}
