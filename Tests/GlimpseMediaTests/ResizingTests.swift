import Foundation
import GlimpseMedia
import Testing

/// A resize that the reference made; see resize.json.
struct ResizeCase: Decodable, Sendable, CustomTestStringConvertible {
    let filter: ResampleFilter
    let width: Int?
    let height: Int?
    let side: Int?
    let crop: Int?
    let result: String

    var testDescription: String { result }

    static let all: Result<[ResizeCase], any Error> = Result {
        try JSONDecoder().decode([ResizeCase].self, from: Fixtures.data("resize.json"))
    }
}

@Suite struct ResizingTests {
    @Test func matchesPillow() throws {
        let source = try Fixtures.pixels("source.png")
        let cases = try ResizeCase.all.get()
        #expect(cases.count == 37)
        for item in cases {
            let expected = try Fixtures.pixels(item.result)
            if let width = item.width, let height = item.height {
                let best = source.resized(width: width, height: height, filter: item.filter)
                #expect(best.largestDifference(to: expected) == 0, "\(item)")
                let portable = source.resizedPortably(width: width, height: height, filter: item.filter)
                #expect(portable == best, "\(item)")
            } else {
                let side = try #require(item.side)
                let crop = try #require(item.crop)
                let fused = source.resizedShortestSide(to: side, cropTo: crop, filter: item.filter)
                #expect(fused.largestDifference(to: expected) == 0, "\(item)")
            }
        }
    }

    /// Every width up to some dozens of pixels runs through all remainders of the kernels' steps.
    @Test(arguments: ResampleFilter.allCases)
    func fastKernelsEqualPortableOnes(filter: ResampleFilter) throws {
        let source = try Fixtures.pixels("source.png")
        for size in 1...40 {
            let piece = source.cropped(x: 3, y: 5, width: 2 * size, height: 41 - size)
            let (width, height) = (41 - size, 3 + size / 2)
            #expect(
                piece.resized(width: width, height: height, filter: filter)
                    == piece.resizedPortably(width: width, height: height, filter: filter),
                "\(piece) to \(width) × \(height)")
        }
    }

    @Test(arguments: [CropConvention.torchvision, .transformers])
    func cropsWhileResizing(convention: CropConvention) throws {
        let source = try Fixtures.pixels("source.png")
        for picture in [source, source.resized(width: 50, height: 140, filter: .bilinear)] {
            for (side, crop) in [(30, 30), (30, 25), (31, 24), (71, 50), (50, 45), (20, 30), (10, 13), (200, 9)] {
                let whole = picture.resizedShortestSide(to: side, filter: .bicubic)
                #expect(
                    picture.resizedShortestSide(to: side, cropTo: crop, filter: .bicubic, convention: convention)
                        == whole.centerCropped(width: crop, height: crop, convention: convention),
                    "\(picture), side \(side), crop \(crop)")
            }
        }
    }

    /// A margin of 1 or 3 pixels: half is 0.5 or 1.5, which the two conventions round differently.
    @Test(arguments: [
        (CropConvention.torchvision, 5, 4, 0), (.torchvision, 7, 4, 2),
        (.transformers, 5, 4, 0), (.transformers, 7, 4, 1),
    ])
    func placesCrops(convention: CropConvention, size: Int, crop: Int, first: UInt8) {
        let ramp = Pixels(width: size, height: 1, bytes: (0..<size).flatMap { [UInt8](repeating: UInt8($0), count: 3) })
        let result = ramp.centerCropped(width: crop, height: 1, convention: convention)
        #expect(result.bytes.first == first)
    }

    @Test func padsWithBlack() {
        let white = Pixels(width: 1, height: 2, bytes: [UInt8](repeating: 255, count: 6))
        let padded = white.centerCropped(width: 4, height: 2, convention: .torchvision)
        let reds = stride(from: 0, to: 24, by: 3).map { padded.bytes[$0] }
        #expect(reds == [0, 255, 0, 0, 0, 255, 0, 0])
        #expect(white.centerCropped(width: 4, height: 2, convention: .transformers).bytes[6] == 255)
    }

    @Test func keepsItsSize() throws {
        let source = try Fixtures.pixels("source.png")
        #expect(source.resized(width: source.width, height: source.height, filter: .lanczos) == source)
        #expect(source.resizedShortestSide(to: 71, filter: .bicubic) == source)
    }

    /// torchvision's rounding: the longer side is cut, not rounded.
    @Test(arguments: [
        (640, 427, 256, 383, 256), (427, 640, 224, 224, 335), (1000, 1000, 224, 224, 224), (3, 1000, 7, 7, 2333),
    ])
    func sizesShortestSide(width: Int, height: Int, side: Int, newWidth: Int, newHeight: Int) {
        let picture = Pixels(width: width, height: height, bytes: repeatElement(9, count: 3 * width * height))
        let resized = picture.resizedShortestSide(to: side, filter: .bilinear)
        #expect((resized.width, resized.height) == (newWidth, newHeight))
        #expect(resized.bytes.allSatisfy { $0 == 9 })
    }

    /// open_clip's resize mode "longest" (`ResizeKeepRatio`, then padding): the shorter side is rounded, black is added around.
    @Test(arguments: [
        (640, 427, 64, 64, 43), (427, 640, 64, 43, 64), (1000, 1000, 32, 32, 32), (50, 20, 16, 16, 6),
        (33, 22, 24, 24, 16),
    ])
    func sizesLongestSide(width: Int, height: Int, side: Int, newWidth: Int, newHeight: Int) {
        let picture = Pixels(width: width, height: height, bytes: repeatElement(255, count: 3 * width * height))
        let square = picture.resizedLongestSide(to: side, filter: .bicubic)
        #expect((square.width, square.height) == (side, side))
        let bytes = square.bytes
        let seen = (0..<side * side).filter { bytes[3 * $0] == 255 }
        #expect(Set(seen.map { $0 % side }).count == newWidth && Set(seen.map { $0 / side }).count == newHeight)
        #expect(
            seen.count == newWidth * newHeight && seen.first == (side - newHeight) / 2 * side + (side - newWidth) / 2)
    }

    @Test func comparesByContent() {
        let a = Pixels(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 6])
        #expect(a == Pixels(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 6]))
        #expect(a != Pixels(width: 1, height: 2, bytes: [1, 2, 3, 4, 5, 6]))
        #expect(a != Pixels(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 7]))
        #expect(Set([a, Pixels(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 6])]).count == 1)
        #expect(a.cropped(x: 1, y: 0, width: 1, height: 1).bytes == [4, 5, 6])
    }
}
