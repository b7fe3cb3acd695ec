import GlimpseTasks
import Testing

/// Which paths a pattern means.
struct GlobTests {
    @Test(arguments: [
        ("*.jpg", "/photos/a.jpg", true), ("*.jpg", "/photos/a.jpeg", false), ("*.jpg", "/photos/.jpg", true),
        ("photos", "/home/photos", true), ("photos", "/home/photos/a.jpg", false),
        ("photos/*", "/home/photos/a.jpg", true), ("photos/*", "/home/photos/2024/a.jpg", false),
        ("photos/**", "/home/photos/2024/may/a.jpg", true), ("photos/**", "/home/myphotos/a.jpg", false),
        ("**/raw/*.dng", "/a/b/raw/c.dng", true), ("**/raw/**/*.dng", "/a/raw/c.dng", true),
        ("**/raw/**/*.dng", "/a/raw/x/y/c.dng", true), ("**/raw/**/*.dng", "/a/raw/x/y/c.jpg", false),
        ("/photos/*.jpg", "/photos/a.jpg", true), ("/photos/*.jpg", "/other/photos/a.jpg", false),
        ("/**/a.jpg", "/a.jpg", true), ("/**", "/anything/at/all", true),
        ("img_??.jpg", "/img_12.jpg", true), ("img_??.jpg", "/img_123.jpg", false), ("img_?.jpg", "/img_é.jpg", true),
        ("a?c", "/a/c", false), ("a*c", "/a/c", false),
        ("[abc].jpg", "/b.jpg", true), ("[abc].jpg", "/d.jpg", false), ("[a-c]*.jpg", "/cat.jpg", true),
        ("[!a-c]*.jpg", "/cat.jpg", false), ("[^a-c]*.jpg", "/dog.jpg", true), ("[]].jpg", "/].jpg", true),
        ("[!]].jpg", "/a.jpg", true), ("[a-].jpg", "/-.jpg", true), ("[0-9][0-9].jpg", "/42.jpg", true),
        (#"\*.jpg"#, "/*.jpg", true), (#"\*.jpg"#, "/a.jpg", false), (#"\[1\].jpg"#, "/[1].jpg", true),
        ("*a*b*c*", "/xxaxxbxxcxx", true), ("*a*b*c*", "/xxaxxcxxbxx", false), ("**", "/a", true),
        ("A.jpg", "/a.jpg", false),
    ])
    func means(pattern: String, path: String, expected: Bool) throws {
        #expect(try Glob(pattern).matches(path) == expected, "\(pattern) and \(path)")
    }

    @Test(arguments: [
        ("", "an empty pattern"), ("[abc", "a [ without its ]"), ("[]", "a [ without its ]"),
        ("[!]", "a [ without its ]"), ("[z-a]", "z-a runs backwards"), ("a\\", "nothing follows the backslash"),
    ])
    func refuses(pattern: String, expected: String) {
        let message = message { try Glob(pattern) }
        #expect(message.contains(expected), "\(message)")
    }

    /// A matcher that tries everything would not come back.
    @Test func manyStarsTakeNoTime() throws {
        let name = String(repeating: "a", count: 200)
        #expect(try !Glob(String(repeating: "*a", count: 60) + "b").matches("/" + name))
        let path = String(repeating: "/a", count: 200)
        #expect(try !Glob(String(repeating: "**/a/", count: 30) + "b").matches(path))
    }
}
