import Foundation
import GlimpseDigest
import Testing

/// Digests of bytes that come in parts.
struct DigestTests {
    /// The examples of FIPS 180-4.
    @Test(arguments: [
        (
            "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709"
        ),
        (
            "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
    ])
    func examplesOfTheStandardAgree(text: String, sha256: String, sha1: String) {
        #expect(Digest.of(Array(text.utf8)).hexadecimal == sha256)
        #expect(Digest.of(Array(text.utf8), .sha1).hexadecimal == sha1)
    }

    @Test func partsGiveTheDigestOfTheWhole() {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for size in [1, 63, 64, 65, 4096] {
            var digest = Digest()
            for start in stride(from: 0, to: bytes.count, by: size) {
                digest.update(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(digest.bytes == Digest.of(bytes))
        }
    }

    @Test func aCopyGoesItsOwnWay() {
        var one = Digest()
        one.update(Array("abc".utf8))
        var other = one
        other.update(Array("def".utf8))
        #expect(one.bytes == Digest.of(Array("abc".utf8)))
        #expect(other.bytes == Digest.of(Array("abcdef".utf8)))
        // Asking does not end it.
        one.update(Array("def".utf8))
        #expect(one.bytes == other.bytes)
    }
}
