internal import Foundation
internal import GlimpseMedia
internal import GlimpseResources

/// Vectors that the library a model comes from computed, to hold ours against.
///
/// `Scripts/make-reference.py` writes them.
public struct ReferenceVectors: Decodable, Hashable, Sendable {
    /// A text and its vector.
    struct Text: Decodable, Hashable, Sendable {
        let text: String
        let embedding: Vector
    }

    /// Numbers kept as the base64 of little-endian 32-bit floats.
    struct Vector: Decodable, Hashable, Sendable {
        let numbers: [Float]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let bytes = Data(base64Encoded: try container.decode(String.self)), bytes.count % 4 == 0 else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "expected the base64 of 32-bit floats")
            }
            numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
                return Float(bitPattern: bits)
            }
        }
    }

    /// The libraries and their versions.
    let madeWith: String
    /// The vector of `Pixels.testCard`.
    let testCard: Vector
    let texts: [Text]

    /// Reads a file that `make-reference.py` wrote.
    ///
    /// - Throws: `ModelError` when it cannot be read or is none.
    public init(path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ModelError(.missingFile, error.localizedDescription, at: path)
        }
        self = try Self.decoded(Self.self, from: data, at: path)
    }

    /// The vectors that the catalogue carries for one of its models, if it does.
    public static func builtIn(for name: String) throws -> ReferenceVectors? {
        let data = Data(Resources.referenceVectors)
        return try decoded([String: ReferenceVectors].self, from: data, at: "references.json")[name]
    }

    private static func decoded<Value: Decodable>(
        _ type: Value.Type, from data: Data, at location: String
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw ModelError(
                .invalidConfiguration, "these are no reference vectors: \(error.explanation)", at: location,
                remedy: "write them with make-reference.py")
        }
    }
}

extension Pixels {
    /// A picture that any language draws alike: 320 × 240 pixels, red from left to right, green from top to bottom, blue in squares of
    /// 16 pixels.
    static var testCard: Pixels {
        let (width, height) = (320, 240)
        let bytes = (0..<(width * height)).flatMap { index -> [UInt8] in
            let (y, x) = (index / width, index % width)
            let blue = (x / 16 + y / 16).isMultiple(of: 2) ? 0 : 255
            return [UInt8(255 * x / (width - 1)), UInt8(255 * y / (height - 1)), UInt8(blue)]
        }
        return Pixels(width: width, height: height, bytes: bytes)
    }
}
