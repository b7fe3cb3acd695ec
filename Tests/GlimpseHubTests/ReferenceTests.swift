import GlimpseHub
import Testing

struct ReferenceTests {
    @Test(arguments: [
        ("openai/clip-vit-base-patch32", "openai/clip-vit-base-patch32", "main"),
        ("org/repo@main", "org/repo", "main"), ("org/repo@v1.0", "org/repo", "v1.0"),
        ("Org_1/re.po-2@refs/pr/3", "Org_1/re.po-2", "refs/pr/3"), ("a/b@feature+x", "a/b", "feature+x"),
        ("a/b@0123456789abcdef0123456789abcdef01234567", "a/b", "0123456789abcdef0123456789abcdef01234567"),
    ])
    func namesAreRead(text: String, name: String, revision: String) throws {
        let reference = try HubReference(text)
        #expect(reference.name == name && reference.revision == revision)
        #expect(try HubReference(reference.description) == reference)
    }

    @Test(arguments: [
        "", "repo", "/", "a/", "/b", "a/b/c", "a//b", "../b", "a/..", "a/b..c", "./b", "a/.b", "a/b.", "-a/b", "a/b-",
        "a--b/c", "a/b--c", "a/b.git", "a b/c", "a/b\0", "a/b\n", "a\\b/c", "a/b?x=1", "a/b#x", "a/%2e%2e", "ä/b",
        "a/\(String(repeating: "b", count: 97))", "a/b@", "a/b@../c", "a/b@x/../y", "a/b@/x", "a/b@x/", "a/b@x//y",
        "a/b@.x", "a/b@x/.y", "a/b@x.lock", "a/b@-x", "a/b@x y", "a/b@x@y", "a/b@x\0", "a/b@x~1", "a/b@x:y", "a/b@x\\y",
        "a/b@\(String(repeating: "x", count: 201))", "https://huggingface.co/a/b",
    ])
    func pathTricksAreRefused(text: String) throws {
        let error = try #require(throws: HubError.self) { try HubReference(text) }
        #expect(error.code == .invalidReference && error.remedy?.contains("organization/repository") == true)
        #expect(!"\(error)".unicodeScalars.contains { $0.value < 0x20 }, "fit for a terminal")
    }
}
