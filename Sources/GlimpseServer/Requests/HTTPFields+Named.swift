import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension HTTPFields {
    /// The field of a name that has no constant.
    subscript(named name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set { if let name = HTTPField.Name(name) { self[name] = newValue } }
    }
}

extension Request {
    /// Whether the client speaks to a proxy in between by TLS. It may lie: nothing that it may not know depends on this.
    var isSecure: Bool { headers[named: "X-Forwarded-Proto"]?.lowercased() == "https" }

    /// Whether the client has what this tag stands for already (RFC 9110, 13.1.2); proxies that compress weaken tags.
    func hasTag(_ tag: String) -> Bool {
        (headers[.ifNoneMatch] ?? "").split(separator: ",").contains { part in
            let known = part.trimmingCharacters(in: .whitespaces)
            return known == "*" || known == tag || known == "W/" + tag
        }
    }
}
