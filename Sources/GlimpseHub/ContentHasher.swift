internal import GlimpseDigest

/// Digests content as it arrives.
struct ContentHasher {
    /// What is computed.
    enum Kind: Hashable {
        /// SHA-256 of the content.
        case sha256
        /// SHA-1 of git's header for a blob of so many bytes, then the content.
        case gitBlob(size: Int)
    }

    private var state: Digest

    init(_ kind: Kind) {
        switch kind {
        case .sha256: state = Digest()
        case .gitBlob(let size):
            state = Digest(.sha1)
            state.update(Array("blob \(size)\0".utf8))
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) { state.update(bytes) }

    /// The digest of what came so far, in lower-case hexadecimal.
    var digest: String { state.bytes.hexadecimal }
}
