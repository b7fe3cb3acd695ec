import GlimpseServer
import Testing

/// By which names the server may be called, and from which pages.
struct HostRuleTests {
    private let rule = HostRule(allowing: ["NAS.local"])

    @Test(arguments: [
        "localhost", "localhost:7313", "LocalHost:7313", "glimpse.localhost", "a.b.localhost:80",
        "127.0.0.1", "127.0.0.1:7313", "192.168.1.5:80", "8.8.8.8", "0.0.0.0:7313",
        "[::1]", "[::1]:7313", "[2001:DB8::1]:7313", "[::ffff:127.0.0.1]",
        "nas.local", "nas.local:7313", "NAS.LOCAL",
    ]) func namesOfThisServerAreAllowed(authority: String) {
        #expect(rule.allows(authority))
    }

    @Test(arguments: [
        "evil.example", "evil.example:7313", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost",
        "evil-localhost", "nas.local.evil.example", "xnas.local", "nas", "local", "nas.local.",
    ]) func namesOfOthersAreNot(authority: String) {
        #expect(!rule.allows(authority))
    }

    /// Some programs take these for addresses, and a page may have a name that looks like them.
    @Test(arguments: [
        "2130706433", "127.1", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "127.0.0.01", "1.2.3.4.5", "1.2.3",
    ])
    func numbersThatAreNoAddressesAreNot(authority: String) {
        #expect(!rule.allows(authority))
    }

    @Test(arguments: [
        "", ":", ":7313", "a:b:c", "::1", "::1:80", "[", "[]", "[]:80", "[::1", "[::1:80", "[evil.example]",
        "[127.0.0.1",
        "localhost:80:80", " localhost", "localhost ", "localhost/", "user@localhost", "[fe80::1%25eth0]", "\0",
        "%6cocalhost",
    ]) func oddAuthoritiesAreNot(authority: String) {
        #expect(!rule.allows(authority))
    }

    @Test func withoutNamesOnlyAddressesAndLocalhostAreAllowed() {
        let rule = HostRule(allowing: [])
        #expect(rule.allows("localhost") && rule.allows("127.0.0.1"))
        #expect(!rule.allows("nas.local"))
    }

    @Test func theServersOwnPagesMaySend() {
        for (origin, authority) in [
            ("http://127.0.0.1:7313", "127.0.0.1:7313"), ("HTTP://LocalHost:7313", "localhost:7313"),
            ("https://nas.local", "NAS.local"), ("http://[::1]:7313", "[::1]:7313"),
        ] {
            #expect(rule.allows(origin: origin, to: authority), "\(origin)")
        }
    }

    @Test(arguments: [
        "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:7314", "http://localhost:7313", "null", "",
        "file://127.0.0.1:7313", "ws://127.0.0.1:7313", "127.0.0.1:7313", "http://127.0.0.1:7313.evil.example",
        "http://127.0.0.1:7313@evil.example", "http://evil.example/127.0.0.1:7313", "http://http://127.0.0.1:7313",
        "://127.0.0.1:7313",
    ]) func pagesOfOthersMayNot(origin: String) {
        #expect(!rule.allows(origin: origin, to: "127.0.0.1:7313"))
    }
}
