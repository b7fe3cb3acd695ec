import ArgumentParser
import Foundation
import GlimpseTasks

/// How found pictures are printed.
enum MatchFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, jsonl, csv, paths
}

/// Prints pictures that were found, the best first.
struct MatchPrinter {
    /// What stands beside the score.
    enum Remark: String {
        /// How probable it is that the picture shows what was asked.
        case presence
        /// In which degree it is the picture that was given.
        case tier
    }

    let format: MatchFormat
    let remark: Remark
    /// Whether paths are printed, each with a zero byte behind.
    let isZeroTerminated: Bool
    /// Whether pictures are shown below their rows.
    let isPreviewed: Bool
    private let output = StandardOutput()

    init(format: MatchFormat, remark: Remark, isZeroTerminated: Bool = false, isPreviewed: Bool = false) {
        self.format = format
        self.remark = remark
        self.isZeroTerminated = isZeroTerminated
        self.isPreviewed = isPreviewed
    }

    /// What programs that read JSON are told where nothing was found.
    func printNothing() throws {
        if !isZeroTerminated, format == .json { try output.writeLine("[]") }
    }

    func print(_ matches: [MatchRecord]) throws {
        if isZeroTerminated { return try output.write(matches.map { $0.path + "\0" }.joined()) }
        switch format {
        case .paths:
            for match in matches { try output.writeLine(match.path) }
        case .table:
            let preview = isPreviewed ? try TerminalPreview() : nil
            for match in matches {
                try output.writeLine(row(match))
                try preview?.show(match.path)
            }
        case .csv:
            let columns = ["path", "score", remark.rawValue, "width", "height", "taken", "camera"]
            try output.writeLine(Delimited.csv(columns))
            for match in matches { try output.writeLine(Delimited.csv(values(match))) }
        case .jsonl:
            for match in matches { try output.writeLine(try JSONText.line(match)) }
        case .json:
            try output.writeLine(try JSONText.pretty(matches))
        }
    }

    private func row(_ match: MatchRecord) -> String {
        let score = Terminal.bold(String(format: "%6.3f", match.score))
        let remark =
            switch remark {
            case .presence: match.presence.map { "  " + String(format: "%3.0f %%", $0 * 100) } ?? ""
            case .tier: "  " + (match.tier?.rawValue ?? "").padding(toLength: 10, withPad: " ", startingAt: 0)
            }
        let copies = match.paths.count > 1 ? Terminal.dim("  (and \(match.paths.count - 1) more)") : ""
        return "\(score)\(remark)  \(match.path)\(copies)"
    }

    private func values(_ match: MatchRecord) -> [String] {
        let remark =
            switch remark {
            case .presence: match.presence.map { "\($0)" }
            case .tier: match.tier?.rawValue
            }
        return [
            match.path, "\(match.score)", remark ?? "", "\(match.width)", "\(match.height)", match.taken ?? "",
            match.camera ?? "",
        ]
    }
}
