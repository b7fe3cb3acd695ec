import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import TestSupport

/// What a reference library computed from a folder of the fixtures.
struct Reference {
    let checkpoint: Checkpoint
    private let file: SafetensorsFile

    init(_ family: String) throws {
        let url = Fixtures.url("families/\(family)")
        let folder =
            family == "openai-pt"
            ? ModelFolder(file: url.appending(path: "ViT-tiny.pt")) : ModelFolder(name: family, url: url)
        checkpoint = try Checkpoint(
            folder, trunks: FamilyParityTests.trunks, encoders: FamilyParityTests.encoders)
        file = try SafetensorsFile(path: Fixtures.path("families/\(family)/reference.safetensors"))
    }

    func rows(_ name: String) throws -> [[Float]] {
        let tensor = try file.tensor(name)
        let values = try tensor.floats()
        let width = values.count / tensor.shape[0]
        return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<($0 + width)]) }
    }

    /// [B, Y, X, 3] from [B, 3, Y, X].
    func pictures() throws -> Tensor {
        let tensor = try file.tensor("pixels")
        let values = try tensor.floats()
        let (count, height, width) = (tensor.shape[0], tensor.shape[2], tensor.shape[3])
        var scalars: [Float] = []
        for picture in 0..<count {
            for pixel in 0..<(height * width) {
                for channel in 0..<3 { scalars.append(values[(picture * 3 + channel) * height * width + pixel]) }
            }
        }
        return Tensor(shape: [count, height, width, 3], scalars: scalars)
    }

    /// The ids of each text without what fills it up, where the reference tells how many there are.
    func texts() throws -> [[Int32]] {
        let ids = try rows("ids").map { $0.map { Int32($0) } }
        guard file.names.contains("ids_length") else { return ids }
        let lengths = try file.tensor("ids_length").floats().map { Int($0) }
        return zip(ids, lengths).map { Array($0.prefix($1)) }
    }
}
