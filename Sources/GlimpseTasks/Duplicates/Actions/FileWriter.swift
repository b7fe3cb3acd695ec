internal import Foundation

/// Writes to open files; tests put one in its place that fails.
package struct FileWriter {
    /// As write(2): how many bytes the system took, or -1 and `errno`.
    package typealias Call = (_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int

    private let call: Call

    /// The system's own.
    static var system: FileWriter { FileWriter { write($0, $1, $2) } }

    package init(_ call: @escaping Call) { self.call = call }

    /// Writes all of it, in as many pieces as the system takes.
    ///
    /// - Returns: False when it was refused, perhaps after a part; the reason is in `errno`.
    func writeAll(_ bytes: Data, to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Bool in
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest)
                let count = call(descriptor, piece.baseAddress, piece.count)
                if count < 0 && errno == EINTR { continue }
                // Nothing written and no reason given would be tried for ever.
                if count == 0 { errno = EIO }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
