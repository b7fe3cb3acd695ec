import Foundation
import GlimpseMedia
import Testing

@Suite struct RawPhotographTests {
    static let names = [
        "raw.dng", "raw.nef", "raw.arw", "raw.cr2", "raw.pef", "raw.orf", "raw.rw2", "raw.raf", "raw.cr3",
    ]

    /// The largest preview, upright by the orientation that the file tells.
    @Test(arguments: names)
    func decodesPreviews(name: String) throws {
        let expected = try Fixtures.expected(name)
        let pixels = try Fixtures.pixels(name)
        #expect(try #require(pixels.largestDifference(to: expected)) <= 1)
        #expect(try ImageDecoder().decode(Fixtures.data(name), name: name) == pixels)
        let header = try ImageDecoder().header(path: Fixtures.path(name))
        #expect(header.format == .raw)
        #expect(header.orientation == .right)
        #expect((header.width, header.height) == (32, 48))
        try expectFixturesMetadata(header.metadata)
    }

    @Test func decodesPreviewsFast() throws {
        let pixels = try ImageDecoder(mode: .fast(minimumSide: 8)).decode(path: Fixtures.path("raw.nef"))
        #expect((pixels.width, pixels.height) == (16, 24))
    }

    /// Cut anywhere, a photograph is an error: never a smaller preview, nor one that lies on its side.
    @Test(arguments: names)
    func survivesBeingCut(name: String) throws {
        let data = try Fixtures.data(name)
        let whole = try Fixtures.pixels(name)
        for length in stride(from: 1, to: data.count, by: 7) {
            do {
                let pixels = try ImageDecoder().decode(data.prefix(length), name: name)
                #expect(pixels == whole, "\(name) cut to \(length) of \(data.count) bytes")
            } catch {
                #expect(error is MediaError)
            }
        }
    }

    @Test func namesTruncation() throws {
        let data = try Fixtures.data("raw.raf")
        let error = try #require(mediaError { try ImageDecoder().decode(data.prefix(700), name: "raw.raf") })
        #expect(error.code == .truncated)
        #expect(error.message.hasPrefix("the raw photograph is cut off: the file ends after 700 bytes, its preview"))
    }

    /// A directory of a little-endian TIFF file: entries of a tag, the type LONG, the count 1 and a value.
    private static func tiff(_ directories: [(entries: [(tag: UInt16, value: UInt32)], next: UInt32)]) -> Data {
        var data = Data([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0])
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
        for directory in directories {
            append(UInt16(directory.entries.count))
            for entry in directory.entries {
                append(entry.tag)
                append(UInt16(4))
                append(UInt32(1))
                append(entry.value)
            }
            append(directory.next)
        }
        return data
    }

    private static let dngVersion: (tag: UInt16, value: UInt32) = (0xC612, 4)

    /// Directories that lead to themselves, to each other, beyond the end, and to the header.
    @Test(arguments: [
        tiff([([dngVersion, (0x014A, 8)], 8)]), tiff([([dngVersion], 26), ([(0x014A, 8)], 8)]),
        tiff([([dngVersion, (0x8769, 8), (0x8825, 8)], 0)]), tiff([([dngVersion], 0xFFFF_FFFF)]),
        tiff([([dngVersion, (0x014A, 0xFFFF_FFF0)], 0)]), tiff([([dngVersion, (0x0201, 0), (0x0202, 8)], 0)]),
        tiff([([dngVersion, (0x0201, 8), (0x0202, 0)], 0)]), tiff([([dngVersion, (0x927C, 0xFFFF_FFFF)], 1)]),
    ])
    func survivesLoops(file: Data) {
        let error = mediaError { try ImageDecoder().decode(file, name: "loop.dng") }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message == "this is a raw photograph without a JPEG preview, which Glimpse does not read")
        #expect(mediaError { try ImageDecoder().header(file, name: "loop.dng") }?.code == .unsupportedFormat)
    }

    @Test func refusesPreviewsBeyondTheEnd() {
        let file = Self.tiff([([Self.dngVersion, (0x0201, 30), (0x0202, 0xFFFF_FFFF)], 0)])
        #expect(mediaError { try ImageDecoder().decode(file, name: "far.dng") }?.code == .truncated)
    }

    /// The head of each kind, then anything.
    @Test(
        arguments: [
            Array("II*\0".utf8) + [8, 0, 0, 0, 40, 0], Array("IIRO".utf8) + [8, 0, 0, 0, 9, 0],
            Array("IIU\0".utf8) + [8, 0, 0, 0, 60, 0], Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 30],
            Array("FUJIFILMCCD-RAW ".utf8), Array("\0\0\0\u{10}ftypcrx \0\0\0\u{1}".utf8),
            Array("\0\0\0\u{10}ftypcrx \0\0\0\u{1}\0\0\u{1}\0moov\0\0\0\u{8}uuid".utf8),
        ] as [[UInt8]])
    func survivesAnything(head: [UInt8]) {
        var random = SmallRandom()
        // Tags and types that mean something are more likely than others.
        let tags: [[UInt8]] = [
            [0x4A, 1, 4, 0], [0x01, 2, 4, 0], [0x02, 2, 4, 0], [0x12, 0xC6, 1, 0], [0x69, 0x87, 4, 0],
            [0x7C, 0x92, 7, 0], [0x11, 1, 4, 0], [0x17, 1, 4, 0], [0x01, 0x4A, 0, 4], [0xFF, 0xD8, 0xFF, 0xC0],
            [0, 0, 0, 1], [1, 0, 0, 0],
        ]
        for _ in 0..<300 {
            var file = head
            while file.count < 400 {
                file += random.below(3) > 0 ? tags[random.below(tags.count)] : [UInt8(random.below(256))]
            }
            do {
                let header = try ImageDecoder(limits: .init(maximumPixelCount: 1_000_000)).header(file, name: "any")
                expectPossible(header.metadata)
            } catch {
                #expect(error is MediaError)
            }
        }
    }
}
