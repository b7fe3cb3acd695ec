import GlimpseFormats
import GlimpseMedia
import GlimpseModels
import GlimpseTasks

/// Where embeddings go.
protocol EmbeddingSink {
    mutating func write(_ output: EmbeddingStream.Output) throws
    mutating func finish() throws
}

/// A JSON object a line on standard output.
struct JSONLinesSink: EmbeddingSink {
    private struct Record: Encodable {
        let input: String
        let model: String?
        let error: String?
    }

    private let output = StandardOutput()

    func write(_ item: EmbeddingStream.Output) throws {
        switch item.result {
        case .success(let embedding):
            let record = try JSONText.line(Record(input: item.input.value, model: embedding.model.name, error: nil))
            guard let numbers = JSON.numbers(embedding.values) else {
                throw NumbersNotFinite(input: item.input.value, model: embedding.model.name)
            }
            // The record without the brace that opens it: "embedding" comes before its other keys.
            try output.writeLine("{\"embedding\":\(String(decoding: numbers, as: UTF8.self)),\(record.dropFirst())")
        case .failure(let error):
            try output.writeLine(
                try JSONText.line(Record(input: item.input.value, model: nil, error: error.message)))
        }
    }

    func finish() {}
}

/// A row a NumPy array.
struct NumpySink: EmbeddingSink {
    let writer: NumpyWriter
    let dimension: Int

    func write(_ item: EmbeddingStream.Output) throws {
        switch item.result {
        case .success(let embedding): try writer.append(embedding.values)
        case .failure: try writer.append(Array(repeating: .nan, count: dimension))
        }
    }

    func finish() throws { try writer.finish() }
}

/// A model whose weights are damaged in a way that only shows in what it makes.
struct NumbersNotFinite: Error, CustomStringConvertible {
    let input: String
    let model: String
    var description: String {
        "the model \(model) gives numbers that are not finite for \(input). `glimpse models verify \(model)` tells whether its files are intact."
    }
}
