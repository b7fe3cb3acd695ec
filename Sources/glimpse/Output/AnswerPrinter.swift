import Foundation
import GlimpseLibrary
import GlimpseTasks

/// Prints the answers to a search.
struct AnswerPrinter {
    let format: Search.Format
    /// Whether paths are printed, each with a zero byte behind.
    let isZeroTerminated: Bool
    let isPreviewed: Bool
    private let output = StandardOutput()

    init(format: Search.Format, isZeroTerminated: Bool, isPreviewed: Bool) {
        self.format = format
        self.isZeroTerminated = isZeroTerminated
        self.isPreviewed = isPreviewed
    }

    func print(_ answers: [SearchAnswer]) throws {
        if isZeroTerminated { return try output.write(answers.map { $0.match.path + "\0" }.joined()) }
        switch format {
        case .paths:
            for answer in answers { try output.writeLine(answer.match.path) }
        case .table:
            let preview = isPreviewed ? try TerminalPreview() : nil
            for answer in answers {
                let match = answer.match
                let copies = match.paths.count > 1 ? Terminal.dim("  (and \(match.paths.count - 1) more)") : ""
                let presence = answer.presence.map { "  " + Self.percent($0) } ?? ""
                try output.writeLine("\(Terminal.bold(Self.score(match.score)))\(presence)  \(match.path)\(copies)")
                try preview?.show(match.path)
            }
        case .csv:
            try output.writeLine(Delimited.csv(["path", "score", "presence", "width", "height", "taken", "camera"]))
            for match in answers.map(Record.init) {
                try output.writeLine(
                    Delimited.csv([
                        match.path, "\(match.score)", match.presence.map { "\($0)" } ?? "", "\(match.width)",
                        "\(match.height)", match.taken ?? "",
                        match.camera ?? "",
                    ]))
            }
        case .jsonl:
            for answer in answers { try output.writeLine(try JSONText.line(Record(answer))) }
        case .json:
            try output.writeLine(try JSONText.pretty(answers.map(Record.init)))
        }
    }

    private static func score(_ value: Float) -> String { String(format: "%6.3f", value) }
    private static func percent(_ value: Float) -> String { String(format: "%3.0f %%", value * 100) }

    private struct Record: Encodable {
        let path: String
        let paths: [String]
        let score: Float
        let presence: Float?
        let sha256: String
        let width: Int
        let height: Int
        let taken: String?
        let camera: String?
        let latitude: Double?
        let longitude: Double?

        init(_ answer: SearchAnswer) {
            let match = answer.match
            presence = answer.presence
            path = match.path
            paths = match.paths
            score = match.score
            sha256 = match.contentHash.description
            width = match.description.width
            height = match.description.height
            taken = match.description.capturedAt.map(CameraClock.text)
            camera = match.description.camera
            latitude = match.description.place?.latitude
            longitude = match.description.place?.longitude
        }
    }
}

/// Times as cameras show them, without a zone.
enum CameraClock {
    /// Seconds since 1970 by a clock that shows UTC, as `2024-05-31T18:30:00`.
    static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: false))
    }
}
