import Foundation
import GlimpseTensor

/// A folder in memory where damaged files are put, and what they are damaged parts of.
struct Workplace {
    private let folder: URL
    /// Model folders that are whole but for their configuration.
    let transformers: URL
    let openCLIP: URL

    static let compute = Compute(threads: 1)
    /// What tokenizers are asked to encode.
    static let texts = [
        "", "a photo of a cat", "  Ünïcode — ½ ﬁ 日本語 👩‍🚀 \u{0}\u{301}", String(repeating: "ab ", count: 400),
    ]

    init() throws {
        let memory = URL(filePath: "/dev/shm")
        let root =
            FileManager.default.fileExists(atPath: memory.path(percentEncoded: false))
            ? memory : FileManager.default.temporaryDirectory
        folder = root.appending(path: "glimpse-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
        transformers = folder.appending(path: "transformers")
        openCLIP = folder.appending(path: "open_clip")
        let families = URL(filePath: #filePath).appending(path: "../../../../Fixtures/families").standardized
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (source, copy) in [("hf-clip", transformers), ("openclip-vit", openCLIP)] {
            try FileManager.default.copyItem(at: families.appending(path: source), to: copy)
        }
        // The two files that the damaged index may name.
        for name in ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] {
            try FileManager.default.copyItem(
                at: families.appending(path: "hf-clip-sharded/\(name)"), to: folder.appending(path: name))
        }
    }

    /// Writes a file and returns its path.
    func write(_ bytes: UnsafeRawBufferPointer, as name: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path(percentEncoded: false)
    }
}
