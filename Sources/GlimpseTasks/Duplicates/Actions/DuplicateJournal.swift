internal import Foundation

/// What was done with duplicates, in the order it was done: enough to undo it.
///
/// Lines of JSON at the end of a file. A line is on the disk before the file system is changed, and another one when it has been, so that
/// a crash in between leaves a trace of both.
struct DuplicateJournal {
    /// A change of the file system.
    struct Record: Codable, Hashable {
        enum State: String, Codable {
            case begun, done, undone
        }

        /// The records of one command have one run.
        let run: String
        /// In seconds since 1970.
        let time: Int64
        /// See `DuplicateAction.name`.
        let action: String
        /// Where the file was.
        let original: String
        /// Where it is now; for a link, where the bytes are.
        let place: String
        /// The file that was kept in its stead.
        let kept: String
        /// The SHA-256 of the file's bytes.
        let sha256: String
        var state: State
    }

    let path: String

    /// Adds a line, and waits until the disk has it.
    func append(_ record: Record) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileSystemError("write the journal", path) }
        defer { close(descriptor) }
        // A line that a crash cut off must not take this one with it.
        let start = Self.endsInALine(descriptor) ? Data() : Data("\n".utf8)
        let line = start + (try encoder.encode(record)) + Data("\n".utf8)
        // One call: lines of two processes do not mix.
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == line.count, fsync(descriptor) == 0 else { throw FileSystemError("write the journal", path) }
    }

    private static func endsInALine(_ descriptor: Int32) -> Bool {
        let length = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        return length <= 0 || pread(descriptor, &last, 1, length - 1) == 1 && last == UInt8(ascii: "\n")
    }

    /// The last state of every change that was not undone, in the order they were begun.
    ///
    /// A line that a crash cut off is passed over: what it was to announce was not begun.
    func pending() throws -> [Record] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        var order: [String] = []
        var records: [String: Record] = [:]
        let decoder = JSONDecoder()
        for line in try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")) {
            guard let record = try? decoder.decode(Record.self, from: line) else { continue }
            let key = record.run + "\0" + record.original
            if records.updateValue(record, forKey: key) == nil { order.append(key) }
        }
        return order.compactMap { records[$0] }.filter { $0.state != .undone }
    }
}

/// A change of the file system that did not succeed.
struct FileSystemError: Error, CustomStringConvertible {
    let description: String

    /// Takes the reason from `errno`.
    init(_ action: String, _ path: String) {
        description = "cannot \(action) (\(path)): \(String(cString: strerror(errno)))"
    }

    init(message: String) { description = message }
}
