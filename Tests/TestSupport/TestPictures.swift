public import Foundation
public import GlimpseMedia

/// Pictures made for a test, so that none has to be committed.
public enum TestPictures {
    /// A small picture of coloured waves, another one for every number.
    public static func waves(_ number: Int, width: Int = 48, height: Int = 40) -> Pixels {
        let bytes = (0..<height).flatMap { y in
            (0..<width).flatMap { x in
                (0..<3).map { channel in
                    let phase = Double((number + 3) * (channel + 2) % 97) / 9 + Double(number) / 50
                    return UInt8(127 + 120 * sin(phase + Double(x * (channel + 1) + y * (3 - channel)) / 11))
                }
            }
        }
        return Pixels(width: width, height: height, bytes: bytes)
    }

    /// Writes `count` different JPEG files of waves, `0000.jpg` and on, and returns their paths.
    @discardableResult
    public static func writeWaves(_ count: Int, to folder: TemporaryFolder, below name: String) throws -> [String] {
        try (0..<count).map { number in
            let digits = String(number)
            let file = "\(name)/\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits).jpg"
            return try folder.write(try waves(number).encodedJPEG(quality: 90), to: file)
        }
    }

    /// A PNG that promises a size it has no pixels for: signature, IHDR, a few bytes of IDAT and IEND, with correct sums.
    public static func promise(width: UInt32, height: UInt32) -> Data {
        var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func append(_ value: UInt32) {
            file.append(contentsOf: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
        }
        func chunk(_ kind: String, _ body: Data) {
            append(UInt32(body.count))
            let content = Data(kind.utf8) + body
            file.append(content)
            append(checksum(content))
        }
        func bigEndian(_ value: UInt32) -> Data { withUnsafeBytes(of: value.bigEndian) { Data($0) } }
        chunk("IHDR", bigEndian(width) + bigEndian(height) + Data([8, 2, 0, 0, 0]))
        chunk("IDAT", Data([0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]))
        chunk("IEND", Data())
        return file
    }

    /// CRC-32 as PNG defines it.
    private static func checksum(_ bytes: Data) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
