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
        let embedding: [Float]?
        let error: String?
    }

    private let output = StandardOutput()

    func write(_ item: EmbeddingStream.Output) throws {
        switch item.result {
        case .success(let embedding):
            let record = Record(
                input: item.input.value, model: embedding.model.name, embedding: embedding.values, error: nil)
            try output.writeLine(try JSON.line(record))
        case .failure(let error):
            try output.writeLine(
                try JSON.line(Record(input: item.input.value, model: nil, embedding: nil, error: error.message)))
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
