import Foundation

/// An address of the internet protocol, version 4 or 6.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four bytes or sixteen.
    package let bytes: [UInt8]

    /// Reads "192.0.2.1" or "2001:db8::1"; nil for anything else, such as octal or shortened forms.
    package init?(_ text: String) {
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = withUnsafeBytes(of: sixteen) { Array($0) }
        } else {
            return nil
        }
    }

    /// - Parameter bytes: in network order, 4 or 16 of them.
    package init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "IPAddress: \(bytes.count) bytes")
        self.bytes = bytes
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        _ = bytes.withUnsafeBytes { inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it is reached over the public internet: none of the blocks of IANA's special-purpose registries (RFC 6890).
    package var isPublic: Bool {
        if bytes.count == 4 { return !Self.special4.contains { $0.contains(bytes) } }
        if let embedded { return embedded.isPublic }
        // All that is routed today begins with 001.
        return bytes[0] >> 5 == 1 && !Self.special6.contains { $0.contains(bytes) }
    }

    /// The address of version 4 inside one of version 6: mapped, 6to4, or behind a translator.
    private var embedded: IPAddress? {
        func four(at start: Int) -> IPAddress { IPAddress(bytes: Array(bytes[start..<start + 4])) }
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF { return four(at: 12) }
        if bytes.starts(with: [0x20, 0x02]) { return four(at: 2) }
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return four(at: 12) }
        return nil
    }

    private struct Block {
        let prefix: [UInt8]
        let length: Int

        init(_ text: String, _ length: Int) {
            prefix = IPAddress(text)?.bytes ?? []
            self.length = length
        }

        func contains(_ bytes: [UInt8]) -> Bool {
            guard bytes.count == prefix.count else { return false }
            let (whole, rest) = length.quotientAndRemainder(dividingBy: 8)
            guard bytes[..<whole] == prefix[..<whole] else { return false }
            return rest == 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) == 0
        }
    }

    private static let special4 = [
        Block("0.0.0.0", 8), Block("10.0.0.0", 8), Block("100.64.0.0", 10), Block("127.0.0.0", 8),
        Block("169.254.0.0", 16), Block("172.16.0.0", 12), Block("192.0.0.0", 24), Block("192.0.2.0", 24),
        Block("192.31.196.0", 24), Block("192.52.193.0", 24), Block("192.88.99.0", 24), Block("192.168.0.0", 16),
        Block("192.175.48.0", 24), Block("198.18.0.0", 15), Block("198.51.100.0", 24), Block("203.0.113.0", 24),
        Block("224.0.0.0", 4), Block("240.0.0.0", 4),
    ]

    private static let special6 = [
        Block("2001::", 23), Block("2001:db8::", 32), Block("3fff::", 20), Block("2620:4f:8000::", 48),
    ]
}
