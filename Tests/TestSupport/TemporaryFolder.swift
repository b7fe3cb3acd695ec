public import Foundation

/// A folder that is there for one test and gone after it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty folder.
    public init() throws {
        // Resolved, because scans report paths as they are given and macOS links its temporary folder.
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "glimpse-test-\(UUID().uuidString)", directoryHint: .notDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            FileHandle.standardError.write(Data("cannot remove \(url): \(error)\n".utf8))
        }
    }

    /// Its own path.
    public var path: String { url.path(percentEncoded: false) }

    /// The path of something in it.
    public func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

    /// What is in it.
    public var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path) }
    }

    /// Writes a file into it, with the folders on the way, and returns its path.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, to name: String = "file") throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path(percentEncoded: false)
    }

    /// The same with a text.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }
}
