import Foundation
import GlimpseMedia
import GlimpseTasks
import GlimpseTensor

extension Workload {
    /// Everything that is measured.
    static func all(models: Models) throws -> [Workload] {
        clipPictures + clipTexts + [try clipHead()] + litePictures + liteTexts
    }

    private static var clipPictures: [Workload] {
        let runs: [(checkpoint: Checkpoint, precision: Precision, batches: [Int])] = [
            (.clip, .float32, [1, 8, 16]), (.clipOfHalves, .float32, [1, 8, 16]),
            (.clip, .int16, [1, 8]), (.clip, .int8, [1, 8]),
        ]
        return runs.flatMap { checkpoint, precision, batches in
            batches.map { batch in
                Workload(
                    name: "\(title(checkpoint)), picture × \(batch)", checkpoint: checkpoint, precision: precision,
                    inputs: .pictures((0..<batch).map(picture)),
                    networks: onnx("\(folder(checkpoint))clip-image", isFusedToo: true)
                        + [Network(runtime: .openCLIP, file: "")],
                    target: target(precision, batch))
            }
        }
    }

    private static func title(_ checkpoint: Checkpoint) -> String {
        checkpoint == .clipOfHalves ? "CLIP ViT-B/32 of halves" : "CLIP ViT-B/32"
    }

    /// Where the networks of a checkpoint are, among all.
    private static func folder(_ checkpoint: Checkpoint) -> String { checkpoint == .clipOfHalves ? "halves/" : "" }

    private static func target(_ precision: Precision, _ batch: Int) -> Double? {
        switch precision {
        case .float32: batch == 1 ? 1.25 : 1.15
        case .float16: nil
        case .int16: 1.7
        case .int8: 2
        }
    }

    private static var clipTexts: [Workload] {
        [Checkpoint.clip, .clipOfHalves].flatMap { checkpoint in
            [Int?.none, 77].flatMap { length in
                [1, 16, 64].map { clipText(checkpoint, texts($0), "text of 7 tokens", paddedTo: length) }
                    + [16, 64].map {
                        clipText(checkpoint, unlikeTexts($0), "unlike texts of 7 tokens", paddedTo: length)
                    }
            }
        }
    }

    private static func clipText(
        _ checkpoint: Checkpoint, _ texts: [String], _ what: String, paddedTo length: Int?
    ) -> Workload {
        var networks = onnx("\(folder(checkpoint))clip-text", isFusedToo: true)
        // open_clip's text tower takes texts of its context's length only.
        if length != nil { networks.append(Network(runtime: .openCLIP, file: "")) }
        return Workload(
            name: "\(title(checkpoint)), \(what) × \(texts.count), \(padding(length))", checkpoint: checkpoint,
            precision: .float32, inputs: .texts(texts, paddedTo: length), networks: networks,
            target: length == nil ? 1.2 : (texts.count == 1 ? 6 : 12))
    }

    /// 1,000 labels would keep the peer busy for a quarter of an hour; the time of both sides grows with the labels.
    private static func clipHead() throws -> Workload {
        let photo = try PromptTemplates(nameOrPath: "photo")
        return Workload(
            name: "CLIP ViT-B/32, zero-shot head of 25 labels × 20 templates", checkpoint: .clip, precision: .float32,
            inputs: .labels(
                try LabelSet(nouns.prefix(25).map(String.init)), try PromptTemplates(Array(photo.templates.prefix(20)))),
            networks: [Network(runtime: .openCLIP, file: "")], target: 10)
    }

    private static var litePictures: [Workload] {
        [1, 8].map { batch in
            Workload(
                name: "lite, picture × \(batch)", checkpoint: .lite, precision: .float32,
                inputs: .pictures((0..<batch).map(picture)),
                networks: onnx("efficientnet_lite0", isFusedToo: false), target: 1.1)
        }
    }

    private static var liteTexts: [Workload] {
        [Int?.none, 128].flatMap { length in
            [1, 16, 64].map { batch in
                Workload(
                    name: "lite, text of 7 tokens × \(batch), \(padding(length))", checkpoint: .lite,
                    precision: .float32,
                    inputs: .texts(texts(batch), paddedTo: length), networks: onnx("minilm", isFusedToo: true),
                    target: length == nil ? 1 : 4)
            }
        }
    }

    /// A network of ONNX's own operators for both runtimes, and one with ONNX Runtime's fused operators where there is one.
    private static func onnx(_ name: String, isFusedToo: Bool) -> [Network] {
        let networks = [Runtime.onnxRuntime, .openVINO].map { Network(runtime: $0, file: "\(name).onnx") }
        return networks + (isFusedToo ? [Network(runtime: .onnxRuntime, file: "\(name)-fused.onnx")] : [])
    }

    private static func padding(_ length: Int?) -> String {
        length.map { "peer padded to \($0)" } ?? "peer unpadded"
    }

    /// As many sentences of a template: all but one of their words are the same.
    private static func texts(_ count: Int) -> [String] { nouns.prefix(count).map { "a photo of a \($0)" } }

    /// As many texts of five words, each of which begins with another.
    private static func unlikeTexts(_ count: Int) -> [String] {
        (0..<count).map { first in
            (0..<5).map { nouns[(first + 7 * $0) % nouns.count] }.joined(separator: " ")
        }
    }

    /// A picture of smooth waves, different for every seed: networks give noise the same vector, whatever the noise.
    static func picture(seed: Int) -> Pixels {
        let side = 224
        let bytes = (0..<side * side * 3).map { index in
            let (y, x, channel) = (index / 3 / side, index / 3 % side, index % 3)
            let wave = sin(Double(x * (seed + 1)) / 29 + Double(channel)) * cos(Double(y) / Double(11 + 5 * seed))
            return UInt8(127.5 + 127 * wave)
        }
        return Pixels(width: side, height: side, bytes: bytes)
    }

    /// Words of one token each.
    private static let nouns = """
        cat dog horse cow sheep goat pig lion tiger bear wolf fox deer rabbit mouse elephant monkey snake frog fish shark whale duck \
        goose eagle owl parrot penguin butterfly bee spider tree flower rose leaf apple banana orange lemon bread cheese cake pizza \
        cup bottle table chair lamp clock book piano guitar violin drum car bus train bicycle boat ship rocket bridge castle church
        """.split(separator: " ")
}
