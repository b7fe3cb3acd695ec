import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import GlimpseText
import TestSupport
import Testing

/// Every family of checkpoints, on small random weights, against the library it comes from.
///
/// What each folder stands for, and which library made the reference, is told in `Fixtures/families/README.md`.
struct FamilyParityTests {
    /// Picture towers of timm that exist in the fixtures only.
    static let trunks = TimmTrunks([
        "vit_tiny_patch8_siglip_24": .sigLIP(
            patchSize: 8, width: 32, layerCount: 2, headCount: 4, hiddenWidth: 64, approximatesGELU: false),
        "vit_tiny_patch8_siglip_tanh_24": .sigLIP(
            patchSize: 8, width: 32, layerCount: 2, headCount: 4, hiddenWidth: 64, approximatesGELU: true),
        "fastvit_tiny_mci0": .fastViT, "fastvit_tiny_mci3": .fastViT,
        "vit_tiny_mci_48": .hybrid(width: 32, layerCount: 2, headCount: 4, hiddenWidth: 64),
        "vit_tiny_patch8_clip_24": .clip(patchSize: 8, width: 32, layerCount: 2, headCount: 4, hiddenWidth: 64),
    ])

    static let families = [
        "hf-clip", "hf-clip-bin", "hf-clip-eos", "hf-clip-sharded", "hf-siglip", "hf-siglip2", "openai-pt", "openai-rn",
        "openclip-clipa", "openclip-coca", "openclip-mobileclip", "openclip-mobileclip-b", "openclip-mobileclip-fused",
        "openclip-mobileclip2", "openclip-mobileclip2-l", "openclip-siglip", "openclip-siglip2", "openclip-vit",
        "openclip-vit-heads", "openclip-vit-quickgelu", "openclip-worldwide", "openclip-xlmr",
    ]

    /// Text towers of transformers that exist in the fixtures only.
    static let encoders = XLMRobertaKinds([
        "xlm-roberta-base": XLMRobertaKind(
            width: 64, layerCount: 2, headCount: 1, hiddenWidth: 32, vocabularySize: 110, positionCount: 40)
    ])

    @Test(arguments: families) func picturesHaveTheReferencesVectors(family: String) throws {
        let reference = try Reference(family)
        let compute = Compute(threads: 2)
        let tower = try #require(try reference.checkpoint.load(.image, on: compute).image)
        let pictures = try reference.pictures()
        let expected = try reference.rows("image_features")
        try check(tower(pictures, on: compute), expected, "\(family), together")
        for (index, row) in expected.enumerated() {
            let size = pictures.count / expected.count
            let picture = Tensor(
                shape: Shape([1] + pictures.shape.dimensions.dropFirst()),
                scalars: Array(pictures.scalars[(index * size)..<((index + 1) * size)]))
            try check(tower(picture, on: compute), [row], "\(family), picture \(index) alone")
        }
    }

    /// A text's vector does not depend on what it has in common with the others of its batch.
    @Test(arguments: families) func textsThatBeginAlikeHaveTheVectorsTheyHaveAlone(family: String) throws {
        let compute = Compute(threads: 2)
        let reference = try Reference(family)
        let tower = try #require(try reference.checkpoint.load(.text, on: compute).text)
        // Each text, the text without a token in its middle, and both again.
        let texts = try reference.texts().filter { $0.count > 2 }.flatMap { text in
            [text, Array(text[..<(text.count / 2)] + text[(text.count / 2 + 1)...])]
        }
        try #require(!texts.isEmpty)
        let alone = texts.map { tower([$0], on: compute).scalars }
        try check(tower(texts + texts.reversed(), on: compute), alone + alone.reversed(), family)
    }

    @Test(arguments: families) func textsHaveTheReferencesVectors(family: String) throws {
        let reference = try Reference(family)
        let compute = Compute(threads: 2)
        let tower = try #require(try reference.checkpoint.load(.text, on: compute).text)
        let texts = try reference.texts()
        let expected = try reference.rows("text_features")
        try check(tower(texts, on: compute), expected, "\(family), together")
        for (text, row) in zip(texts, expected) {
            try check(tower([text], on: compute), [row], "\(family), a text of \(text.count) alone")
        }
    }

    private static func leastCosine(_ precision: Precision) -> Double {
        // Tiny towers are the hard case: few numbers to average rounding over.
        switch precision {
        case .float32: 0.999_999
        case .float16: 0.999_99
        case .int16: 0.999_9
        case .int8: 0.98
        }
    }

    @Test(
        arguments: ["hf-clip", "hf-siglip", "openclip-vit", "openclip-coca", "openclip-xlmr"], Precision.allCases)
    func lowerPrecisionStaysClose(family: String, precision: Precision) throws {
        let reference = try Reference(family)
        let compute = Compute(threads: 2)
        let loaded = try reference.checkpoint.load(.both, precision: precision, on: compute)
        let image = try #require(loaded.image)
        let text = try #require(loaded.text)
        let pictures = image(try reference.pictures(), on: compute)
        let texts = text(try reference.texts(), on: compute)
        for (tensor, name) in [(pictures, "image_features"), (texts, "text_features")] {
            for (index, row) in try reference.rows(name).enumerated() {
                let similarity = Double(cosine(tensor.row(index), row))
                #expect(similarity >= Self.leastCosine(precision), "\(name) \(index)")
            }
        }
    }

    @Test(arguments: families) func scoresAreTheReferences(family: String) throws {
        let reference = try Reference(family)
        let compute = Compute(threads: 1)
        let loaded = try reference.checkpoint.load(.both, on: compute)
        let images = try reference.rows("image_features")
        let texts = try reference.rows("text_features")
        let expected = try reference.rows("logits_per_image")
        for (image, row) in zip(images, expected) {
            let logits = texts.map { text in
                loaded.calibration.logitScale * Float(cosine(image, text)) + (loaded.calibration.logitBias ?? 0)
            }
            expectClose(logits, row, tolerance: 1e-4, family)
        }
    }

    /// Those whose folders hold their tokenizers' files.
    @Test(arguments: [
        "hf-clip", "hf-clip-bin", "hf-clip-eos", "hf-clip-sharded", "hf-siglip", "hf-siglip2", "openclip-clipa",
        "openclip-siglip", "openclip-siglip2", "openclip-xlmr",
    ])
    func textsHaveTheReferencesTokens(family: String) throws {
        let reference = try Reference(family)
        let tokenizer = try reference.checkpoint.tokenizer()
        let texts = try JSONDecoder().decode(
            [String].self, from: Data(contentsOf: Fixtures.url("families/\(family)/texts.json")))
        for (text, expected) in zip(texts, try reference.texts()) {
            let ids = tokenizer.encode(text)
            #expect(ids + Array(repeating: 0, count: max(0, expected.count - ids.count)) == expected, "\(text)")
        }
    }

    @Test(arguments: families) func preprocessingIsKnown(family: String) throws {
        let reference = try Reference(family)
        #expect(try reference.checkpoint.preprocessor().resolution == reference.pictures().shape[1])
    }

    private func check(_ found: Tensor, _ expected: [[Float]], _ what: String) throws {
        try #require(found.shape.dimensions == [expected.count, expected[0].count])
        for (index, row) in expected.enumerated() {
            expectClose(found.row(index), row, tolerance: 2e-4, what)
            #expect(cosine(found.row(index), row) >= 0.99999, "\(what)")
        }
    }
}
