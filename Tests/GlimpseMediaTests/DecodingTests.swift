import Foundation
import GlimpseMedia
import Testing

@Suite struct DecodingTests {
    /// Lossless formats and conversions by formula come out exactly.
    @Test(arguments: [
        "rgb.png", "gray.png", "gray-alpha.png", "rgba.png", "palette.png", "palette-transparent.png", "bilevel.png",
        "gray16.png", "rgb16.png", "cmyk.tif", "bilevel.tif", "pages.tif", "float.tif", "animation.gif",
        "lossless.webp", "lossless-alpha.webp", "rgb.ppm", "profile-standard.png", "profile-broken.png",
        "bilevel.bmp", "gray.bmp", "palette.bmp", "rgb.bmp", "rgba.bmp", "top-down.bmp", "os2.bmp", "palette4.bmp",
        "os2-palette.bmp", "runs8.bmp", "runs4.bmp", "high.bmp", "fields16.bmp", "fields32.bmp", "alpha.bmp",
        "alpha-unused.bmp", "rgb.jp2", "gray.jp2", "rgba.jp2", "codestream.j2k", "gray16.jp2",
    ])
    func decodesExactly(name: String) throws {
        let expected = try Fixtures.expected(name)
        #expect(try Fixtures.pixels(name).largestDifference(to: expected) == 0)
        #expect(try ImageDecoder().decode(Fixtures.data(name), name: name) == expected)
    }

    /// Lossy formats depend on the build of a decoder and profiles on that of littlecms: at most one level is allowed for each.
    @Test(arguments: [
        ("baseline.jpg", 1), ("full-chroma.jpg", 1), ("half-chroma.jpg", 1), ("progressive.jpg", 1), ("gray.jpg", 1),
        ("one-pixel.jpg", 1), ("cmyk-adobe.jpg", 1), ("cmyk-plain.jpg", 1), ("lossy.webp", 1), ("lossless.avif", 1),
        ("profile-swapped.png", 1), ("profile-swapped.jpg", 2), ("profile-alpha.png", 1), ("profile-gray.png", 1),
        ("lossy.jp2", 1),
    ])
    func decodesWithin(name: String, tolerance: Int) throws {
        let difference = try Fixtures.pixels(name).largestDifference(to: Fixtures.expected(name))
        #expect(try #require(difference) <= tolerance)
    }

    /// The profile must have been applied for the test above to mean anything.
    @Test func profilesChangePixels() throws {
        let difference = try Fixtures.pixels("profile-swapped.png").largestDifference(to: Fixtures.pixels("rgb.png"))
        #expect(try #require(difference) > 50)
    }

    @Test func readsBytesInOrder() throws {
        let pixels = try Fixtures.pixels("rgb.png")
        #expect(pixels.width == 61)
        #expect(pixels.height == 43)
        #expect(try pixels.bytes == Array(Fixtures.data("rgb.bin")))
    }

    @Test(arguments: Orientation.allCases)
    func turnsUpright(orientation: Orientation) throws {
        let name = "orientation-\(orientation.rawValue).jpg"
        let pixels = try Fixtures.pixels(name)
        #expect(try #require(pixels.largestDifference(to: Fixtures.expected(name))) <= 1)
        let header = try ImageDecoder().header(path: Fixtures.path(name))
        #expect(header.orientation == orientation)
        #expect((header.width, header.height) == (pixels.width, pixels.height))
        #expect(pixels.width == (orientation.swapsSides ? 13 : 19))
    }

    @Test(arguments: [
        ("baseline.jpg", ImageFormat.jpeg), ("rgb.png", .png), ("lossy.webp", .webp), ("pages.tif", .tiff),
        ("lossless.avif", .avif), ("rgb.ppm", .netpbm), ("runs8.bmp", .bmp), ("os2.bmp", .bmp), ("rgb.jp2", .jpeg2000),
        ("codestream.j2k", .jpeg2000),
    ])
    func readsHeaders(name: String, format: ImageFormat) throws {
        let header = try ImageDecoder().header(Fixtures.data(name), name: name)
        let expected = try Fixtures.expected(name)
        #expect(header.format == format)
        #expect((header.width, header.height) == (expected.width, expected.height))
    }

    @Test func fastModeKeepsTwiceTheSide() throws {
        let photograph = try Fixtures.expected("lossless.avif").resized(width: 970, height: 710, filter: .bicubic)
        let file = try photograph.encodedJPEG(quality: 95)
        let sizes = [(40, (121, 88)), (44, (121, 88)), (45, (242, 177)), (177, (485, 355)), (178, (970, 710))]
        for (side, expected) in sizes {
            let pixels = try ImageDecoder(mode: .fast(minimumSide: side)).decode(file, name: "photograph")
            #expect((pixels.width, pixels.height) == expected, "for a side of \(side)")
        }
        let exact = try ImageDecoder().decode(file, name: "photograph").resizedShortestSide(to: 64, filter: .bicubic)
        let fast = try ImageDecoder(mode: .fast(minimumSide: 64)).decode(file, name: "photograph")
            .resizedShortestSide(to: 64, filter: .bicubic)
        let difference = zip(exact.bytes, fast.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(exact.byteCount == fast.byteCount)
        #expect(Double(difference) / Double(exact.byteCount) < 0.5)
    }

    @Test func encodesWhatItDecodes() throws {
        let pixels = try Fixtures.pixels("rgb.png")
        #expect(try ImageDecoder().decode(pixels.encodedPNG(), name: "png") == pixels)
        let smooth = try Fixtures.expected("lossless.avif")
        let again = try ImageDecoder().decode(smooth.encodedJPEG(quality: 100), name: "jpeg")
        #expect(try #require(again.largestDifference(to: smooth)) <= 12)
        #expect(try pixels.encodedJPEG(quality: 30).count < pixels.encodedJPEG(quality: 95).count)
    }
}
