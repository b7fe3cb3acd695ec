/// Names a model repository, and a revision of it: `organization/repository` or `organization/repository@revision`.
///
/// The names become folders and parts of addresses, so only what the hub itself allows is accepted.
public struct HubReference: Hashable, Sendable, CustomStringConvertible {
    /// The user or organization that owns the repository.
    public let organization: String
    /// The repository's name.
    public let repository: String
    /// A branch, a tag or a commit.
    public let revision: String

    /// The revision that is meant when none is named.
    public static let defaultRevision = "main"

    /// Reads `organization/repository[@revision]`.
    ///
    /// - Throws: `HubError` with `.invalidReference`.
    public init(_ text: String) throws {
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = halves[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2 else { throw Self.refusal(of: text, "a slash between two names is expected") }
        try self.init(
            organization: names[0], repository: names[1],
            revision: halves.count == 2 ? halves[1] : Self.defaultRevision)
    }

    /// Checks and joins the parts.
    ///
    /// - Throws: `HubError` with `.invalidReference`.
    public init(organization: String, repository: String, revision: String = defaultRevision) throws {
        for name in [organization, repository] {
            if let reason = Self.objection(toName: name) { throw Self.refusal(of: name, reason) }
        }
        if let reason = Self.objection(toRevision: revision) { throw Self.refusal(of: revision, reason) }
        self.organization = organization
        self.repository = repository
        self.revision = revision
    }

    /// `organization/repository`.
    public var name: String { "\(organization)/\(repository)" }

    /// The name, with the revision where it is not the default.
    public var description: String { revision == Self.defaultRevision ? name : "\(name)@\(revision)" }

    /// The revision, when it is a commit and so never changes its meaning.
    var pinnedCommit: String? { revision.isHexadecimal(length: 40) ? revision : nil }

    private static func refusal(of text: String, _ reason: String) -> HubError {
        HubError(
            .invalidReference, reason, at: "\"\(text.printable)\"",
            remedy: "write organization/repository or organization/repository@revision, as on the model's page")
    }

    private static func objection(toName name: String) -> String? {
        switch true {
        case name.isEmpty: "a name is empty"
        case name.utf8.count > 96: "a name is longer than 96 characters"
        case !name.utf8.allSatisfy(isNameByte): "a name has a character other than letters, digits, '-', '_' and '.'"
        case "-.".contains(name.first ?? "-"), "-.".contains(name.last ?? "-"): "a name starts or ends with '-' or '.'"
        // Two hyphens separate owner and name in the cache's folder names.
        case name.contains("--"), name.contains(".."): "a name has '--' or '..' in it"
        case name.hasSuffix(".git"): "a name ends in '.git'"
        default: nil
        }
    }

    /// What `git check-ref-format` refuses, and some more.
    private static func objection(toRevision revision: String) -> String? {
        let parts = revision.split(separator: "/", omittingEmptySubsequences: false)
        return switch true {
        case revision.isEmpty: "the revision is empty"
        case revision.utf8.count > 200: "the revision is longer than 200 characters"
        case !revision.utf8.allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "+") }):
            "the revision has a character other than letters, digits, '-', '_', '.', '+' and '/'"
        case revision.hasPrefix("-"): "the revision starts with '-'"
        case parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") || $0.hasSuffix(".") || $0.hasSuffix(".lock") }),
            revision.contains(".."):
            "the revision is not a name git allows"
        default: nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
