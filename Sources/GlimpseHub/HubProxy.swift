internal import Foundation

/// A proxy that HTTPS connections go through, as the variables `https_proxy` and `no_proxy` describe it.
public struct HubProxy: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    enum Kind: Hashable, Sendable {
        case http
        case socks
    }

    let kind: Kind
    /// The proxy's host.
    public let host: String
    /// The proxy's port.
    public let port: Int
    let user: String?
    let password: String?
    private let exceptions: [String]

    /// Reads the variables, in lower case before upper case.
    ///
    /// - Returns: nil when no proxy is set.
    /// - Throws: `HubError` with `.invalidSettings` for one that cannot be used.
    public init?(environment: [String: String]) throws {
        func value(_ name: String) -> (name: String, text: String)? {
            for name in [name, name.uppercased()] {
                if let text = environment[name], !text.isEmpty { return (name, text) }
            }
            return nil
        }
        guard let (name, text) = value("https_proxy") ?? value("all_proxy") else { return nil }
        let address = URL(string: text.contains("://") ? text : "http://\(text)")
        guard let address, let host = address.host(percentEncoded: false), !host.isEmpty,
            let kind = Self.kinds[address.scheme?.lowercased() ?? ""]
        else {
            throw HubError(
                .invalidSettings, "not the address of a proxy that can be used", at: name,
                remedy: "write it like http://proxy.example.org:3128 or socks5://proxy.example.org:1080")
        }
        self.kind = kind
        self.host = host
        port = address.port ?? (kind == .http ? 80 : 1080)
        user = address.user(percentEncoded: false)
        password = address.password(percentEncoded: false)
        exceptions = (value("no_proxy")?.text ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
    }

    private static let kinds: [String: Kind] = ["http": .http, "socks5": .socks, "socks5h": .socks]

    /// Whether connections to a host go through the proxy.
    package func applies(to origin: Origin) -> Bool {
        guard origin.scheme == "https", !origin.isThisMachine else { return false }
        return !exceptions.contains { exception in
            if exception == "*" || exception == "\(origin.host):\(origin.port)" { return true }
            let domain = exception.drop { $0 == "." }
            return !domain.isEmpty && (origin.host == domain || origin.host.hasSuffix(".\(domain)"))
        }
    }

    /// Host and port, without user and password.
    public var description: String { "\(host):\(port)" }
    /// Host and port, without user and password.
    public var debugDescription: String { description }
    /// Shows nothing inside.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
