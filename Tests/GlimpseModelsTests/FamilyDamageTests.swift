import Foundation
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// Picture towers whose sizes follow from their tensors, or whose tensors are folded while they are read, against files
/// that are not what they should be: an error that says so, and nothing else.
struct FamilyDamageTests {
    private static let families = [
        "openai-rn", "openclip-mobileclip", "openclip-mobileclip-b", "openclip-mobileclip-fused",
    ]

    /// What happens to one tensor.
    enum Damage: CaseIterable {
        /// It has a name that no model asks for, and that is not missed elsewhere.
        case missing
        /// The same numbers, in one axis; a vector has two.
        case flat
        /// It has as many axes, of which the first is 0.
        case empty
    }

    @Test(arguments: families, Damage.allCases) func aDamagedTensorIsReported(family: String, damage: Damage) throws {
        let original = try Weights(family)
        let folder = try TemporaryFolder()
        try original.writeConfiguration(to: folder)
        for name in original.names {
            var weights = original
            weights.damage(name, damage)
            try weights.write(to: folder)
            #expect(throws: ModelError.self, "\(name), \(damage)") { try load(folder) }
        }
    }

    @Test func attentionOverChannelsThatMakeNoHeadsIsReported() throws {
        let folder = try TemporaryFolder()
        var weights = try Weights("openclip-mobileclip")
        try weights.writeConfiguration(to: folder)
        let mixer = "visual.trunk.stages.0.blocks.0.token_mixer."
        weights.rename(mixer + "mixer.conv_kxk.0.conv.weight", to: mixer + "qkv.weight")
        try weights.write(to: folder)
        let error = #expect(throws: ModelError.self) { try load(folder) }
        #expect(error?.message.contains("attention over 8 channels, expected a multiple of 32") ?? false)
    }

    @Test func outputsThatAreNoMultipleOfTheChannelsAreReported() throws {
        let folder = try TemporaryFolder()
        var weights = try Weights("openclip-mobileclip")
        try weights.writeConfiguration(to: folder)
        weights.rename("visual.trunk.stages.3.downsample.proj.0.large_conv.conv.weight", to: "text_decoder.large")
        weights.rename(
            "visual.trunk.final_conv.se.fc1.weight",
            to: "visual.trunk.stages.3.downsample.proj.0.large_conv.conv.weight")
        try weights.write(to: folder)
        let error = #expect(throws: ModelError.self) { try load(folder) }
        #expect(error?.message.contains("8 outputs from 16 channels, expected a multiple") ?? false)
    }

    @Test(arguments: [
        ("openai-rn", "\"image_size\": 64", "\"image_size\": 65"),
        ("openai-rn", "\"width\": 4", "\"width\": 5"),
        ("openai-rn", "\"width\": 4", "\"width\": 9000000000000000000"),
        ("openai-rn", "\"width\": 4", "\"width\": 4, \"head_width\": 0"),
        ("openai-rn", "\"width\": 4", "\"width\": 4, \"head_width\": 7"),
        ("openai-rn", "\"width\": 4", "\"width\": 10000"),
        ("openai-rn", "\"layers\": [", "\"layers\": [1,"),
        ("openai-rn", "\"layers\": [", "\"layers\": [0, 1, 1, 1], \"unknown\": ["),
        ("openclip-vit", "\"patch_size\"", "\"mlp_ratio\": 1e300, \"patch_size\""),
        ("openclip-mobileclip", "\"image_size\": 48", "\"image_size\": 0"),
        ("openclip-mobileclip", "\"embed_dim\": 16", "\"embed_dim\": 0"),
        ("openclip-mobileclip", "\"avg\"", "\"token\""),
        ("openclip-mobileclip", "\"timm_proj\": null", "\"timm_proj\": \"mlp\""),
        ("openclip-mobileclip", "fastvit_tiny_mci0", "fastvit_tiny_mci9"),
        ("openclip-mobileclip-b", "\"image_size\": 48", "\"image_size\": 8"),
        ("openclip-mobileclip2-l", "\"token\"", "\"avg\""),
    ])
    func sizesThatMakeNoModelAreReported(family: String, original: String, changed: String) throws {
        let folder = try TemporaryFolder()
        let weights = try Weights(family)
        try weights.writeConfiguration(to: folder) { $0.replacing(original, with: changed) }
        try weights.write(to: folder)
        #expect(throws: ModelError.self) { try load(folder) }
    }

    private func load(_ folder: TemporaryFolder) throws {
        let model = ModelFolder(name: "damaged", url: folder.url)
        _ = try Checkpoint(model, trunks: FamilyParityTests.trunks).load(.image, on: Compute(threads: 1))
    }
}

/// The file of weights of a family in the fixtures, whose header can be changed.
private struct Weights {
    private struct Entry {
        var name: String
        let type: String
        var shape: [Int]
        let offsets: [Int]
    }

    private let family: String
    private var entries: [Entry]
    private let data: Data
    private static let configuration = "open_clip_config.json"
    private static let file = "open_clip_model.safetensors"

    init(_ family: String) throws {
        self.family = family
        let file = try Data(contentsOf: Fixtures.url("families/\(family)/\(Self.file)"))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: file[8..<(8 + length)])
        data = file[(8 + length)...]
        entries = try #require(header as? [String: Any]).compactMap { name, value in
            guard let value = value as? [String: Any], let type = value["dtype"] as? String,
                let shape = value["shape"] as? [Int], let offsets = value["data_offsets"] as? [Int]
            else { return nil }
            return Entry(name: name, type: type, shape: shape, offsets: offsets)
        }
    }

    /// The tensors of the picture tower that inference needs, of those that differ in stage and block only the first.
    var names: [String] {
        var kinds: Set<String> = []
        return entries.map(\.name).sorted().filter { name in
            name.hasPrefix("visual.") && !name.hasSuffix(".num_batches_tracked")
                && kinds.insert(name.replacing(/(stages|blocks|layer)\.?\d+(\.\d+)?/) { $0.output.1 }).inserted
        }
    }

    mutating func rename(_ name: String, to other: String) {
        for index in entries.indices where entries[index].name == name { entries[index].name = other }
    }

    mutating func damage(_ name: String, _ damage: FamilyDamageTests.Damage) {
        guard let index = entries.firstIndex(where: { $0.name == name }) else { return }
        let (entry, start) = (entries[index], entries[index].offsets[0])
        let count = entry.shape.reduce(1, *)
        switch damage {
        case .missing:
            entries[index].name = "text_decoder.unused"
        case .flat:
            entries[index].shape = entry.shape.count == 1 ? [1, count] : [count]
            // Of these a flat one is as good: libraries put axes of extent 1 here and there.
            if ["gamma", "cls_token", "pos_embed"].contains(where: name.hasSuffix) {
                entries[index].name = "text_decoder.unused"
            }
        case .empty:
            entries[index].name = "text_decoder.unused"
            entries.append(
                Entry(name: name, type: entry.type, shape: [0] + entry.shape.dropFirst(), offsets: [start, start]))
        }
    }

    func writeConfiguration(to folder: TemporaryFolder, _ change: (String) -> String = { $0 }) throws {
        let url = Fixtures.url("families/\(family)/\(Self.configuration)")
        try folder.write(Data(change(String(contentsOf: url, encoding: .utf8)).utf8), to: Self.configuration)
    }

    func write(to folder: TemporaryFolder) throws {
        let header = Dictionary(
            uniqueKeysWithValues: entries.map { entry in
                (
                    entry.name,
                    ["dtype": entry.type, "shape": entry.shape, "data_offsets": entry.offsets] as [String: Any]
                )
            })
        let json = try JSONSerialization.data(withJSONObject: header)
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        try folder.write(length + json + data, to: Self.file)
    }
}
