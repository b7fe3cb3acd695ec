import GlimpseTasks
import TestSupport
import Testing

/// Which file of a group is kept.
struct KeepRuleTests {
    @Test func rulesAreReadInTheirOrder() throws {
        #expect(try KeepRule.parse("largest") == [.largest])
        #expect(
            try KeepRule.parse("raw,path:originals/**,oldest,largest")
                == [.raw, .path(Glob("originals/**")), .oldest, .largest])
        #expect(try KeepRule.parse(#"path:a\,b/*,raw"#) == [.path(Glob(#"a\,b/*"#)), .raw])
    }

    @Test(arguments: [
        ("", "\"\" is no rule"), ("largest,", "\"\" is no rule"), ("biggest", "\"biggest\" is no rule"),
        ("path:", "an empty pattern"), ("path:[", "a [ without its ]"),
    ])
    func refuses(text: String, expected: String) {
        let message = message { try KeepRule.parse(text) }
        #expect(message.contains(expected), "\(message)")
    }

    @Test(arguments: [
        ("largest", "/b/large.jpg"), ("oldest", "/b/first.jpg"), ("raw", "/b/photo.DNG"),
        ("path:a/*", "/a/small.jpg"), ("path:b/*,oldest", "/b/first.jpg"), ("path:nowhere/**", "/b/large.jpg"),
        ("path:nowhere/**,oldest", "/b/first.jpg"), ("path:*.jpg,raw", "/b/large.jpg"),
    ])
    func keeps(rules: String, expected: String) throws {
        let files = [
            file("/a/small.jpg", width: 10, capturedAt: 50), file("/b/large.jpg", width: 90, capturedAt: 50),
            file("/b/first.jpg", width: 20, capturedAt: 10), file("/b/photo.DNG", width: 30, capturedAt: 50),
        ]
        for files in [files, files.reversed()] {
            #expect(KeepRule.kept(of: files, by: try KeepRule.parse(rules)).path == expected)
        }
    }

    @Test func whereTheCameraDidNotSayTheFileTells() {
        let files = [
            file("/stripped.jpg", width: 10, capturedAt: nil, modifiedAt: 500),
            file("/original.jpg", width: 10, capturedAt: 100, modifiedAt: 900),
        ]
        #expect(KeepRule.kept(of: files, by: [.oldest]).path == "/original.jpg")
    }

    @Test func equalsAreDecidedByAgeAndName() {
        let files = [
            file("/c.jpg", width: 10, modifiedAt: 7), file("/b.jpg", width: 10, modifiedAt: 5),
            file("/a.jpg", width: 10, modifiedAt: 5),
        ]
        #expect(KeepRule.kept(of: files, by: []).path == "/a.jpg")
    }

    private func file(
        _ path: String, width: Int, capturedAt: Int64? = nil, modifiedAt: Int64 = 1000
    ) -> DuplicateGroup.File {
        var album = Album()
        album.add("content", subject: 1, capturedAt: capturedAt, size: (width, 10))
        return DuplicateGroup.File(path: path, modifiedAt: modifiedAt, picture: album.pictures[0])
    }
}
