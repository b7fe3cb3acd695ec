/// Which file of a group is kept.
public enum KeepRule: Sendable, Hashable {
    /// The one with the most pixels, of those the one with the most bytes.
    case largest
    /// The one that was taken first; where the time is not known, it is that of the last modification.
    case oldest
    /// A camera's raw photograph.
    case raw
    /// One whose path matches.
    case path(Glob)

    /// Reads rules as they stand on a command line: `raw,path:originals/**,largest`.
    ///
    /// A comma in a pattern is written `\,`.
    ///
    /// - Throws: `TaskError` for a rule that does not exist, or a pattern that cannot be read.
    public static func parse(_ text: String) throws -> [KeepRule] {
        try split(text).map { rule in
            switch rule {
            case "largest": return .largest
            case "oldest": return .oldest
            case "raw": return .raw
            case _ where rule.hasPrefix("path:"): return .path(try Glob(String(rule.dropFirst("path:".count))))
            default:
                throw TaskError(
                    .invalidInput, "\"\(rule)\" is no rule for what to keep",
                    remedy: "the rules are largest, oldest, raw and path:PATTERN, with commas between them")
            }
        }
    }

    /// Splits at commas that no backslash precedes.
    private static func split(_ text: String) -> [String] {
        var rules = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                rules.append("")
            } else {
                rules[rules.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return rules
    }

    /// The file that the rules keep: each leaves only those of the files that suit it best, if any do, to the next.
    ///
    /// What all rules leave undecided goes to the largest, the oldest, and at last the first in the order of the paths' bytes. All files are
    /// ranked in one order, so that a group within another keeps the file that the other keeps, if it has it.
    ///
    /// - Precondition: `files` is not empty.
    public static func kept(of files: [DuplicateGroup.File], by rules: [KeepRule]) -> DuplicateGroup.File {
        precondition(!files.isEmpty, "KeepRule: no files to choose from")
        let left = (rules + [.largest, .oldest]).reduce(files) { $1.best(of: $0) }
        let first = left.min { a, b in
            a.modifiedAt != b.modifiedAt
                ? a.modifiedAt < b.modifiedAt : a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
        }
        return first ?? files[0]
    }

    /// The files that suit the rule best, all when none does.
    private func best(of files: [DuplicateGroup.File]) -> [DuplicateGroup.File] {
        switch self {
        case .largest:
            let size = { (file: DuplicateGroup.File) in (Int64(file.picture.pixelCount), file.picture.byteCount) }
            guard let largest = files.map(size).max(by: <) else { return files }
            return files.filter { size($0) == largest }
        case .oldest:
            let time = { (file: DuplicateGroup.File) in file.picture.capturedAt ?? file.modifiedAt }
            let oldest = files.map(time).min()
            return files.filter { time($0) == oldest }
        case .raw:
            let raw = files.filter { RawExtensions.matches($0.path) }
            return raw.isEmpty ? files : raw
        case .path(let glob):
            let matching = files.filter { glob.matches($0.path) }
            return matching.isEmpty ? files : matching
        }
    }
}
