import Foundation
import GlimpseLibrary
import GlimpseTasks

/// Prints groups of duplicates.
struct DuplicatePrinter {
    let format: FindDuplicates.Format
    /// Which file of a group is kept.
    let rules: [KeepRule]

    func print(_ groups: [DuplicateGroup]) throws {
        let output = StandardOutput()
        switch format {
        case .table:
            for (index, group) in groups.enumerated() { try output.write((index == 0 ? "" : "\n") + table(group)) }
        case .json: try output.writeLine(try JSONText.pretty(groups.map(record)))
        case .jsonl: for group in groups { try output.writeLine(try JSONText.line(record(group))) }
        case .paths:
            for group in groups {
                let kept = KeepRule.kept(of: group.files, by: rules)
                for file in group.files where file.path != kept.path { try output.writeLine(file.path) }
            }
        }
    }

    private func table(_ group: DuplicateGroup) -> String {
        let kept = KeepRule.kept(of: group.files, by: rules)
        let lines = ([kept] + group.files.filter { $0.path != kept.path }).map { file in
            let size = "\(file.picture.width) × \(file.picture.height)".padding(
                toLength: 13, withPad: " ", startingAt: 0)
            let bytes = file.picture.byteCount.formatted(.byteCount(style: .file))
            let mark = file.path == kept.path ? Terminal.bold("keep") : "    "
            let length = String(repeating: " ", count: max(0, 8 - bytes.count)) + bytes
            return "  \(mark)  \(size) \(length)  \(file.path)"
        }
        return ([Terminal.bold(group.tier.rawValue)] + lines).joined(separator: "\n") + "\n"
    }

    private struct Record: Encodable {
        struct File: Encodable {
            let path: String
            let isKept: Bool
            let sha256: String
            let bytes: Int64
            let width: Int
            let height: Int
            let cosine: Float?
            let hashDistance: Int?
            let correlation: Float?
            let secondsLater: Int64?
        }

        let tier: DuplicateTier
        let files: [File]
    }

    private func record(_ group: DuplicateGroup) -> Record {
        let kept = KeepRule.kept(of: group.files, by: rules)
        let matches = Dictionary(
            group.members.map { ($0.picture.contentHash, $0.match) }, uniquingKeysWith: { first, _ in first })
        return Record(
            tier: group.tier,
            files: group.files.map { file in
                let match = matches[file.picture.contentHash]
                return Record.File(
                    path: file.path, isKept: file.path == kept.path, sha256: file.picture.contentHash.description,
                    bytes: file.picture.byteCount, width: file.picture.width, height: file.picture.height,
                    cosine: match?.cosine, hashDistance: match?.hashDistance, correlation: match?.correlation,
                    secondsLater: match?.secondsLater)
            })
    }
}
