import Foundation
import GlimpseFormats
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// From the file to the logits on real photographs, against Pillow and PyTorch (`Fixtures/generate/efficientnet_lite0.py`).
struct PhotographParityTests {
    /// `rocket.jpg` is left out: it carries a colour profile, which Glimpse obeys and the reference does not.
    private static let photographs = [(0, "chelsea.png"), (1, "coffee.png"), (3, "china.jpg"), (4, "flower.jpg")]

    @Test(arguments: photographs)
    func logitsOfAPhotographAgree(index: Int, name: String) throws {
        let compute = Compute(threads: 2)
        let golden = try SafetensorsFile(path: Fixtures.path("models/efficientnet_lite0.safetensors"))
        let folder = StandardFolders().models.appending(path: "lite").path(percentEncoded: false)
        let network = try EfficientNet(
            .lite0, WeightReader(try SafetensorsFile(path: folder + "/model.safetensors")).scope("vision_model."),
            on: compute)
        let path = Fixtures.samples.appending(path: name).path(percentEncoded: false)
        let picture = try ImageDecoder().decode(path: path)
        let variants = [
            ("squash", picture.resized(width: 224, height: 224, filter: .bicubic)),
            ("crop", picture.resizedShortestSide(to: 256, cropTo: 224, filter: .bicubic)),
        ]
        for (variant, pixels) in variants {
            let input = compute.normalizePixels(
                count: 1, height: 224, width: 224, mean: Array(repeating: 127 / 255, count: 3),
                standardDeviation: Array(repeating: 128 / 255, count: 3)
            ) { _, use in pixels.withUnsafeBytes(use) }
            let logits = network.logits(network.features(input, on: compute), on: compute)
            let all = try golden.tensor("\(variant).logits").floats()
            let expected = Array(all[(index * 1000)..<((index + 1) * 1000)])
            #expect(cosine(logits.row(0), expected) >= 0.9999, "\(name), \(variant)")
        }
    }
}
