import Foundation

/// Reads standard input by lines, as many at a time as are there.
///
/// A program on the other end may write a line and wait for the answer before it writes the next: lines are handed on as soon as no
/// more are waiting.
struct LineReader {
    private let descriptor: Int32
    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the next line starts in the buffer.
    private var start = 0
    /// Up to where the buffer is known to hold no more line breaks.
    private var searched = 0
    /// More than any text or path takes; a stream without line breaks must not fill the memory.
    private static let lineLimit = 1 << 20
    private var isAtEnd = false

    /// - Parameter limit: how many lines are handed on at once, at most.
    init(descriptor: Int32 = STDIN_FILENO, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// The next lines, without their line breaks; nil at the end.
    ///
    /// - Throws: `InputError` when standard input cannot be read.
    mutating func next() throws -> [String]? {
        var lines: [String] = []
        while lines.count < limit {
            if let line = try takeLine() {
                lines.append(line)
            } else if isAtEnd {
                break
            } else if lines.isEmpty || hasMoreWaiting() {
                try fill()
            } else {
                break
            }
        }
        return lines.isEmpty ? nil : lines
    }

    private mutating func takeLine() throws -> String? {
        if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            defer { (start, searched) = (end + 1, end + 1) }
            return Self.text(buffer[start..<end])
        }
        searched = buffer.count
        guard searched - start <= Self.lineLimit else {
            throw InputError(message: "a line is longer than \(Self.lineLimit) bytes")
        }
        guard isAtEnd, start < buffer.count else { return nil }
        defer { start = buffer.count }
        return Self.text(buffer[start...])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
    }

    private mutating func fill() throws {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw InputError(message: String(cString: strerror(errno))) }
            isAtEnd = count == 0
            buffer.removeFirst(start)
            searched -= start
            start = 0
            buffer += block[..<count]
            return
        }
    }

    private func hasMoreWaiting() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}

/// Standard input cannot be read.
struct InputError: Error, CustomStringConvertible {
    let message: String
    var description: String { "standard input cannot be read: \(message)" }
}
