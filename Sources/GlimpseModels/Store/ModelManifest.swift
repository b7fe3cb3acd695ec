internal import Foundation
internal import GlimpseDigest

/// What each file of an installed model was when it was installed.
struct ModelManifest: Codable, Hashable, Sendable {
    struct Entry: Codable, Hashable, Sendable {
        let bytes: Int
        let sha256: String
    }

    static let fileName = "manifest.json"
    let files: [String: Entry]

    /// Reads and digests every file of a folder.
    init(describing folder: ModelFolder) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false))
        files = Dictionary(
            uniqueKeysWithValues: try names.filter { $0 != Self.fileName }.map { ($0, try Self.entry(folder, $0)) })
    }

    func write(to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: folder.appending(path: Self.fileName))
    }

    static func entry(_ folder: ModelFolder, _ name: String) throws -> Entry {
        let (digest, size) = try FileDigest.sha256(ofFileAt: folder.path(name))
        return Entry(bytes: size, sha256: digest)
    }
}

extension ModelFolder {
    /// The SHA-256 of those files that are links into the hub's cache, which calls large files by their digests.
    func digestsOfHubCache() throws -> [String: String] {
        let path = url.path(percentEncoded: false)
        var digests: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
            guard attributes[.type] as? FileAttributeType == .typeSymbolicLink else { continue }
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/" + name)
            let blob = URL(filePath: target).lastPathComponent
            if blob.wholeMatch(of: /[0-9a-f]{64}/) != nil { digests[name] = blob }
        }
        return digests
    }
}

enum FileDigest {
    /// The SHA-256 of a file in hexadecimal, and its size in bytes; memory is constant.
    static func sha256(ofFileAt path: String) throws -> (digest: String, size: Int) {
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            var digest = Digest()
            var size = 0
            while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
                digest.update(block)
                size += block.count
            }
            return (digest.bytes.hexadecimal, size)
        } catch {
            throw ModelError(.missingFile, "cannot be read: \(error.localizedDescription)", at: path)
        }
    }
}
