internal import CResources

/// The files that the program carries, so that it needs no other beside it.
package enum Resources {
    /// open_clip's model configurations by their names, JSON.
    package static var architectures: [UInt8] { bytes(cr_architectures()) }
    /// Where known models come from, JSON.
    package static var catalogue: [UInt8] { bytes(cr_catalogue()) }
    /// The pairs that CLIP's tokenizer merges, two little-endian 16-bit tokens each.
    package static var clipMerges: [UInt8] { bytes(cr_clip_merges()) }
    /// HTML's named characters, tab-separated.
    package static var htmlEntities: [UInt8] { bytes(cr_html_entities()) }
    /// ImageNet's classes, tab-separated.
    package static var imageNetClasses: [UInt8] { bytes(cr_imagenet_classes()) }
    /// What the parts of `lite` are and who made them.
    package static var liteNotice: [UInt8] { bytes(cr_lite_notice()) }
    /// The description of the server's API, JSON.
    package static var openAPI: [UInt8] { bytes(cr_openapi()) }
    /// What photographs show, in a word or two, a line each.
    package static var presenceReferences: [UInt8] { bytes(cr_presence_references()) }
    /// Sets of sentences around a label, JSON.
    package static var promptTemplates: [UInt8] { bytes(cr_prompt_templates()) }
    /// What known models make of known inputs, JSON.
    package static var referenceVectors: [UInt8] { bytes(cr_reference_vectors()) }

    /// The files of the server's page, by the paths that a browser asks for.
    package static let page = Dictionary(
        uniqueKeysWithValues: (0..<cr_page_file_count()).map { index in
            let file = cr_page_file_at(index)
            return (String(cString: file.path), bytes(file.bytes))
        })

    private static func bytes(_ file: cr_bytes) -> [UInt8] {
        Array(UnsafeBufferPointer(start: file.start, count: file.count))
    }
}
