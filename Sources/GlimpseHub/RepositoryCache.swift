internal import Foundation

/// The folder of one repository in the cache that all tools of the hub share: `models--org--repo/{blobs,refs,snapshots}`.
///
/// A blob is named by its digest; a snapshot is a folder of relative links to blobs, named by its commit; a ref holds the
/// commit that a branch or tag stood for when it was last asked for. (https://huggingface.co/docs/hub/local-cache)
struct RepositoryCache: Sendable {
    let reference: HubReference
    private let root: String
    private let name: String

    init(root: URL, reference: HubReference) {
        let path = root.standardizedFileURL.path(percentEncoded: false)
        self.root = String(path.reversed().drop { $0 == "/" }.reversed())
        self.reference = reference
        name = "models--\(reference.organization)--\(reference.repository)"
    }

    private var folder: String { "\(root)/\(name)" }
    private var blobs: String { "\(folder)/blobs" }
    private var locks: String { "\(root)/.locks/\(name)" }
    private var referencePath: String { "\(folder)/refs/\(reference.revision)" }

    /// Where a blob is or would be.
    func blobPath(_ name: String) -> String { "\(blobs)/\(name)" }
    /// Where a blob grows.
    func partialPath(_ name: String) -> String { "\(blobs)/\(name).incomplete" }
    /// Where the lock on a blob is.
    func lockPath(_ name: String) -> String { "\(locks)/\(name).lock" }
    /// Where a commit's files are.
    func snapshotPath(_ commit: String) -> String { "\(folder)/snapshots/\(commit)" }

    /// Makes the folders that a download needs.
    func prepare() throws {
        try CacheFiles.makeFolder(blobs)
        try CacheFiles.makeFolder(locks)
    }

    /// Whether a file's content is here: as its blob, or in the snapshot as tools without links leave it.
    ///
    /// Its size is checked and its digest is not: that was done when it came, and reading gigabytes again takes long.
    func has(_ file: HubFile, at commit: String) throws -> Bool {
        if let digest = file.digest, try CacheFiles.isFile(blobPath(digest.hexadecimal), size: file.size) {
            return true
        }
        return try isInSnapshot(file, at: commit)
    }

    /// How many bytes of a blob an earlier run has left.
    func partialBytes(_ name: String) throws -> Int {
        try CacheFiles.status(partialPath(name))?.size ?? 0
    }

    /// Checks that the disk has room.
    ///
    /// - Throws: `HubError` with `.diskFull`, with what is needed and what is there.
    func checkSpace(for bytes: Int) throws {
        let available = try CacheFiles.availableBytes(at: blobs)
        guard available < bytes else { return }
        throw HubError(
            .diskFull,
            "\(bytes.formatted(.byteCount(style: .file))) are needed, "
                + "\(available.formatted(.byteCount(style: .file))) are free", at: root,
            remedy: "free space, or choose another cache with HF_HUB_CACHE")
    }

    /// Makes a blob visible under a file's name at a commit.
    func link(_ file: HubFile, at commit: String, to blob: String) throws {
        if try isInSnapshot(file, at: commit, onlyAsFile: true) { return }
        let path = "\(snapshotPath(commit))/\(file.name)"
        try CacheFiles.makeFolder((path as NSString).deletingLastPathComponent)
        let depth = 1 + file.name.split(separator: "/").count
        try CacheFiles.link(path, to: String(repeating: "../", count: depth) + "blobs/\(blob)")
    }

    /// Records the commit that the revision stands for.
    func record(_ commit: String) throws {
        guard reference.revision != commit else { return }
        try CacheFiles.makeFolder((referencePath as NSString).deletingLastPathComponent)
        try CacheFiles.write(commit, to: referencePath)
    }

    private func isInSnapshot(_ file: HubFile, at commit: String, onlyAsFile: Bool = false) throws -> Bool {
        let path = "\(snapshotPath(commit))/\(file.name)"
        if onlyAsFile, CacheFiles.linkTarget(path) != nil { return false }
        // A link to the blob of another content is as good as none.
        if let digest = file.digest, let target = CacheFiles.linkTarget(path),
            !target.hasSuffix("/\(digest.hexadecimal)")
        {
            return false
        }
        return try CacheFiles.isFile(path, size: file.size)
    }
}

extension RepositoryCache {
    /// What the cache alone knows of the revision.
    ///
    /// - Throws: `HubError` with `.notCached`.
    func listing(limits: HubPolicy.Limits) throws -> HubListing {
        let commit = try recordedCommit()
        let snapshot = snapshotPath(commit)
        guard let names = FileManager.default.enumerator(atPath: snapshot) else {
            throw notCached("is not in the cache")
        }
        var files: [HubFile] = []
        while let name = names.nextObject() as? String {
            guard files.count < limits.fileCount else {
                throw HubError(.tooLarge, "more than \(limits.fileCount) files", at: snapshot)
            }
            // A link whose blob is gone is a file that is not here.
            guard let status = try CacheFiles.status("\(snapshot)/\(name)"), status.isRegularFile else { continue }
            files.append(HubFile(name: name, size: status.size, digest: digest(of: "\(snapshot)/\(name)")))
        }
        guard !files.isEmpty else { throw notCached("is not in the cache") }
        return HubListing(commit: commit, files: files.sorted { $0.name < $1.name })
    }

    /// Says that the cache lacks something.
    func notCached(_ message: String) -> HubError {
        HubError(
            .notCached, "\(reference) \(message), and the network is not to be used", at: folder,
            remedy: "unset HF_HUB_OFFLINE and run again to download it")
    }

    private func recordedCommit() throws -> String {
        if let commit = reference.pinnedCommit { return commit }
        guard let status = try CacheFiles.status(referencePath), status.isRegularFile else {
            throw notCached("is not in the cache")
        }
        guard status.size <= 256 else { throw unusable() }
        do {
            let text = try String(contentsOfFile: referencePath, encoding: .utf8)
            let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
            guard commit.isObjectName else { throw unusable() }
            return commit
        } catch let error as CocoaError {
            throw HubError(.inputOutput, "cannot be read: \(error.localizedDescription)", at: referencePath)
        }
    }

    private func unusable() -> HubError {
        HubError(
            .notCached, "the file does not hold a commit", at: referencePath,
            remedy: "remove it, unset HF_HUB_OFFLINE and run again")
    }

    private func digest(of path: String) -> HubFile.Digest? {
        guard let blob = CacheFiles.linkTarget(path)?.split(separator: "/").last.map(String.init) else { return nil }
        if blob.isHexadecimal(length: 64) { return .sha256(blob) }
        return blob.isHexadecimal(length: 40) ? .gitBlob(blob) : nil
    }
}
