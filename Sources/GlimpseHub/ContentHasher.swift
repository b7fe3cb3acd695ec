internal import Crypto

/// Digests content as it arrives.
struct ContentHasher {
    /// What is computed.
    enum Kind: Hashable {
        /// SHA-256 of the content.
        case sha256
        /// SHA-1 of git's header for a blob of so many bytes, then the content.
        case gitBlob(size: Int)
    }

    private enum State {
        case sha256(SHA256)
        case sha1(Insecure.SHA1)
    }

    private var state: State

    init(_ kind: Kind) {
        switch kind {
        case .sha256: state = .sha256(SHA256())
        case .gitBlob(let size):
            var hasher = Insecure.SHA1()
            hasher.update(data: Array("blob \(size)\0".utf8))
            state = .sha1(hasher)
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch state {
        case .sha256(var hasher):
            hasher.update(bufferPointer: bytes)
            state = .sha256(hasher)
        case .sha1(var hasher):
            hasher.update(bufferPointer: bytes)
            state = .sha1(hasher)
        }
    }

    /// The digest of what came so far, in lower-case hexadecimal.
    var digest: String {
        switch state {
        case .sha256(let hasher): hasher.finalize().hexadecimal
        case .sha1(let hasher): hasher.finalize().hexadecimal
        }
    }
}
