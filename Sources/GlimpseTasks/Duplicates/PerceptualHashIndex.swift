internal import GlimpseMedia

/// Finds hashes that differ in a few bits without comparing all with all: multi-index hashing.
///
/// A hash is filed under each of its four 16-bit bands. Two hashes that differ in at most 7 bits differ by at most one bit in
/// some band, and so meet when a band and its 16 neighbours are looked up; of those that differ in more bits most meet too
/// (Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012).
struct PerceptualHashIndex: Sendable {
    private static let bandCount = 4
    private static let bandWidth = 16
    private static let keyCount = 1 << bandWidth
    /// So many entries of a bucket are looked at, and so many pictures with the same hash: where thousands share one (blank pages),
    /// not all pairs of them are wanted.
    private static let bucketLimit = 128
    private static let sharerLimit = 32

    /// The distinct hashes, ascending.
    private let hashes: [UInt64]
    /// Pictures by hash: those of `hashes[i]` are `pictures[pictureStarts[i]..<pictureStarts[i + 1]]`, ascending.
    private let pictures: [Int32]
    private let pictureStarts: [Int32]
    /// Per band, hashes by key: indices into `hashes`.
    private let bands: [Band]

    fileprivate struct Band: Sendable {
        /// [keyCount + 1].
        let starts: [Int32]
        let entries: [Int32]
    }

    /// Files pictures under their hashes.
    ///
    /// - Complexity: O(n log n).
    init(_ entries: [(picture: Int, hash: PerceptualHash)]) {
        let sorted = entries.map { ($0.hash.bits, Int32($0.picture)) }.sorted(by: <)
        var hashes: [UInt64] = []
        var starts: [Int32] = []
        for (position, entry) in sorted.enumerated() where entry.0 != hashes.last || position == 0 {
            hashes.append(entry.0)
            starts.append(Int32(position))
        }
        starts.append(Int32(sorted.count))
        self.hashes = hashes
        pictures = sorted.map(\.1)
        pictureStarts = starts
        bands = (0..<Self.bandCount).map {
            Band(hashes: hashes, shift: UInt64($0 * Self.bandWidth), keyCount: Self.keyCount)
        }
    }

    /// Visits pictures below `limit` whose hash is within a distance, each once.
    ///
    /// - Returns: how many hashes were compared.
    func visit(
        near hash: PerceptualHash, within distance: Int, below limit: Int,
        _ body: (_ picture: Int, _ distance: Int) -> Void
    ) -> Int {
        var compared = 0
        for band in 0..<Self.bandCount {
            let key = Int(truncatingIfNeeded: hash.bits >> UInt64(band * Self.bandWidth)) & (Self.keyCount - 1)
            for probe in 0...Self.bandWidth {
                let probedKey = probe == 0 ? key : key ^ (1 << (probe - 1))
                let start = Int(bands[band].starts[probedKey])
                let end = min(Int(bands[band].starts[probedKey + 1]), start + Self.bucketLimit)
                compared += end - start
                for position in start..<end {
                    let entry = Int(bands[band].entries[position])
                    let difference = hash.bits ^ hashes[entry]
                    guard difference.nonzeroBitCount <= distance, !meets(difference, before: band) else { continue }
                    visitPictures(of: entry, below: limit) { body($0, difference.nonzeroBitCount) }
                }
            }
        }
        return compared
    }

    /// Whether hashes with this difference met in an earlier band.
    private func meets(_ difference: UInt64, before band: Int) -> Bool {
        for earlier in 0..<band {
            let bits = (difference >> UInt64(earlier * Self.bandWidth)) & UInt64(Self.keyCount - 1)
            if bits.nonzeroBitCount <= 1 { return true }
        }
        return false
    }

    /// Of pictures that share a hash, the first and those just below the limit: they lead to each other.
    private func visitPictures(of entry: Int, below limit: Int, _ body: (Int) -> Void) {
        let first = Int(pictureStarts[entry])
        var end = Int(pictureStarts[entry + 1])
        if end - first > Self.sharerLimit {
            var lower = first
            while lower < end {
                let middle = (lower + end) / 2
                if Int(pictures[middle]) < limit { lower = middle + 1 } else { end = middle }
            }
        }
        let start = max(first, end - Self.sharerLimit)
        if start > first { body(Int(pictures[first])) }
        for position in start..<end where Int(pictures[position]) < limit { body(Int(pictures[position])) }
    }
}

extension PerceptualHashIndex.Band {
    /// Sorts the hashes into buckets by one band (counting sort).
    fileprivate init(hashes: [UInt64], shift: UInt64, keyCount: Int) {
        func key(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> shift) & (keyCount - 1) }
        var starts = [Int32](repeating: 0, count: keyCount + 1)
        for hash in hashes { starts[key(hash) + 1] += 1 }
        for key in 0..<keyCount { starts[key + 1] += starts[key] }
        var next = starts
        var entries = [Int32](repeating: 0, count: hashes.count)
        for (index, hash) in hashes.enumerated() {
            entries[Int(next[key(hash)])] = Int32(index)
            next[key(hash)] += 1
        }
        self.init(starts: starts, entries: entries)
    }
}
