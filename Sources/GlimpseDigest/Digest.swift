public import Foundation

#if canImport(CryptoKit)
    internal import CryptoKit
#else
    internal import COpenSSL
#endif

/// A digest of bytes as they come: SHA-256 for everything of ours, SHA-1 for what git calls by it.
///
/// Computed by CryptoKit, or where there is none by OpenSSL: both use the processor's own instructions.
public struct Digest: Sendable {
    /// What is computed.
    public enum Algorithm: Hashable, Sendable {
        /// 32 bytes.
        case sha256
        /// 20 bytes; a name, not a safeguard.
        case sha1
    }

    private var state: State

    /// Starts with no bytes.
    public init(_ algorithm: Algorithm = .sha256) { state = State(algorithm) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { state.update(bytes) }

    /// Adds bytes.
    public mutating func update(_ bytes: some ContiguousBytes) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of the bytes so far; more may follow.
    public var bytes: [UInt8] { state.bytes }

    /// The digest of some bytes.
    public static func of(_ bytes: some ContiguousBytes, _ algorithm: Algorithm = .sha256) -> [UInt8] {
        var digest = Digest(algorithm)
        digest.update(bytes)
        return digest.bytes
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

#if canImport(CryptoKit)
    /// The state of a digest, in CryptoKit.
    private enum State: Sendable {
        case sha256(SHA256)
        case sha1(Insecure.SHA1)

        init(_ algorithm: Digest.Algorithm) {
            self =
                switch algorithm {
                case .sha256: .sha256(SHA256())
                case .sha1: .sha1(Insecure.SHA1())
                }
        }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            switch self {
            case .sha256(var hasher):
                hasher.update(bufferPointer: bytes)
                self = .sha256(hasher)
            case .sha1(var hasher):
                hasher.update(bufferPointer: bytes)
                self = .sha1(hasher)
            }
        }

        var bytes: [UInt8] {
            switch self {
            case .sha256(let hasher): Array(hasher.finalize())
            case .sha1(let hasher): Array(hasher.finalize())
            }
        }
    }
#else
    /// The state of a digest, in OpenSSL.
    private struct State: Sendable {
        private var context: Context

        init(_ algorithm: Digest.Algorithm) { context = Context(algorithm) }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            if !isKnownUniquelyReferenced(&context) { context = context.copy() }
            context.update(bytes)
        }

        var bytes: [UInt8] { context.copy().finish() }
    }

    /// Memory of OpenSSL's.
    ///
    /// Unchecked because of the raw pointer: it is changed only by the one `State` that refers to the context (`update` copies it
    /// first where there may be another) and by `finish`, which is called on fresh copies alone.
    private final class Context: @unchecked Sendable {
        private let pointer: OpaquePointer

        private init(_ pointer: OpaquePointer?) {
            guard let pointer else { preconditionFailure("Digest: no memory") }
            self.pointer = pointer
        }

        convenience init(_ algorithm: Digest.Algorithm) {
            self.init(EVP_MD_CTX_new())
            let kind = algorithm == .sha256 ? EVP_sha256() : EVP_sha1()
            require(EVP_DigestInit_ex(pointer, kind, nil))
        }

        deinit { EVP_MD_CTX_free(pointer) }

        func copy() -> Context {
            let copy = Context(EVP_MD_CTX_new())
            require(EVP_MD_CTX_copy_ex(copy.pointer, pointer))
            return copy
        }

        func update(_ bytes: UnsafeRawBufferPointer) {
            require(EVP_DigestUpdate(pointer, bytes.baseAddress, bytes.count))
        }

        func finish() -> [UInt8] {
            var count: UInt32 = 0
            var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
            require(EVP_DigestFinal_ex(pointer, &digest, &count))
            return Array(digest.prefix(Int(count)))
        }

        /// OpenSSL fails here only when a digest is disabled in its configuration, which no program can go on from.
        private func require(_ status: Int32) {
            precondition(status == 1, "Digest: OpenSSL refuses; its configuration may forbid the algorithm")
        }
    }
#endif
