/// A file of a repository, as the hub lists it.
public struct HubFile: Hashable, Sendable {
    /// What a file's content is checked against.
    public enum Digest: Hashable, Sendable {
        /// The SHA-256 of the content: large files.
        case sha256(String)
        /// The SHA-1 of the content as a git blob: small files.
        case gitBlob(String)

        /// The digest in lower-case hexadecimal.
        public var hexadecimal: String {
            switch self {
            case .sha256(let text), .gitBlob(let text): text
            }
        }
    }

    /// The path in the repository, with `/` between its parts.
    public let name: String
    /// The size in bytes.
    public let size: Int
    /// The digest; nil where the hub gives none, and only the size can be checked.
    public let digest: Digest?

    /// Describes a file.
    public init(name: String, size: Int, digest: Digest? = nil) {
        self.name = name
        self.size = size
        self.digest = digest
    }
}

extension HubFile {
    /// Why a name from outside must not become a path below the cache; nil when it may.
    static func objection(toName name: String) -> String? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return switch true {
        case name.isEmpty: "an empty file name"
        case name.utf8.count > 1024, parts.contains(where: { $0.utf8.count > 255 }): "a file name that is too long"
        case name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }): "a file name with a control character"
        case name.utf8.contains(UInt8(ascii: "\\")): "a file name with a backslash"
        case name.hasPrefix("/"): "an absolute file name"
        case parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }): "a file name that leads elsewhere"
        default: nil
        }
    }
}

/// Which files of a repository are wanted: chosen from the listing, by name and size.
public struct HubSelection: Sendable {
    private let choose: @Sendable ([HubFile]) throws -> [HubFile]

    /// Chooses with a function, which may throw when something it needs is not listed.
    public init(_ choose: @escaping @Sendable ([HubFile]) throws -> [HubFile]) {
        self.choose = choose
    }

    /// Every file.
    public static let all = HubSelection { $0 }

    /// The files of these names, all of which must be there.
    public static func named(_ names: [String]) -> HubSelection {
        HubSelection { files in
            let missing = Set(names).subtracting(files.map(\.name)).sorted()
            guard missing.isEmpty else {
                throw HubError(.missingFile, "no such file: \(missing.map(\.printable).joined(separator: ", "))")
            }
            return files.filter { names.contains($0.name) }
        }
    }

    /// Applies the choice; what is not listed cannot be chosen.
    func files(of listing: [HubFile]) throws -> [HubFile] {
        let chosen = Set(try choose(listing).map(\.name))
        return listing.filter { chosen.contains($0.name) }
    }
}
