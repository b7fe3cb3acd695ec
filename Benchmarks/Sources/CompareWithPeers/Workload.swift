import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseText

/// One row of the table: the same inputs for both sides.
struct Workload {
    /// What both sides embed.
    enum Inputs {
        case pictures([Pixels])
        case texts([String], tokens: [[Int32]], paddedTo: Int?)
    }

    /// What the row is called.
    let name: String
    let inputs: Inputs
    /// ONNX files of the same network; the fastest is the one that counts.
    let models: [String]
    /// The ratio that Glimpse aims at, where it has one.
    let target: Double?

    /// Embeds the inputs, and drops what an earlier run made.
    func embed(with embedder: Embedder) throws -> [Embedding] {
        switch inputs {
        case .pictures(let pictures): try embedder.embed(preprocessed: pictures)
        case .texts(let texts, _, _): try embedder.embed(texts: texts)
        }
    }

    /// The inputs as the peer takes them.
    func request(model: String, in folder: URL) -> PeerProcess.LoadRequest {
        var request = PeerProcess.LoadRequest(
            load: loadedName(model: model), model: folder.appending(path: model).path(percentEncoded: false))
        switch inputs {
        case .pictures(let pictures):
            let bytes = pictures.reduce(into: Data()) { data, picture in
                picture.withUnsafeBytes { data.append(contentsOf: $0) }
            }
            request.pictures = bytes.base64EncodedString()
        case .texts(_, let tokens, let length):
            request.tokens = tokens
            request.length = length
        }
        return request
    }

    /// What the peer knows the case by.
    func loadedName(model: String) -> String { "\(name), \(model)" }
}

extension Workload {
    /// Everything that is measured.
    static func all(tokenizer: WordPieceTokenizer) -> [Workload] {
        let pictures = [1, 8].map { batch in
            Workload(
                name: "picture × \(batch)", inputs: .pictures((0..<batch).map(picture)),
                models: ["efficientnet_lite0.onnx"], target: batch == 1 ? 1 : nil)
        }
        let texts = [Int?.none, 128].flatMap { length in
            [1, 16, 64].map { batch in
                let texts = nouns.prefix(batch).map { "a photo of a \($0)" }
                return Workload(
                    name: "text of 7 tokens × \(batch), peer " + (length.map { "padded to \($0)" } ?? "unpadded"),
                    inputs: .texts(texts, tokens: texts.map(tokenizer.encode), paddedTo: length),
                    models: ["minilm.onnx", "minilm-fused.onnx"], target: length == nil ? 1 : 4)
            }
        }
        return pictures + texts
    }

    /// A picture of smooth waves, different for every seed: networks give noise the same vector, whatever the noise.
    private static func picture(seed: Int) -> Pixels {
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
