package import Foundation

/// The part of a web address that decides who is spoken to: scheme, host and port.
package struct Origin: Hashable, Sendable {
    package let scheme: String
    package let host: String
    package let port: Int

    /// - Returns: nil for what is no address of a web server.
    package init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }

    /// Whether the host is a loopback address, by number or as `localhost`.
    var isThisMachine: Bool {
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    /// Whether what is sent there cannot be read on the way.
    package var isPrivate: Bool { scheme == "https" || isThisMachine }
}

extension URL {
    /// The address for messages: without the query, in which content networks keep signatures, without user and password.
    var forMessages: String {
        guard let origin = Origin(self) else { return "an address that is not one of the web" }
        let isDefault = origin.port == (origin.scheme == "https" ? 443 : 80)
        let port = isDefault ? "" : ":\(origin.port)"
        return "\(origin.scheme)://\(origin.host)\(port)\(path(percentEncoded: true))".printable
    }
}
