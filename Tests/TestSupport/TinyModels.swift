import Foundation
import GlimpseFormats
package import GlimpseModels
package import GlimpseTensor

/// Models small enough to be committed, in the shapes of the real ones.
package enum TinyModels {
    package static let efficientNetConfiguration = """
        {"image_size": 32, "stem_channels": 8, "head_channels": 320, "num_labels": 10, "stages": [
            {"kernel_size": 3, "stride": 1, "expand_ratio": 1, "input_channels": 8, "output_channels": 16, "num_repeats": 2},
            {"kernel_size": 3, "stride": 2, "expand_ratio": 6, "input_channels": 16, "output_channels": 24, "num_repeats": 2},
            {"kernel_size": 5, "stride": 2, "expand_ratio": 6, "input_channels": 24, "output_channels": 16, "num_repeats": 2},
            {"kernel_size": 5, "stride": 1, "expand_ratio": 6, "input_channels": 16, "output_channels": 24, "num_repeats": 1}]}
        """

    package static func foldedEfficientNet(checkpoint: String, prefix: String) throws -> [String: Tensor] {
        let configuration = try JSONDecoder().decode(
            EfficientNetConfiguration.self, from: Data(efficientNetConfiguration.utf8))
        let file = try TorchCheckpoint(path: Fixtures.path("models/tiny-efficientnet/\(checkpoint)"))
        return try EfficientNetCheckpoint(file, configuration: configuration).folded(prefix: prefix)
    }

    package static func efficientNet(checkpoint: String, on compute: Compute) throws -> EfficientNet {
        let configuration = try JSONDecoder().decode(
            EfficientNetConfiguration.self, from: Data(efficientNetConfiguration.utf8))
        let folder = try TemporaryFolder()
        let path = folder.path("model.safetensors")
        try write(try foldedEfficientNet(checkpoint: checkpoint, prefix: "vision_model."), to: path)
        let reader = WeightReader(try SafetensorsFile(path: path))
        let network = try EfficientNet(configuration, reader.scope("vision_model."), on: compute)
        try reader.finish()
        return network
    }

    package static func write(_ weights: [String: Tensor], to path: String) throws {
        try SafetensorsWriter.write(
            weights.map { .init(name: $0.key, shape: $0.value.shape.dimensions, values: $0.value.scalars) }, to: path)
    }

    /// A whole `lite`-like folder of both tiny networks, with random class vectors.
    ///
    /// - Parameters:
    ///   - name: a folder in the folder.
    ///   - change: alters the weights before they are written.
    package static func writeLite(
        to folder: TemporaryFolder, below name: String = ".", change: (inout [String: Tensor]) -> Void = { _ in }
    ) throws {
        let textConfiguration = try String(contentsOf: Fixtures.url("models/tiny-bert/config.json"), encoding: .utf8)
        try folder.write(
            Data(
                """
                {"model_type": "glimpse-lite", "vision_config": \(efficientNetConfiguration), "text_config": \(textConfiguration),
                 "concepts": {"top_classes": 3, "appearance_dimension": 4, "appearance_scale": 1},
                 "context_length": 64, "logit_scale": 20}
                """.utf8), to: "\(name)/config.json")
        try folder.write(
            Data(
                """
                {"size": {"height": 32, "width": 32}, "resample": 3, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
                """.utf8), to: "\(name)/preprocessor_config.json")
        try folder.write(try tokenizer(), to: "\(name)/tokenizer.json")
        var weights = try foldedEfficientNet(checkpoint: "zip.pth", prefix: "vision_model.")
        let text = try SafetensorsFile(path: Fixtures.path("models/tiny-bert/model.safetensors"))
        for name in text.names {
            let stored = try text.tensor(name)
            weights["text_model." + name] = Tensor(shape: Shape(stored.shape), scalars: try stored.floats())
        }
        var random = SeededRandom(seed: 5)
        for (name, shape) in [
            ("class_vectors", [10, 32] as Shape), ("appearance.weight", [4, 320]), ("center", [32]),
        ] {
            weights["concepts." + name] = Tensor(
                shape: shape, scalars: (0..<shape.count).map { _ in Float.random(in: -0.1...0.1, using: &random) })
        }
        change(&weights)
        try write(weights, to: folder.path("\(name)/model.safetensors"))
    }

    /// The tiny BERT's vocabulary as a `tokenizer.json`.
    private static func tokenizer() throws -> Data {
        let words = try String(contentsOf: Fixtures.url("models/tiny-bert/vocab.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].enumerated().map { id, content in
            [
                "id": id, "content": content, "special": true, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false,
            ] as [String: Any]
        }
        let vocabulary = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
        let file: [String: Any] = [
            "added_tokens": specials,
            "normalizer": [
                "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "lowercase": true,
            ],
            "pre_tokenizer": ["type": "BertPreTokenizer"],
            "model": [
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100, "vocab": vocabulary,
            ] as [String: Any],
        ]
        // The same bytes each time: they are part of the model's fingerprint.
        return try JSONSerialization.data(withJSONObject: file, options: .sortedKeys)
    }
}
