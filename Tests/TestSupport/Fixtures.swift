public import Foundation

/// Where the committed fixtures are.
public enum Fixtures {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// A file or folder below `Tests/Fixtures`.
    public static func url(_ path: String) -> URL { tests.appending(path: "Fixtures").appending(path: path) }

    /// The path of a file or folder below `Tests/Fixtures`.
    public static func path(_ path: String) -> String { url(path).path(percentEncoded: false) }

    /// The package's own folder.
    public static var package: URL { tests.deletingLastPathComponent() }

    /// The sample photographs that set-up fetches.
    public static var samples: URL { package.appending(path: ".build/samples") }

    /// The path of a sample photograph.
    public static func sample(_ name: String) -> String { samples.appending(path: name).path(percentEncoded: false) }
}
