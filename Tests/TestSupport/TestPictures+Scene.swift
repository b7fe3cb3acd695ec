import Foundation
public import GlimpseMedia
import GlimpseTensor

extension TestPictures {
    /// A picture of soft discs before a gradient, another one for every number, sharp at every size.
    ///
    /// - Parameters:
    ///   - number: which scene.
    ///   - region: the part of the scene that is shown, as left, top, width and height, 0…1.
    public static func scene(
        _ number: Int, width: Int = 160, height: Int = 120,
        region: (x: Double, y: Double, width: Double, height: Double) = (0, 0, 1, 1)
    ) -> Pixels {
        let scene = Scene(number)
        var bytes: [UInt8] = []
        for row in 0..<height {
            let y = region.y + region.height * (Double(row) + 0.5) / Double(height)
            for column in 0..<width {
                let x = region.x + region.width * (Double(column) + 0.5) / Double(width)
                bytes += scene.color(x: x, y: y)
            }
        }
        return Pixels(width: width, height: height, bytes: bytes)
    }

    private struct Scene {
        private struct Disc {
            let x: Double
            let y: Double
            let radius: Double
            let color: [Double]
        }

        private let discs: [Disc]
        private let corner: [Double]
        private let slope: [Double]

        init(_ number: Int) {
            var random = SeededRandom(seed: UInt64(number))
            func draw(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
            corner = (0..<3).map { _ in draw(40...160) }
            slope = (0..<3).map { _ in draw(-60...60) }
            discs = (0..<24).map { _ in
                Disc(
                    x: draw(0...1), y: draw(0...1), radius: draw(0.03...0.2),
                    color: (0..<3).map { _ in draw(-110...110) })
            }
        }

        func color(x: Double, y: Double) -> [UInt8] {
            var color = zip(corner, slope).map { $0 + $1 * (x - y) }
            for disc in discs {
                let distance = ((x - disc.x) * (x - disc.x) + (y - disc.y) * (y - disc.y)) / (disc.radius * disc.radius)
                guard distance < 4 else { continue }
                let weight = exp(-distance * distance)
                for channel in 0..<3 { color[channel] += weight * disc.color[channel] }
            }
            return color.map { UInt8(min(max($0, 0), 255)) }
        }
    }

    /// The picture with every byte changed.
    public static func changing(_ pixels: Pixels, _ change: (_ level: Double) -> Double) -> Pixels {
        let bytes = pixels.withUnsafeBytes { $0.map { UInt8(min(max(change(Double($0)), 0), 255)) } }
        return Pixels(width: pixels.width, height: pixels.height, bytes: bytes)
    }

    /// The picture without colour.
    public static func gray(_ pixels: Pixels) -> Pixels {
        let bytes = pixels.withUnsafeBytes { rgb in
            stride(from: 0, to: rgb.count, by: 3).flatMap { index in
                let luma = 0.299 * Double(rgb[index]) + 0.587 * Double(rgb[index + 1]) + 0.114 * Double(rgb[index + 2])
                return [UInt8](repeating: UInt8(luma), count: 3)
            }
        }
        return Pixels(width: pixels.width, height: pixels.height, bytes: bytes)
    }

    /// The picture with a rectangle of one level in it, as a logo.
    public static func covering(
        _ pixels: Pixels, x: Range<Int>, y: Range<Int>, with level: UInt8
    ) -> Pixels {
        var bytes = pixels.withUnsafeBytes { Array($0) }
        for row in y {
            for index in 3 * (row * pixels.width + x.lowerBound)..<3 * (row * pixels.width + x.upperBound) {
                bytes[index] = level
            }
        }
        return Pixels(width: pixels.width, height: pixels.height, bytes: bytes)
    }

    /// The picture on a page of one level, as in a screenshot.
    public static func framed(_ pixels: Pixels, width: Int, height: Int, x: Int, y: Int, level: UInt8) -> Pixels {
        var bytes = [UInt8](repeating: level, count: 3 * width * height)
        pixels.withUnsafeBytes { rgb in
            for row in 0..<pixels.height {
                let start = 3 * ((y + row) * width + x)
                bytes.replaceSubrange(
                    start..<start + 3 * pixels.width, with: rgb[3 * row * pixels.width..<3 * (row + 1) * pixels.width])
            }
        }
        return Pixels(width: width, height: height, bytes: bytes)
    }
}
