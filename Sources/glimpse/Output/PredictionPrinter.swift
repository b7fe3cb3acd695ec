import Foundation
import GlimpseTasks

/// Prints the labels of pictures, a picture at a time.
struct PredictionPrinter {
    /// How many pictures were printed.
    private(set) var count = 0
    private let format: Classify.Format
    private let output = StandardOutput()
    private var array: JSONArrayWriter

    init(format: Classify.Format) {
        self.format = format
        array = JSONArrayWriter(output)
    }

    mutating func print(_ path: String, _ predictions: [Classifier.Prediction]) throws {
        switch format {
        case .table:
            try output.writeLine((count == 0 ? "" : "\n") + path)
            for prediction in predictions {
                try output.writeLine("  \(Terminal.bold(Self.percent(prediction.probability)))  \(prediction.label)")
            }
        case .json: try array.write(Record(path, predictions))
        case .jsonl: try output.writeLine(try JSONText.line(Record(path, predictions)))
        case .csv: try printRows(path, predictions, Delimited.csv)
        case .tsv: try printRows(path, predictions, Delimited.tsv)
        }
        count += 1
    }

    func finish() throws {
        if format == .json { try array.finish() }
    }

    private func printRows(
        _ path: String, _ predictions: [Classifier.Prediction], _ row: ([String]) -> String
    ) throws {
        if count == 0 { try output.writeLine(row(["path", "label", "probability", "cosine"])) }
        for prediction in predictions {
            try output.writeLine(row([path, prediction.label, "\(prediction.probability)", "\(prediction.cosine)"]))
        }
    }

    private static func percent(_ probability: Float) -> String {
        let text = String(format: "%.1f", probability * 100)
        return String(repeating: " ", count: max(0, 5 - text.count)) + text + " %"
    }

    private struct Record: Encodable {
        struct Label: Encodable {
            let label: String
            let probability: Float
            let cosine: Float
        }

        let path: String
        let labels: [Label]

        init(_ path: String, _ predictions: [Classifier.Prediction]) {
            self.path = path
            labels = predictions.map { Label(label: $0.label, probability: $0.probability, cosine: $0.cosine) }
        }
    }
}
