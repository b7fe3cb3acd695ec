import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// A small random EfficientNet-Lite against the reference package's own outputs (`Fixtures/generate/tiny_efficientnet.py`), from the
/// checkpoint with batch norms to the logits.
struct EfficientNetTests {
    @Test(arguments: ["32x32", "35x29"])
    func logitsAndFeaturesAgree(size: String) throws {
        let golden = try SafetensorsFile(path: Fixtures.path("models/tiny-efficientnet/outputs.safetensors"))
        let input = try golden.tensor("input.\(size)")
        let batch = input.shape[0]
        for compute in [Compute(threads: 1), Compute(threads: 2), .portable()] {
            let network = try TinyModels.efficientNet(checkpoint: "zip.pth", on: compute)
            let pictures = Tensor(shape: Shape(input.shape), scalars: try input.floats()).channelsLast()
            let features = network.features(pictures, on: compute)
            let logits = network.logits(features, on: compute)
            let expectedFeatures = Tensor(shape: [batch, 320], scalars: try golden.tensor("pooled.\(size)").floats())
            let expectedLogits = Tensor(shape: [batch, 10], scalars: try golden.tensor("logits.\(size)").floats())
            for row in 0..<batch {
                // Folding the norms rounds differently than applying them; seven blocks keep five digits.
                expectClose(features.row(row), expectedFeatures.row(row), tolerance: 2e-5, "features")
                expectClose(logits.row(row), expectedLogits.row(row), tolerance: 2e-5, "logits")
                #expect(cosine(logits.row(row), expectedLogits.row(row)) >= 0.99999)
            }
        }
    }

    @Test func aCheckpointOfAnotherShapeIsRefused() throws {
        let file = try TorchCheckpoint(path: Fixtures.path("models/tiny-efficientnet/zip.pth"))
        let error = #expect(throws: ModelError.self) {
            try EfficientNetCheckpoint(file, configuration: .lite0).folded(prefix: "")
        }
        #expect(error?.code == .weightMismatch)
        #expect(
            error?.description.contains("_conv_stem.weight is [8, 3, 3, 3], the configuration expects [32, 3, 3, 3]")
                == true)
    }
}

extension Tensor {
    /// [B, C, Y, X] → [B, Y, X, C].
    fileprivate func channelsLast() -> Tensor {
        let (batch, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
        let source = scalars
        var moved: [Float] = []
        for picture in 0..<batch {
            for pixel in 0..<(height * width) {
                for channel in 0..<channels {
                    moved.append(source[(picture * channels + channel) * height * width + pixel])
                }
            }
        }
        return Tensor(shape: [batch, height, width, channels], scalars: moved)
    }
}
