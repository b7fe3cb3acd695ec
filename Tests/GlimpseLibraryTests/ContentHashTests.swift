import Foundation
import GlimpseLibrary
import TestSupport
import Testing

@Suite struct ContentHashTests {
    /// From FIPS 180-2, appendix B.
    @Test(arguments: [
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ])
    func isSHA256(text: String, repetitions: Int, digest: String) throws {
        let temporary = try TemporaryFolder()
        let content = String(repeating: text, count: repetitions)
        #expect(try ContentHash(ofFileAt: temporary.write("file", content)).description == digest)
        #expect(ContentHash.sample(content).description == digest)
    }

    /// Lengths around the blocks in which a file is read.
    @Test(arguments: [-1, 0, 1]) func aFileHashesLikeItsBytes(excess: Int) throws {
        let temporary = try TemporaryFolder()
        let content = String((0..<(3 << 20) + excess).lazy.map { Character(UnicodeScalar(UInt8($0 % 61 + 33))) })
        #expect(try ContentHash(ofFileAt: temporary.write("file", content)) == .sample(content))
    }

    @Test func onlyFilesHaveAHash() throws {
        let temporary = try TemporaryFolder()
        #expect(throws: LibraryError.self) { try ContentHash(ofFileAt: temporary.path) }
        let missing = #expect(throws: LibraryError.self) { try ContentHash(ofFileAt: temporary.path("none")) }
        #expect(missing?.code == .missing)
        #expect(ContentHash(bytes: [1, 2, 3]) == nil)
    }
}
