import GlimpseServer
import Testing

/// Addresses, and which of them are on the public internet.
struct IPAddressTests {
    /// A block of addresses that is not public, and the public ones beside it.
    struct Block: Sendable, CustomTestStringConvertible {
        let first: String
        let last: String
        /// The address before the first, unless that is special, too.
        var before: String?
        /// The address after the last.
        var after: String?
        var testDescription: String { "\(first)–\(last)" }

        init(_ first: String, _ last: String, before: String? = nil, after: String? = nil) {
            (self.first, self.last) = (first, last)
            (self.before, self.after) = (before, after)
        }
    }

    private static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text), "\(text)") }

    @Test func bytesAreInNetworkOrder() throws {
        #expect(try Self.address("192.0.2.1").bytes == [192, 0, 2, 1])
        let six = try Self.address("2001:db8::ff")
        #expect(six.bytes == [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF])
        #expect(IPAddress(bytes: [192, 0, 2, 1]).description == "192.0.2.1")
        #expect(six.description == "2001:db8::ff")
    }

    @Test(arguments: ["0.0.0.0", "255.255.255.255", "10.20.30.40", "::", "::1", "2001:db8::1", "fe80::1:2:3:4"])
    func descriptionsAreAddresses(text: String) throws {
        let address = try Self.address(text)
        #expect(address.description == text)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        "", "localhost", "127.1", "127.0.1", "2130706433", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "010.0.0.1",
        "256.0.0.1", "1.2.3.4.5", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/8", "1.2.3.4:80", "1..2.3", "-1.2.3.4", "１.2.3.4",
        "[::1]", "::1%lo", "fe80::1%eth0", "1::2::3", ":::", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::g",
    ]) func anythingElseIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        Block("0.0.0.0", "0.255.255.255", after: "1.0.0.0"),
        Block("10.0.0.0", "10.255.255.255", before: "9.255.255.255", after: "11.0.0.0"),
        Block("100.64.0.0", "100.127.255.255", before: "100.63.255.255", after: "100.128.0.0"),
        Block("127.0.0.0", "127.255.255.255", before: "126.255.255.255", after: "128.0.0.0"),
        Block("169.254.0.0", "169.254.255.255", before: "169.253.255.255", after: "169.255.0.0"),
        Block("172.16.0.0", "172.31.255.255", before: "172.15.255.255", after: "172.32.0.0"),
        Block("192.0.0.0", "192.0.0.255", before: "191.255.255.255", after: "192.0.1.0"),
        Block("192.0.2.0", "192.0.2.255", before: "192.0.1.255", after: "192.0.3.0"),
        Block("192.31.196.0", "192.31.196.255", before: "192.31.195.255", after: "192.31.197.0"),
        Block("192.52.193.0", "192.52.193.255", before: "192.52.192.255", after: "192.52.194.0"),
        Block("192.88.99.0", "192.88.99.255", before: "192.88.98.255", after: "192.88.100.0"),
        Block("192.168.0.0", "192.168.255.255", before: "192.167.255.255", after: "192.169.0.0"),
        Block("192.175.48.0", "192.175.48.255", before: "192.175.47.255", after: "192.175.49.0"),
        Block("198.18.0.0", "198.19.255.255", before: "198.17.255.255", after: "198.20.0.0"),
        Block("198.51.100.0", "198.51.100.255", before: "198.51.99.255", after: "198.51.101.0"),
        Block("203.0.113.0", "203.0.113.255", before: "203.0.112.255", after: "203.0.114.0"),
        Block("224.0.0.0", "239.255.255.255", before: "223.255.255.255"),
        Block("240.0.0.0", "255.255.255.255"),
    ]) func blocksOfVersion4(block: Block) throws { try check(block) }

    @Test(arguments: [
        Block("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", after: "2000::"),
        Block("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", before: "2000:ffff:ffff::ffff", after: "2001:200::"),
        Block("2001:db8::", "2001:db8:ffff:ffff::ffff", before: "2001:db7:ffff::ffff", after: "2001:db9::"),
        Block("2620:4f:8000::", "2620:4f:8000:ffff::ffff", before: "2620:4f:7fff::ffff", after: "2620:4f:8001::"),
        Block("3fff::", "3fff:fff:ffff::ffff", before: "3ffe:ffff:ffff::ffff", after: "3fff:1000::"),
        Block("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", before: "3fff:ffff:ffff::ffff"),
        Block("fc00::", "fdff:ffff:ffff::ffff"), Block("fe80::", "febf:ffff:ffff::ffff"), Block("ff00::", "ff02::1"),
        Block("::1", "::8.8.8.8"), Block("100::", "100::ffff:ffff:ffff:ffff"), Block("5f00::", "5f00:ffff::"),
        Block("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
    ]) func blocksOfVersion6(block: Block) throws { try check(block) }

    private func check(_ block: Block) throws {
        for text in [block.first, block.last] { #expect(try !Self.address(text).isPublic, "\(text)") }
        for text in [block.before, block.after].compactMap({ $0 }) {
            #expect(try Self.address(text).isPublic, "\(text)")
        }
    }

    /// Mapped, 6to4, and behind a translator: what is inside decides.
    @Test(arguments: [
        ("7f00:1", false), ("a00:1", false), ("c0a8:101", false), ("a9fe:a9fe", false), ("808:808", true),
    ])
    func addressesOfVersion4InsideVersion6(inside: String, isPublic: Bool) throws {
        for text in ["::ffff:\(inside)", "2002:\(inside)::1", "64:ff9b::\(inside)"] {
            #expect(try Self.address(text).isPublic == isPublic, "\(text)")
        }
    }

    @Test func dottedFormsInsideVersion6AreTheSame() throws {
        #expect(try Self.address("::ffff:127.0.0.1") == Self.address("::ffff:7f00:1"))
        #expect(try Self.address("64:ff9b::10.0.0.1") == Self.address("64:ff9b::a00:1"))
    }
}
