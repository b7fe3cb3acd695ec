/// A picture in memory: RGB bytes, interleaved, [Y, X, 3], rows from the top, sRGB, 0…255, no alpha.
///
/// A value of two numbers and a reference: copying it copies no pixels, and it can be sent to any task.
public struct Pixels: Sendable, Hashable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int
    private let storage: Storage

    /// The bytes of a picture.
    ///
    /// Unchecked because it holds a raw pointer: the memory is written only by the closure of `init` that fills it, before anyone
    /// else can see the storage, and is never written again until it is freed with the last reference.
    private final class Storage: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 64) }
        deinit { bytes.deallocate() }
    }

    /// Makes a picture by filling its memory.
    ///
    /// - Parameters:
    ///   - width: The width in pixels, ≥ 1.
    ///   - height: The height in pixels, ≥ 1.
    ///   - fill: Writes every one of the `3 · width · height` bytes; they hold arbitrary values before.
    public init(
        width: Int, height: Int, filledBy fill: (_ bytes: UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        precondition(width > 0 && height > 0, "Pixels: \(width) × \(height) is not a picture")
        self.width = width
        self.height = height
        storage = Storage(byteCount: 3 * width * height)
        try fill(storage.bytes)
    }

    /// Makes a picture from RGB bytes, [Y, X, 3].
    ///
    /// - Precondition: `bytes.count == 3 · width · height`.
    public init(width: Int, height: Int, bytes: some Collection<UInt8>) {
        precondition(
            bytes.count == 3 * width * height, "Pixels: \(bytes.count) bytes for a picture of \(width) × \(height)")
        self.init(width: width, height: height) { $0.copyBytes(from: bytes) }
    }

    /// The number of bytes, `3 · width · height`.
    public var byteCount: Int { storage.bytes.count }

    /// Gives `body` the bytes, [Y, X, 3]; the pointer is not valid afterwards.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(storage.bytes)) }
    }

    /// Whether two pictures have the same size and bytes.
    ///
    /// - Complexity: O(width · height), O(1) for copies of one value.
    public static func == (a: Pixels, b: Pixels) -> Bool {
        guard a.width == b.width, a.height == b.height else { return false }
        if a.storage === b.storage { return true }
        return a.withUnsafeBytes { left in
            b.withUnsafeBytes { right in left.elementsEqual(right) }
        }
    }

    /// Feeds the size and the bytes to `hasher`.
    ///
    /// - Complexity: O(width · height).
    public func hash(into hasher: inout Hasher) {
        hasher.combine(width)
        hasher.combine(height)
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension Pixels: CustomStringConvertible {
    /// The size, such as "640 × 480 pixels".
    public var description: String { "\(width) × \(height) pixels" }
}
