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

/// A folder that is there for one test and gone after it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "glimpse-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of something in it.
    public func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

    /// Writes a file into it, with the folders on the way, and returns its path.
    @discardableResult
    public func write(_ data: Data, to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path(percentEncoded: false)
    }
}
