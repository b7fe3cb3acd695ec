import GlimpseFormats
import Testing

/// Numbers that are written as JSON come back as they were.
struct JSONNumbersTests {
    private static func read(_ text: [UInt8]) throws -> [Float] {
        let document = try text.withUnsafeBytes { try JSON.parse($0, path: "numbers") }
        return try #require(document.array).map { value in
            switch value {
            case .integer(let number): Float(number)
            case .real(let number): Float(number)
            default: .nan
            }
        }
    }

    @Test func everyNumberComesBack() throws {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<20_000).map { _ in Float(bitPattern: .random(in: .min ... .max, using: &generator)) }
        let special: [Float] = [
            0, 1, -1, 0.1, 1e10, -1e-10, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            16_777_216,
        ]
        let values = special + random.filter(\.isFinite)
        let text = try #require(JSON.numbers(values))
        #expect(try Self.read(text) == values)
    }

    @Test func zerosAreShort() {
        #expect(JSON.numbers([0, 0.5, 0, -1]) == Array("[0,0.5,0,-1.0]".utf8))
        #expect(JSON.numbers([]) == Array("[]".utf8))
    }

    @Test func whatJSONHasNoWordForIsRefused() {
        for value in [Float.nan, .infinity, -.infinity] { #expect(JSON.numbers([1, value]) == nil) }
    }
}
