internal import Foundation

/// Memory in large pages: a network reads its weights from one end to the other, and at every page of 4 KB the processor would look up
/// where it is.
enum LargePages {
    /// The size of a large page on x86-64 and on 64-bit Arm with pages of 4 KB.
    private static let size = 2 << 20

    /// Memory for `count` floats, 64-byte aligned, in large pages as far as they go; `deallocate` gives it back.
    static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let byteCount = count * MemoryLayout<Float>.stride
        let isLarge = byteCount >= size
        let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: isLarge ? size : 64)
        #if os(Linux)
            // A hint: a system that has no large pages to give leaves it at small ones.
            if isLarge { _ = madvise(raw, byteCount, MADV_HUGEPAGE) }
        #endif
        return raw.bindMemory(to: Float.self, capacity: count)
    }
}
