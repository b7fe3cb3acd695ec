/// The secret that clients show.
package struct AccessToken: Sendable {
    private let bytes: [UInt8]

    /// - Parameter text: not empty.
    package init(_ text: String) {
        precondition(!text.isEmpty, "AccessToken: empty")
        bytes = Array(text.utf8)
    }

    /// Whether clients can send it in a header, and browsers in a cookie (RFC 6265).
    package static func isSendable(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\",;\\".utf8.contains($0) }
    }

    /// Whether a client shows the same secret.
    ///
    /// Takes as long however many of the first bytes are right, so that the secret cannot be found byte by byte with a clock; only its
    /// length can.
    package func matches(_ other: some StringProtocol) -> Bool {
        let other = Array(other.utf8)
        var difference = UInt8(other.count == bytes.count ? 0 : 1)
        for index in bytes.indices {
            difference |= bytes[index] ^ (index < other.count ? other[index] : 0)
        }
        return difference == 0
    }
}
