import Foundation
import GlimpseFormats
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import GlimpseText

/// What damaged bytes are fed to. Each throws or does not; anything else ends the process, which is what the fuzzer looks for.
enum FuzzTarget: String, CaseIterable {
    case safetensors, checkpoint, shards, numpy, tokenizer, sentencepiece, transformers, openclip, bitmap, raw, exif

    /// Takes `bytes` for a file of this kind.
    func feed(_ bytes: UnsafeRawBufferPointer, _ workplace: Workplace) throws {
        switch self {
        case .safetensors:
            try readAll(SafetensorsFile(path: workplace.write(bytes, as: "model.safetensors")))
        case .checkpoint:
            try readAll(TorchCheckpoint(path: workplace.write(bytes, as: "model.bin")))
        case .shards:
            try readAll(ShardedTensorFile(indexPath: workplace.write(bytes, as: "model.safetensors.index.json")))
        case .numpy:
            _ = try NumpyFile(path: workplace.write(bytes, as: "array.npy")).array.floats()
        case .tokenizer:
            let path = try workplace.write(bytes, as: "tokenizer.json")
            let tokenizer = try Tokenizers.load(tokenizerJSON: path, contextLength: 32, cleaning: .lower)
            for text in Workplace.texts { precondition(tokenizer.encode(text).count <= 32) }
        case .sentencepiece:
            let path = try workplace.write(bytes, as: "spiece.model")
            let tokenizer = try UnigramTokenizer(sentencePiece: path, layout: .t5, contextLength: 32)
            for text in Workplace.texts { precondition(tokenizer.encode(text).count <= 32) }
        case .transformers:
            try load(bytes, as: "config.json", in: workplace.transformers)
        case .openclip:
            try load(bytes, as: "open_clip_config.json", in: workplace.openCLIP)
        case .bitmap:
            // Others are decoded by libraries that have fuzzers of their own.
            guard bytes.starts(with: "BM".utf8) else { return }
            _ = try Self.decoder.decode(bytes, name: "fuzz")
        case .raw:
            guard try Self.decoder.header(bytes, name: "fuzz").format == .raw else { return }
            _ = try Self.decoder.decode(bytes, name: "fuzz")
        case .exif:
            _ = try Self.decoder.header(bytes, name: "fuzz")
        }
    }

    private static let decoder = ImageDecoder(
        limits: .init(maximumByteCount: 1 << 20, maximumPixelCount: 1 << 20))

    private func load(_ bytes: UnsafeRawBufferPointer, as name: String, in folder: URL) throws {
        try Data(bytes).write(to: folder.appending(path: name))
        _ = try Model.load(folder: ModelFolder(name: "fuzz", url: folder), on: Workplace.compute)
    }

    private func readAll(_ file: some TensorFile) throws {
        for name in file.names {
            let tensor = try file.tensor(name)
            // A tensor may claim to repeat few bytes many times; that many are not asked for.
            if tensor.elementCount < 1 << 20 { _ = try tensor.floats() }
        }
    }
}
