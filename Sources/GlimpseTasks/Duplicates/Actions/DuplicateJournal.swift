internal import Foundation

/// What was done with duplicates, in the order it was done: enough to undo it.
///
/// Lines of JSON at the end of a file. A line is on the disk before the file system is changed, and another one when it has been, so that
/// a crash in between leaves a trace of both. Its errors are `TaskError`s, unlike what is the matter with a single file: without a journal
/// nothing more may be changed.
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
        /// For a link, what the file had besides its bytes, since it has what the kept file has from then on; nil in older lines.
        var attributes: FileAttributes?
        var state: State

        /// The same change, at another point.
        func with(_ state: State) -> Record {
            var record = self
            record.state = state
            return record
        }
    }

    let path: String
    let writer: FileWriter

    /// Adds a line, and waits until the disk has it.
    ///
    /// - Throws: `TaskError` `unwritableJournal`; the line may be there nevertheless, in part or as a whole.
    func append(_ record: Record) throws(TaskError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line: Data
        do {
            line = try encoder.encode(record) + Data("\n".utf8)
        } catch {
            throw unwritable(error.localizedDescription)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable() }
        defer { close(descriptor) }
        let length = lseek(descriptor, 0, SEEK_END)
        // A line that was cut off must not take this one with it.
        let start = Self.endsInALine(descriptor, length) ? Data() : Data("\n".utf8)
        // One call as a rule: lines of two processes do not mix.
        guard writer.writeAll(start + line, to: descriptor), fsync(descriptor) == 0 else { throw unwritable() }
        if length == 0 { try flushFolder() }
    }

    private static func endsInALine(_ descriptor: Int32, _ length: off_t) -> Bool {
        var last: UInt8 = 0
        return length <= 0 || pread(descriptor, &last, 1, length - 1) == 1 && last == UInt8(ascii: "\n")
    }

    /// A journal that is new has a name only when its folder is on the disk.
    private func flushFolder() throws(TaskError) {
        do {
            try FileMover.flushFolder(FileMover.folder(of: path))
        } catch {
            throw unwritable(error.description)
        }
    }

    private func unwritable(_ reason: String = String(cString: strerror(errno))) -> TaskError {
        TaskError(
            .unwritableJournal, "cannot write the journal of what is done with duplicates (\(path)): \(reason)",
            remedy: "nothing more was changed, and what was done before can be undone; see to the file and go on")
    }

    private func unreadable(_ reason: String) -> TaskError {
        TaskError(
            .unreadableJournal, "cannot read the journal of what is done with duplicates (\(path)): \(reason)",
            remedy: "see to the file")
    }

    /// The last state of every change that was not undone, in the order they were begun.
    ///
    /// A line that was cut off is passed over: what it was to announce was not begun, and of what was begun the line before it counts.
    ///
    /// - Throws: `TaskError` `unreadableJournal`.
    func pending() throws(TaskError) -> [Record] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw unreadable(error.localizedDescription)
        }
        var order: [String] = []
        var records: [String: Record] = [:]
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let record: Record
            do {
                record = try decoder.decode(Record.self, from: line)
            } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
                // No JSON: it was cut off.
                continue
            } catch {
                throw unreadable("a line is none that this version writes")
            }
            let key = record.run + "\0" + record.original
            if records.updateValue(record, forKey: key) == nil { order.append(key) }
        }
        return order.compactMap { records[$0] }.filter { $0.state != .undone }
    }
}
