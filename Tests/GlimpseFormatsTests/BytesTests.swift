import Foundation
import GlimpseFormats
import TestSupport
import Testing

@Suite struct BytesTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    @Test func emptyFileIsMapped() throws {
        let file = try MappedFile(path: try directory.write([]))
        #expect(file.count == 0)
        #expect(file.withUnsafeBytes { $0.isEmpty })
        #expect(throws: FormatError.self) { try TensorFiles.open(path: file.path) }
    }

    @Test func whatIsNotARegularFileIsRefused() throws {
        let pipe = directory.path("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        for path in [directory.path, pipe, directory.path("absent")] {
            let error = try #require(throws: FormatError.self) { try MappedFile(path: path) }
            #expect(error.code == .inputOutput)
            #expect(error.path == path)
        }
    }

    @Test func partsStayWithin() {
        let region = ByteRegion([0, 1, 2, 3, 4])
        let part = region.part(offset: 1, count: 3)
        #expect(part?.withUnsafeBytes(Array.init) == [1, 2, 3])
        #expect(part?.part(offset: 1, count: 2)?.withUnsafeBytes(Array.init) == [2, 3])
        #expect(part?.part(offset: 1, count: 3) == nil)
        #expect(region.part(offset: 5, count: 0)?.count == 0)
        for (offset, count) in [(6, 0), (-1, 1), (0, -1), (1, Int.max), (Int.max, Int.max)] {
            #expect(region.part(offset: offset, count: count) == nil)
        }
    }

    @Test func formatsAreToldApartByContent() throws {
        #expect(try TensorFiles.open(path: fixture("writer.safetensors")) is SafetensorsFile)
        #expect(try TensorFiles.open(path: fixture("small.legacy.pth")) is TorchCheckpoint)
        #expect(try TensorFiles.open(path: fixture("small.zip.pth")) is TorchCheckpoint)
        // A header of 640 bytes starts with the byte that opens a pickle.
        let bytes = [0x80, 2, 0, 0, 0, 0, 0, 0] + Array("{}".utf8) + [UInt8](repeating: 0x20, count: 638)
        #expect(try TensorFiles.open(path: try directory.write(bytes)) is SafetensorsFile)
    }

    @Test func errorsSayWhatWhereAndWhatToDo() {
        let error = FormatError(.truncated, "cut off", path: "a.bin", location: "byte 7", remedy: "fetch it again")
        #expect(error.description == "a.bin: byte 7: cut off; fetch it again")
        #expect(error.localizedDescription == error.description)
        #expect(FormatError(.malformed, "wrong", path: "a.bin").description == "a.bin: wrong")
    }
}

@Suite struct HalfPrecisionTests {
    @Test func everyHalfSurvivesWidening() {
        for bits in UInt16.min...UInt16.max {
            let value = HalfPrecision.float(fromBinary16: bits)
            if value.isNaN {
                #expect(Float(bitPattern: value.bitPattern).isNaN)
                let back = HalfPrecision.binary16(from: value)
                #expect(back & 0x7C00 == 0x7C00 && back & 0x3FF != 0)
            } else if HalfPrecision.binary16(from: value) != bits {
                Issue.record("\(bits) became \(value)")
            }
        }
    }

    private static let roundings: [(Float, UInt16)] = [
        (65504, 0x7BFF), (65519, 0x7BFF), (65520, 0x7C00), (1e10, 0x7C00), (-.infinity, 0xFC00), (0, 0),
        (-0.0, 0x8000), (1, 0x3C00), (0x1.002p0, 0x3C00), (0x1.006p0, 0x3C02), (0x1p-24, 1), (0x1p-25, 0),
        (0x1.8p-24, 2), (0x1p-14, 0x0400), (0x1.ffcp-15, 0x0400), (0.1, 0x2E66), (1e-30, 0),
    ]

    @Test(arguments: roundings)
    func roundsToNearestTiesToEven(_ value: Float, _ bits: UInt16) {
        #expect(HalfPrecision.binary16(from: value) == bits)
    }

    @Test func bfloatIsTheUpperHalf() {
        #expect(HalfPrecision.float(fromBfloat16: 0x3FC0) == 1.5)
        #expect(HalfPrecision.float(fromBfloat16: 0xFF80) == -.infinity)
    }
}
