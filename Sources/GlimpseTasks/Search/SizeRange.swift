internal import Foundation

/// How large pictures may be, as people write it.
public enum SizeRange: Hashable, Sendable {
    /// In pixels.
    case pixels(ClosedRange<Int64>)
    /// The length of the file, in bytes.
    case bytes(ClosedRange<Int64>)

    private static let units: [(suffix: String, factor: Double, isPixels: Bool)] = [
        ("mp", 1e6, true), ("kb", 1e3, false), ("mb", 1e6, false), ("gb", 1e9, false),
    ]

    /// Reads `8MP` (at least), `..2MP` (at most), `2MP..12MP`, or the same in `kB`, `MB`, `GB` of the file.
    ///
    /// - Throws: `TaskError` that says what is understood.
    public init(_ text: String) throws {
        let ends = text.components(separatedBy: "..")
        let low = ends[0].isEmpty ? nil : Self.size(ends[0])
        let high = ends.count < 2 || ends[1].isEmpty ? nil : Self.size(ends[1])
        let isUnderstood =
            ends.count <= 2 && (low != nil) == !ends[0].isEmpty
            && (high != nil) == (ends.count == 2 && !ends[1].isEmpty)
        guard isUnderstood, let isPixels = (low ?? high)?.isPixels, (high ?? low)?.isPixels == isPixels,
            (low?.count ?? 0) <= (high?.count ?? .max)
        else {
            throw TaskError(
                .invalidInput, "\"\(text)\" is no size",
                remedy:
                    "write 8MP for at least so many megapixels, ..2MP for at most, 2MP..12MP, or MB for the file's length"
            )
        }
        let range = (low?.count ?? 0)...(high?.count ?? .max)
        self = isPixels ? .pixels(range) : .bytes(range)
    }

    private static func size(_ text: String) -> (count: Int64, isPixels: Bool)? {
        let text = text.lowercased()
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = Double(text.dropLast(unit.suffix.count)), (0...1e9).contains(number) else { return nil }
            return (Int64(number * unit.factor), unit.isPixels)
        }
        return nil
    }
}
