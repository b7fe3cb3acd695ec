internal import GlimpseFormats

/// What a repository holds at one commit.
package struct HubListing: Hashable, Sendable {
    package let commit: String
    package let files: [HubFile]

    /// Reads the hub's answer to `/api/models/…/revision/…?blobs=true`. Nothing in it is trusted.
    ///
    /// - Throws: `HubError` with `.malformedResponse` or `.tooLarge`.
    package init(
        parsing bytes: [UInt8], from location: String, limits: HubPolicy.Limits
    ) throws {
        func refusal(_ message: String, _ code: HubError.Code = .malformedResponse) -> HubError {
            HubError(
                code, message, at: location,
                remedy: "check that HF_ENDPOINT is a Hugging Face hub or a full mirror of one")
        }
        let document: JSON
        do {
            document = try bytes.withUnsafeBytes { try JSON.parse($0, path: location, valueLimit: 4_000_000) }
        } catch let error as FormatError {
            throw refusal("the listing is not JSON: \(error.message)")
        }
        guard let commit = document["sha"]?.string, commit.isObjectName else {
            throw refusal("the listing names no commit")
        }
        guard let siblings = document["siblings"]?.array else { throw refusal("the listing has no files") }
        guard siblings.count <= limits.fileCount else {
            throw refusal("the listing has \(siblings.count) files, at most \(limits.fileCount) are taken", .tooLarge)
        }
        var names: Set<String> = []
        files = try siblings.map { sibling in
            guard let name = sibling["rfilename"]?.string else {
                throw refusal("the listing has a file without a name")
            }
            if let objection = HubFile.objection(toName: name) {
                throw refusal("the listing has \(objection): \"\(name.printable)\"")
            }
            guard names.insert(name).inserted else { throw refusal("the listing has \"\(name.printable)\" twice") }
            guard let size = sibling["size"]?.integer ?? sibling["lfs"]?["size"]?.integer, size >= 0 else {
                throw refusal("the listing gives no size for \"\(name.printable)\"")
            }
            guard size <= limits.fileBytes else {
                throw refusal(
                    "\"\(name.printable)\" is \(size) bytes, at most \(limits.fileBytes) are taken", .tooLarge)
            }
            guard let digest = Self.digest(of: sibling) else { return HubFile(name: name, size: size) }
            guard digest.isWellFormed else { throw refusal("the digest of \"\(name.printable)\" is not one") }
            return HubFile(name: name, size: size, digest: digest)
        }
        self.commit = commit
    }

    /// States what is known.
    package init(commit: String, files: [HubFile]) {
        self.commit = commit
        self.files = files
    }

    private static func digest(of sibling: JSON) -> HubFile.Digest? {
        // A large file's blob in git is only a pointer: its `blobId` says nothing about the content.
        if let digest = sibling["lfs"]?["sha256"]?.string { return .sha256(digest) }
        guard sibling["lfs"]?.members == nil, let digest = sibling["blobId"]?.string else { return nil }
        return .gitBlob(digest)
    }
}

extension HubFile.Digest {
    /// Whether the text can be the digest it claims to be. It becomes a file name.
    var isWellFormed: Bool {
        switch self {
        case .sha256(let text): text.isHexadecimal(length: 64)
        case .gitBlob(let text): text.isHexadecimal(length: 40)
        }
    }
}
