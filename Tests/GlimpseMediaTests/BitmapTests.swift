import Foundation
import GlimpseMedia
import Testing

@Suite struct BitmapTests {
    /// A BMP file with the header of Windows 3 and `body` behind it.
    private static func file(
        width: Int32, height: Int32, bitCount: UInt16, compression: UInt32 = 0, masks: [UInt32] = [], body: [UInt8]
    ) -> Data {
        var data = Data("BM".utf8)
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
        for number in [0, 0, UInt32(54 + 4 * masks.count), 40] { append(number) }
        append(width)
        append(height)
        append(UInt16(1))
        append(bitCount)
        for number in [compression, 0, 0, 0, 0, 0] + masks { append(number) }
        return data + body
    }

    private static func decode(_ file: Data) throws -> Pixels { try ImageDecoder().decode(file, name: "bmp") }

    /// Ten bits a channel, two, and a channel without bits.
    @Test func readsUnusualMasks() throws {
        let deep = Self.file(
            width: 1, height: 1, bitCount: 32, compression: 3, masks: [0x3FF0_0000, 0x000F_FC00, 0x3FF],
            body: [0x01, 0x02, 0xF0, 0x3F])
        // Of blue, 0x201, the upper eight bits count.
        #expect(try Self.decode(deep).bytes == [255, 0, 128])
        let flat = Self.file(
            width: 2, height: 1, bitCount: 16, compression: 3, masks: [0xC000, 0x3000, 0], body: [0, 0x40, 0, 0xB0])
        #expect(try Self.decode(flat).bytes == [85, 0, 0, 170, 255, 0])
        let torn = Self.file(
            width: 1, height: 1, bitCount: 32, compression: 3, masks: [0xF0F, 0, 0], body: [0, 0, 0, 0])
        #expect(mediaError { try Self.decode(torn) }?.code == .damaged)
    }

    @Test func placesOutsideThePaletteAreBlack() throws {
        var file = Self.file(width: 2, height: 1, bitCount: 8, body: [9, 8, 7, 0, 0, 1, 0, 0])
        file[46] = 1
        file[10] = 58
        #expect(try Self.decode(file).bytes == [7, 8, 9, 0, 0, 0])
    }

    /// Runs beyond the row end with it, skipped pixels are black, rows beyond the picture are left.
    @Test func keepsRunsInTheirRows() throws {
        func pixels(_ runs: [UInt8]) throws -> [UInt8] {
            let palette: [UInt8] = [0, 0, 0, 0, 5, 5, 5, 0]
            var file = Self.file(width: 3, height: 2, bitCount: 8, compression: 1, body: palette + runs)
            file[46] = 2
            file[10] = 62
            let bytes = try Self.decode(file).bytes
            return stride(from: 0, to: 18, by: 3).map { bytes[$0] }
        }
        #expect(try pixels([200, 1, 0, 0, 1, 1, 0, 1]) == [5, 0, 0, 5, 5, 5])
        #expect(try pixels([0, 2, 1, 1, 1, 1, 0, 1]) == [0, 5, 0, 0, 0, 0])
        #expect(try pixels([3, 1, 0, 2, 9, 200, 5, 1]) == [0, 0, 0, 5, 5, 5])
        #expect(try pixels([0, 3, 1, 0, 1, 0, 0, 0, 3, 1]) == [5, 5, 5, 5, 0, 5])
        #expect(mediaError { try pixels([3, 1, 0, 0, 2, 1]) }?.code == .truncated)
        #expect(mediaError { try pixels([3, 1, 0, 0, 0, 200, 1]) }?.code == .truncated)
    }

    @Test(arguments: [(Int32(0), Int32(1)), (-1, 1), (1, 0), (.min, .min)])
    func refusesImpossibleSizes(width: Int32, height: Int32) {
        let file = Self.file(width: width, height: height, bitCount: 24, body: [0, 0, 0, 0])
        #expect(mediaError { try Self.decode(file) }?.code == .damaged)
    }

    @Test func refusesHugePicturesByTheirHeader() {
        let file = Self.file(width: .max, height: .min, bitCount: 32, body: [])
        #expect(mediaError { try Self.decode(file) }?.code == .tooLarge)
        // Even when all is allowed no memory is taken for what is not there.
        let limits = ImageDecoder.Limits(maximumByteCount: .max, maximumPixelCount: .max)
        #expect(mediaError { try ImageDecoder(limits: limits).decode(file, name: "bmp") }?.code == .truncated)
    }

    /// Plausible headers, then anything.
    @Test func survivesAnything() {
        var random = SmallRandom()
        for _ in 0..<3_000 {
            var file = Self.file(
                width: Int32(random.below(40)), height: Int32(random.below(40) - 20),
                bitCount: [1, 4, 8, 16, 24, 32][random.below(6)], compression: UInt32(random.below(7)),
                body: (0..<random.below(400)).map { _ in UInt8(random.below(256)) })
            file[14] = [12, 16, 40, 52, 56, 64, 108, 124][random.below(8)]
            file[46] = UInt8(random.below(256))
            do {
                let pixels = try Self.decode(file)
                #expect(pixels.width * pixels.height <= 65_535 * 65_535)
            } catch {
                #expect(error is MediaError)
            }
        }
    }
}
