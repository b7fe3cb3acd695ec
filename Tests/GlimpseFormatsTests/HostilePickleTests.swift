import GlimpseFormats
import TestSupport
import Testing

/// Checkpoints written opcode by opcode, with pickles Python would never write.
@Suite struct HostilePickleTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    /// A legacy checkpoint whose object is the given opcodes, with one storage "0" of four binary32 numbers.
    private func checkpoint(_ object: [UInt8], keys: [UInt8]? = nil) throws -> String {
        var bytes: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        bytes += [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]
        bytes += [0x80, 2, 0x7D] + text("little_endian") + [0x88, 0x73, 0x2E]
        bytes += [0x80, 2] + object + [0x2E]
        bytes += keys ?? ([0x80, 2, 0x5D] + text("0") + [0x61, 0x2E])
        bytes += [4, 0, 0, 0, 0, 0, 0, 0]
        for value: Float in [1, 2, 3, 4] { bytes += withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
        return try directory.write(bytes)
    }

    private func text(_ value: String) -> [UInt8] {
        [0x58] + withUnsafeBytes(of: UInt32(value.utf8.count).littleEndian, Array.init) + Array(value.utf8)
    }

    private func number(_ value: Int) -> [UInt8] {
        [0x8A, 8] + withUnsafeBytes(of: value.littleEndian, Array.init)
    }

    private func global(_ module: String, _ name: String) -> [UInt8] {
        [0x63] + Array("\(module)\n\(name)\n".utf8)
    }

    private func tuple(_ values: [Int]) -> [UInt8] {
        [0x28] + values.flatMap(number) + [0x74]
    }

    private func storage(_ count: Int = 4, key: String = "0", type: String = "FloatStorage", view: [UInt8] = [0x4E])
        -> [UInt8]
    {
        [0x28] + text("storage") + global("torch", type) + text(key) + text("cpu") + number(count) + view + [
            0x74, 0x51,
        ]
    }

    /// _rebuild_tensor_v2(storage, offset, shape, strides, False, None)
    private func rebuilt(_ storage: [UInt8], offset: Int, shape: [Int], strides: [Int]) -> [UInt8] {
        global("torch._utils", "_rebuild_tensor_v2") + [0x28] + storage + number(offset) + tuple(shape)
            + tuple(strides) + [0x89, 0x4E, 0x74, 0x52]
    }

    /// {"w": _rebuild_tensor_v2(storage, offset, shape, strides, False, None)}
    private func tensor(_ storage: [UInt8], offset: Int, shape: [Int], strides: [Int]) -> [UInt8] {
        [0x7D] + text("w") + rebuilt(storage, offset: offset, shape: shape, strides: strides) + [0x73]
    }

    @Test func stridesAndViewsAreFollowed() throws {
        let transposed = try checkpoint(tensor(storage(), offset: 0, shape: [2, 2], strides: [1, 2]))
        #expect(try TorchCheckpoint(path: transposed).tensor("w").floats() == [1, 3, 2, 4])
        let view = [0x28] + text("v") + number(1) + number(3) + [0x74]
        let viewed = try checkpoint(tensor(storage(view: view), offset: 1, shape: [2], strides: [1]))
        #expect(try TorchCheckpoint(path: viewed).tensor("w").floats() == [3, 4])
    }

    @Test(arguments: [
        (0, [5], [1]), (1, [4], [1]), (-1, [2], [1]), (0, [2], [4]), (0, [2], [-1]), (0, [-2], [1]), (0, [2, 2], [1]),
        (0, [Int.max], [1]), (0, [2], [Int.max]), (Int.max, [2], [1]), (0, [1 << 32, 1 << 32], [1, 1]),
        (0, [1 << 31, 1 << 31], [0, 0]), (0, [3, 3], [Int.max / 2, Int.max / 2]), (4, [], []),
        (0, Array(repeating: 1, count: 65), Array(repeating: 1, count: 65)),
    ])
    func tensorsBeyondTheirStorageAreMalformed(_ offset: Int, _ shape: [Int], _ strides: [Int]) throws {
        let path = try checkpoint(tensor(storage(), offset: offset, shape: shape, strides: strides))
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: path) }
        #expect(error.code == .malformed, "\(error)")
        #expect(error.location == "w")
    }

    @Test(arguments: [-1, 5, Int.max])
    func storagesOfAnotherSizeAreRefused(_ count: Int) throws {
        let path = try checkpoint(tensor(storage(count), offset: 0, shape: [1], strides: [1]))
        #expect(throws: FormatError.self) { try TorchCheckpoint(path: path) }
    }

    @Test func storageThatIsNotThereIsRefused() throws {
        let path = try checkpoint(tensor(storage(key: "1"), offset: 0, shape: [1], strides: [1]))
        #expect(throws: FormatError.self) { try TorchCheckpoint(path: path) }
        let none = try checkpoint(
            tensor(storage(), offset: 0, shape: [1], strides: [1]), keys: [0x80, 2, 0x5D, 0x2E])
        #expect(throws: FormatError.self) { try TorchCheckpoint(path: none) }
    }

    @Test func everyWayToMakeAnObjectIsForbidden() throws {
        let stackGlobal: [UInt8] = text("os") + text("system") + [0x93]
        let attempts: [[UInt8]] = [
            global("os", "system"), global("builtins", "eval"), global("torch._utils", "_rebuild_qtensor"),
            global("torch", "load"), stackGlobal, [0x29, 0x29, 0x81], [0x29, 0x29, 0x7D, 0x92],
            [0x28] + Array("ios\nsystem\n".utf8), [0x28, 0x6F], [0x82, 1], [0x83, 1, 0], [0x84, 1, 0, 0, 0],
            [0x29, 0x7D, 0x62], text("x") + [0x29, 0x52],
        ]
        for attempt in attempts {
            let path = try checkpoint(attempt)
            let error = try #require(throws: FormatError.self, "\(attempt)") { try TorchCheckpoint(path: path) }
            #expect(error.code == .forbidden, "\(attempt): \(error)")
        }
    }

    /// Sixty doublings would be 2⁶⁰ items were anything expanded.
    @Test func doublingTuplesCostNothing() throws {
        var object: [UInt8] = [0x7D] + text("w") + [0x29]
        for _ in 0..<60 { object += [0x32, 0x86] }
        let path = try checkpoint(object + [0x73])
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: path) }
        #expect(error.code == .malformed || error.code == .missingTensor, "\(error)")
    }

    @Test func anOrderedDictionaryIsMadeOfPairs() throws {
        let pair = text("w") + rebuilt(storage(), offset: 1, shape: [2], strides: [1]) + [0x86]
        let object = global("collections", "OrderedDict") + [0x5D] + pair + [0x61, 0x85, 0x52]
        #expect(try TorchCheckpoint(path: try checkpoint(object)).tensor("w").floats() == [2, 3])
    }

    /// A list of 50,000 pairs in 150 kB, of which a hundred dictionaries of 6 bytes would be 5 million entries.
    @Test func oneListGivenToManyDictionariesIsRefused() throws {
        let pairs = [UInt8](repeatElement([0x4E, 0x4E, 0x86] as [UInt8], count: 50_000).joined())
        var object: [UInt8] = [0x5D, 0x71, 0, 0x28] + pairs + [0x65, 0x30]
        object += global("collections", "OrderedDict") + [0x71, 1, 0x30]
        for _ in 0..<100 { object += [0x68, 1, 0x68, 0, 0x85, 0x52, 0x30] }
        let error = try #require(throws: FormatError.self) {
            try TorchCheckpoint(path: try checkpoint(object + [0x4E]))
        }
        #expect(error.code == .tooLarge, "\(error)")
    }

    @Test func deepNestingDoesNotExhaustTheStack() throws {
        let object = [UInt8](repeating: 0x5D, count: 500_000) + [UInt8](repeating: 0x61, count: 499_999)
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: try checkpoint(object)) }
        #expect(error.code == .unsupported || error.code == .malformed, "\(error)")
    }

    @Test func selfContainingStructuresEnd() throws {
        // l = []; l.append(l)   d = {}; d["state_dict"] = d
        #expect(throws: FormatError.self) {
            try TorchCheckpoint(path: try checkpoint([0x5D, 0x71, 0, 0x68, 0, 0x61]))
        }
        let dictionary = [0x7D, 0x71, 0] + text("state_dict") + [0x68, 0, 0x73]
        #expect(throws: FormatError.self) { try TorchCheckpoint(path: try checkpoint(dictionary)) }
        // A parameter of itself cannot be built by opcodes; of another parameter it can.
        let inner = global("torch._utils", "_rebuild_parameter")
        let nested = [0x7D] + text("w") + inner + inner + [0x4E, 0x85, 0x52, 0x85, 0x52, 0x73]
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: try checkpoint(nested)) }
        #expect(error.code == .malformed)
    }

    @Test func moreValuesThanTheLimitAreRefused() throws {
        let path = try checkpoint([UInt8](repeating: 0x5D, count: 4_000_001))
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: path) }
        #expect(error.code == .tooLarge)
    }

    @Test func hugeClaimsAllocateNothing() throws {
        let attempts: [[UInt8]] = [
            [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x8D] + [UInt8](repeating: 0xFF, count: 8),
            [0x8E] + [UInt8](repeating: 0x7F, count: 8), [0x8B, 0xFF, 0xFF, 0xFF, 0x7F],
            [0x8B, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x54, 0xFF, 0xFF, 0xFF, 0xFF], [0x4E, 0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x6A, 0xFE, 0xFF, 0xFF, 0xFF],
        ]
        for attempt in attempts {
            #expect(throws: FormatError.self, "\(attempt)") { try TorchCheckpoint(path: try checkpoint(attempt)) }
        }
    }

    @Test func takingFromBelowAMarkIsRefused() throws {
        for attempt: [UInt8] in [
            [0x4E, 0x28, 0x85], [0x74], [0x61], [0x30], [0x31], [0x32], [0x4E, 0x28, 0x30, 0x30, 0x30],
        ] {
            let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: try checkpoint(attempt)) }
            #expect(error.code == .malformed, "\(attempt): \(error)")
        }
    }
}
