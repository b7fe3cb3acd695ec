import Foundation

/// Where progress and notes go. When nobody can be told, the work goes on.
enum StandardError {
    static func write(_ text: String) { _ = Descriptor.write(text, to: STDERR_FILENO) }
}

/// What standard output and standard error have in common.
enum Descriptor {
    /// Writes all of a text; 0, or the number of the error that stopped it.
    static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { writeOnce(descriptor, $0) }
            if written >= 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

/// The system call, out of reach of the methods of the same name.
private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
