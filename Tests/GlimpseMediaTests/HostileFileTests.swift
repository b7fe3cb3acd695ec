import Foundation
import GlimpseMedia
import TestSupport
import Testing

@Suite struct HostileFileTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    /// A PNG header that promises a picture, with hardly any data.
    private static func promise(width: UInt32, height: UInt32) -> Data {
        var data = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func chunk(_ kind: String, _ body: [UInt8]) {
            let typed = Array(kind.utf8) + body
            var crc: UInt32 = ~0
            for byte in typed {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
            }
            data += bytes(UInt32(body.count)) + typed + bytes(~crc)
        }
        func bytes(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        chunk("IHDR", bytes(width) + bytes(height) + [8, 2, 0, 0, 0])
        chunk("IDAT", [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01])
        chunk("IEND", [])
        return data
    }

    @Test func refusesHugePicturesByTheirHeader() throws {
        let path = try directory.write(Self.promise(width: 50_000, height: 50_000), to: "bomb.png")
        _ = try Fixtures.pixels("rgb.png")  // libvips is started
        let clock = ContinuousClock()
        let start = clock.now
        let error = try #require(mediaError { try ImageDecoder().decode(path: path) })
        #expect(clock.now - start < .seconds(20), "so many pixels take minutes to decode")
        #expect(error.code == .tooLarge)
        #expect(error.path == path)
        #expect(error.message == "50000 × 50000 are 2500000000 pixels, the limit is 256000000")
        #expect(mediaError { try ImageDecoder().header(path: path) }?.code == .tooLarge)
    }

    @Test func refusesMoreBytesThanAllowed() throws {
        let decoder = ImageDecoder(limits: .init(maximumByteCount: 1000, maximumPixelCount: 1_000_000))
        let error = try #require(mediaError { try decoder.decode(path: Fixtures.path("rgb.png")) })
        #expect(error.code == .tooLarge)
        #expect(error.message.hasSuffix("bytes, the limit is 1000"))
        let few = ImageDecoder(limits: .init(maximumPixelCount: 61 * 43))
        #expect(try few.decode(path: Fixtures.path("rgb.png")).width == 61)
    }

    @Test(arguments: [
        ("hello, world\n", MediaError.Code.notAnImage, "this is not a picture Glimpse can read (found text)"),
        ("\u{0}\u{1}\u{2}xyz", .notAnImage, "this is not a picture Glimpse can read (found unknown data)"),
        ("", .empty, "the file is empty"),
        ("<svg xmlns=''/>", .unsupportedFormat, "this is an SVG drawing, which Glimpse does not read"),
        ("%PDF-1.7", .unsupportedFormat, "this is a PDF document, which Glimpse does not read"),
        ("BMW, Porsche\n", .notAnImage, "this is not a picture Glimpse can read (found text)"),
        (
            "BM" + String(repeating: "\u{0}", count: 12) + "(\u{0}\u{0}\u{0}\u{1}\u{0}\u{0}\u{0}\u{1}\u{0}\u{0}\u{0}"
                + "\u{1}\u{0}\u{18}\u{0}\u{5}\u{0}\u{0}\u{0}",
            .unsupportedFormat, "this is a BMP file around a PNG, which Glimpse does not read"
        ),
        (
            "\u{0}\u{0}\u{0}\u{18}ftypisom\u{0}\u{0}\u{0}\u{0}mp42isom", .unsupportedFormat,
            "this is a video (MP4 or QuickTime), which Glimpse does not read"
        ),
    ])
    func saysWhatItFound(content: String, code: MediaError.Code, message: String) throws {
        let path = try directory.write(content, to: "picture.jpg")
        for error in [
            mediaError { try ImageDecoder().decode(path: path) }, mediaError { try ImageDecoder().header(path: path) },
        ] {
            #expect(error?.code == code)
            #expect(error?.message == message)
            #expect(error?.description.hasPrefix("\(path): \(message).") == true)
        }
        #expect(mediaError { try ImageDecoder().decode(Data(content.utf8), name: "upload") }?.message == message)
    }

    @Test func refusesWhatIsNoFile() throws {
        let decoder = ImageDecoder()
        let missing = directory.path("missing.jpg")
        #expect(mediaError { try decoder.decode(path: missing) }?.code == .missing)
        let folder = mediaError { try decoder.decode(path: directory.path) }
        #expect(folder?.code == .notAFile)
        #expect(folder?.message == "this is a directory, a picture file is needed")
        let pipe = directory.path("pipe.jpg")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(mediaError { try decoder.decode(path: pipe) }?.message == "this is a pipe, a picture file is needed")
        #expect(mediaError { try decoder.decode(path: "/dev/null") }?.code == .notAFile)
    }

    /// Cut anywhere, a picture is an error of ours, unless only what follows the pixels is missing.
    @Test(arguments: [
        "baseline.jpg", "progressive.jpg", "orientation-6.jpg", "cmyk-adobe.jpg", "rgb.png", "palette.png",
        "rgb16.png", "animation.gif", "lossless.webp", "lossy.webp", "lossless.avif", "cmyk.tif", "bilevel.tif",
        "rgb.ppm", "rgb.bmp", "palette4.bmp", "alpha.bmp", "runs8.bmp", "runs4.bmp", "os2-palette.bmp", "rgb.jp2",
        "codestream.j2k",
    ])
    func survivesBeingCut(name: String) throws {
        let data = try Fixtures.data(name)
        let whole = try Fixtures.pixels(name)
        // Everywhere, and at every byte of the end, where the last rows and the end mark are.
        let spread = Array(stride(from: 0, to: data.count, by: max(1, data.count / 250)))
        let lengths = spread + (1...60).map { data.count - $0 }
        for length in lengths {
            do {
                let pixels = try ImageDecoder().decode(data.prefix(length), name: name)
                #expect(pixels == whole, "\(name) cut to \(length) of \(data.count) bytes")
            } catch {
                #expect(error is MediaError)
            }
        }
    }

    /// A cut in the middle is called that.
    @Test(arguments: [
        "baseline.jpg", "progressive.jpg", "rgb.png", "lossy.webp", "rgb.ppm", "rgb.bmp", "runs4.bmp", "rgb.jp2",
    ])
    func namesTruncation(name: String) throws {
        let data = try Fixtures.data(name)
        let error = try #require(mediaError { try ImageDecoder().decode(data.prefix(data.count * 2 / 3), name: name) })
        #expect(error.code == .truncated)
        #expect(error.message.contains("after \(data.count * 2 / 3) bytes"))
    }

    /// Bytes replaced at random: a picture or an error, never a crash.
    @Test(arguments: [
        "baseline.jpg", "progressive.jpg", "cmyk-plain.jpg", "rgba.png", "profile-swapped.png", "gray16.png",
        "animation.gif", "lossless-alpha.webp", "lossless.avif", "pages.tif", "float.tif", "rgb.ppm",
        "palette4.bmp", "os2.bmp", "runs8.bmp", "runs4.bmp", "alpha.bmp", "fields16.bmp", "rgb.jp2", "codestream.j2k",
        "raw.dng", "raw.nef", "raw.orf", "raw.raf", "raw.cr3",
    ])
    func survivesDamage(name: String) throws {
        let data = try Fixtures.data(name)
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let decoder = ImageDecoder(limits: .init(maximumPixelCount: 1_000_000))
        for round in 0..<200 {
            var damaged = data
            // Mostly in the header, where lengths and types are.
            let reach = round % 2 == 0 ? min(data.count, 200) : data.count
            for _ in 0..<1 + round % 4 { damaged[random(below: reach)] = UInt8(random(below: 256)) }
            do {
                let pixels = try decoder.decode(damaged, name: name)
                #expect(pixels.width * pixels.height <= 1_000_000)
            } catch {
                #expect(error is MediaError)
            }
        }
    }

    /// Eight tasks at once, good and bad files mixed: right pixels, and errors that speak of their own file.
    @Test func decodesConcurrently() async throws {
        let names = [
            "baseline.jpg", "progressive.jpg", "rgba.png", "profile-swapped.png", "lossy.webp", "cmyk.tif",
            "animation.gif",
        ]
        let expected = try names.map { try Fixtures.pixels($0) }
        let cut = try Fixtures.data("progressive.jpg").prefix(1500)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<10 {
                        for (name, pixels) in zip(names, expected) { #expect(try Fixtures.pixels(name) == pixels) }
                        let name = "upload \(task)-\(round)"
                        let error = try #require(mediaError { try ImageDecoder().decode(cut, name: name) })
                        #expect(error.path == name)
                        #expect(error.code == .truncated)
                        #expect(error.message.contains("61 × 43"))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
