import GlimpseMedia

/// A picture as sixels: bands of six rows, a pass for each colour of a fixed palette of 6 × 6 × 6.
struct Sixels {
    /// The control sequence that shows the picture.
    let text: String

    private static let levels = 6

    init(_ picture: Pixels) {
        var text = "\u{1B}Pq\"1;1;\(picture.width);\(picture.height)"
        for color in 0..<Self.levels * Self.levels * Self.levels {
            let parts = [color / 36, color / 6 % 6, color % 6].map { $0 * 100 / (Self.levels - 1) }
            text += "#\(color);2;\(parts[0]);\(parts[1]);\(parts[2])"
        }
        let colors = Self.dithered(picture)
        for top in stride(from: 0, to: picture.height, by: 6) {
            let rows = top..<min(top + 6, picture.height)
            var columns: [Int: [UInt8]] = [:]
            for row in rows {
                for x in 0..<picture.width {
                    columns[colors[row * picture.width + x], default: Array(repeating: 0, count: picture.width)][x] |=
                        1 << UInt8(row - top)
                }
            }
            text += columns.sorted { $0.key < $1.key }.map { "#\($0.key)" + Self.runs($0.value) }.joined(separator: "$")
            text += "-"
        }
        self.text = text + "\u{1B}\\"
    }

    /// The palette's nearest colours, with what is missed passed on to the neighbours (Floyd and Steinberg, 1976).
    private static func dithered(_ picture: Pixels) -> [Int] {
        let (width, height) = (picture.width, picture.height)
        var values = picture.withUnsafeBytes { $0.map(Float.init) }
        var colors = [Int](repeating: 0, count: width * height)
        let step = 255 / Float(levels - 1)
        for y in 0..<height {
            for x in 0..<width {
                var color = 0
                for channel in 0..<3 {
                    let index = (y * width + x) * 3 + channel
                    let level = min(Float(levels - 1), max(0, (values[index] / step).rounded()))
                    let error = values[index] - level * step
                    color = color * levels + Int(level)
                    for (right, down, share) in [(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)] {
                        guard (0..<width).contains(x + right), y + down < height else { continue }
                        values[((y + down) * width + x + right) * 3 + channel] += error * Float(share) / 16
                    }
                }
                colors[y * width + x] = color
            }
        }
        return colors
    }

    /// A row of sixels, repeated ones counted.
    private static func runs(_ sixels: [UInt8]) -> String {
        var text = ""
        var index = 0
        while index < sixels.count {
            var end = index
            while end < sixels.count, sixels[end] == sixels[index] { end += 1 }
            let character = String(Unicode.Scalar(sixels[index] + 63))
            text += end - index > 3 ? "!\(end - index)\(character)" : String(repeating: character, count: end - index)
            index = end
        }
        return text
    }
}
