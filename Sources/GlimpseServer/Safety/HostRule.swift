import Foundation

/// Tells whether a request was meant for this server, by the name it calls it.
///
/// A page of an attacker may have its own name point to 127.0.0.1 (DNS rebinding) and so talk to the server from the user's browser;
/// its requests carry the attacker's name as `Host`. Names that nobody else can have point anywhere are let through: addresses,
/// `localhost`, and those the user allows.
package struct HostRule: Sendable {
    private let names: Set<String>

    /// - Parameter names: by which clients may call the server, besides addresses and `localhost`.
    package init(allowing names: [String]) {
        self.names = Set(names.map { $0.lowercased() }).union(["localhost"])
    }

    /// Whether a request to `authority`, "name:port", is meant for this server.
    package func allows(_ authority: String) -> Bool {
        guard let name = Self.name(of: authority) else { return false }
        return names.contains(name) || name.hasSuffix(".localhost") || IPAddress(name) != nil
    }

    /// Whether a page of `origin`, "http://name:port", may send what changes something to `authority`: only the server's own pages.
    package func allows(origin: String, to authority: String) -> Bool {
        guard let scheme = origin.range(of: "://") else { return false }
        return ["http", "https"].contains(origin[..<scheme.lowerBound].lowercased())
            && origin[scheme.upperBound...].lowercased() == authority.lowercased()
    }

    /// The name without the port; an IPv6 address without its brackets.
    private static func name(of authority: String) -> String? {
        let authority = authority.lowercased()
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, !name.isEmpty else { return nil }
        return String(name)
    }
}
