import ArgumentParser
import Foundation
import GlimpseFormats
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

struct Embed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn texts and pictures into vectors.",
        discussion: """
            glimpse embed "a cat" ./cat.jpg
            find photos -name '*.jpg' | glimpse embed > vectors.jsonl
            glimpse embed --output vectors.npy < descriptions.txt

            Without arguments, one text or picture a line is read from standard input. What names an existing file, or is one word and ends in a \
            picture's extension, is a picture; --text and --image settle it. One vector of length 1 comes out for each that goes in, in \
            the same order. A picture that cannot be read has an "error" in place of its vector (in a .npy file a row of NaN), and \
            the exit status is 2.
            """)

    @Argument(help: "Texts and pictures. (default: the lines of standard input)")
    var inputs: [String] = []

    @Flag(help: "All inputs are texts.")
    var text = false

    @Flag(help: "All inputs are pictures.")
    var image = false

    @Option(
        name: .shortAndLong, help: "Write a NumPy file, [inputs, dimension] of 32-bit floats, in place of JSON lines.")
    var output: String?

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var shared: SharedOptions

    /// So many texts run in one pass; so many lines of standard input are read ahead.
    private static let batch = 64

    func validate() throws {
        if text && image { throw ValidationError("--text and --image exclude each other.") }
        if let output, !output.hasSuffix(".npy") {
            throw ValidationError("--output \(output) does not end in .npy, the format it is written in.")
        }
    }

    func run() async throws {
        let compute = Compute()
        let model = try model.load(towers, on: compute, notes: shared.notes)
        let decoder = towers.contains(.image) ? try decoding.decoder(for: model) : ImageDecoder()
        let stream = EmbeddingStream(model: model, on: compute, decoder: decoder)
        var sink = try sink(dimension: model.identity.dimension)
        var unreadable: [UnreadableFile] = []
        try await forEachBatch { batch in
            for output in try await stream.embed(batch.map(input)) {
                try sink.write(output)
                if case .failure(let error) = output.result {
                    unreadable.append(UnreadableFile(path: output.input.value, message: error.message))
                }
            }
        }
        try sink.finish()
        try UnreadableFiles.report(unreadable, notes: shared.notes)
    }

    private var towers: Model.Towers {
        if text { return .text }
        if image { return .image }
        // Known inputs tell which towers are needed; lines that are still to come may be either.
        guard !inputs.isEmpty else { return .both }
        return inputs.map(input).reduce(into: Model.Towers()) { towers, input in
            if case .text = input { towers.insert(.text) } else { towers.insert(.image) }
        }
    }

    private func input(_ line: String) -> EmbeddingInput {
        if text { return .text(line) }
        if image { return .picture(line) }
        return EmbeddingInput(line, fileExists: FileManager.default.isFile(atPath:))
    }

    private func forEachBatch(_ body: ([String]) async throws -> Void) async throws {
        if inputs.isEmpty {
            if isatty(STDIN_FILENO) == 1 { shared.notes.note("Reading a text or picture a line; Ctrl-D ends.") }
            var reader = LineReader(limit: Self.batch)
            while let lines = try reader.next() { try await body(lines) }
        } else {
            for start in stride(from: 0, to: inputs.count, by: Self.batch) {
                try await body(Array(inputs[start..<min(start + Self.batch, inputs.count)]))
            }
        }
    }

    private func sink(dimension: Int) throws -> any EmbeddingSink {
        guard let output else { return JSONLinesSink() }
        return NumpySink(writer: try NumpyWriter(path: output, rowShape: [dimension]), dimension: dimension)
    }
}
