/// The secret that clients show.
struct AccessToken: Sendable {
    private let bytes: [UInt8]

    /// - Parameter text: not empty.
    init(_ text: String) {
        precondition(!text.isEmpty, "AccessToken: empty")
        bytes = Array(text.utf8)
    }

    /// Whether a client shows the same secret.
    ///
    /// Takes as long however many of the first bytes are right, so that the secret cannot be found byte by byte with a clock; only its
    /// length can.
    func matches(_ other: some StringProtocol) -> Bool {
        let other = Array(other.utf8)
        var difference = UInt8(other.count == bytes.count ? 0 : 1)
        for index in bytes.indices {
            difference |= bytes[index] ^ (index < other.count ? other[index] : 0)
        }
        return difference == 0
    }
}
