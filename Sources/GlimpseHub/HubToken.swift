internal import Foundation

/// An access token of the hub. However it is printed, only that it is there is seen.
public struct HubToken: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    /// Checks that the text can be sent in a header.
    ///
    /// - Parameters:
    ///   - text: the token; white space around it is dropped.
    ///   - source: where it came from, for the error, which does not quote it.
    /// - Throws: `HubError` with `.invalidSettings`.
    public init(_ text: String, from source: String = "the token") throws {
        value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isVisible = value.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard !value.isEmpty, value.utf8.count <= 4096, isVisible else {
            throw HubError(
                .invalidSettings, "not an access token: one word of visible ASCII characters is expected", at: source,
                remedy: "copy the token again from the settings page of your account")
        }
    }

    /// A placeholder.
    public var description: String { "<access token>" }
    /// A placeholder.
    public var debugDescription: String { description }
    /// Shows nothing inside.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension String {
    /// The text without the token, should a library have quoted it.
    func redacting(_ token: HubToken?) -> String {
        token.map { replacing($0.value, with: $0.description) } ?? self
    }
}
