import Foundation
import GlimpseHub
import NIOSSL
import TestServer
import Testing

/// Over TLS a hub is who it says it is, or nothing is asked of it.
@Suite(.timeLimit(.minutes(5)))
struct SecurityTests {
    private static let files = [
        TestFile(name: "config.json", content: noise(100)),
        TestFile(name: "model.safetensors", content: noise(300_000), isLarge: true),
    ]

    private static func certificate(_ name: String) -> URL {
        URL(filePath: #filePath).appending(path: "../../Fixtures/hub/\(name).pem").standardized
    }

    private static func workplace() async throws -> Workplace {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate("server").path(percentEncoded: false))
        let key = try NIOSSLPrivateKey(file: certificate("server-key").path(percentEncoded: false), format: .pem)
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        return try await Workplace(files, secured: NIOSSLContext(configuration: configuration))
    }

    private static func settings(_ workplace: Workplace, _ variables: [String: String] = [:]) throws -> HubSettings {
        let fixed = [
            "HF_ENDPOINT": workplace.hub.endpoint, "HF_HUB_CACHE": workplace.cache.path(percentEncoded: false),
            "HF_TOKEN": Workplace.token,
        ]
        return try HubSettings(environment: variables.merging(fixed) { $1 })
    }

    @Test(arguments: ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
    func anAuthorityOfOnesOwnIsTrusted(variable: String) async throws {
        let workplace = try await Self.workplace()
        let settings = try Self.settings(
            workplace, [variable: Self.certificate("authority").path(percentEncoded: false)])
        let hub = Hub(settings: settings, policy: Workplace.policy)
        try expectContents(try await hub.snapshot(of: HubReference("org/repo")), Self.files)
        let tokens = workplace.hub.requests(to: "hub").map { $0.header("Authorization") }
        #expect(!tokens.isEmpty && tokens.allSatisfy { $0 == "Bearer \(Workplace.token)" })
        #expect(workplace.hub.requests(to: "content").allSatisfy { $0.header("Authorization") == nil })
    }

    @Test func aStrangerIsAskedNothing() async throws {
        let workplace = try await Self.workplace()
        var policy = Workplace.policy
        policy.attempts = 1
        let hub = Hub(settings: try Self.settings(workplace), policy: policy)
        let error = try await hubError { try await hub.snapshot(of: HubReference("org/repo")) }
        #expect(error.code == .connection && error.message.contains("CERTIFICATE_VERIFY_FAILED"), "\(error)")
        #expect(workplace.hub.log.isEmpty)
    }

    @Test func aFileWithoutCertificatesIsRefused() async throws {
        let workplace = try await Self.workplace()
        for file in ["/nowhere.pem", #filePath] {
            let error = try await hubError { try Self.settings(workplace, ["SSL_CERT_FILE": file]) }
            #expect(error.code == .invalidSettings && error.location == "SSL_CERT_FILE: \(file)", "\(error)")
        }
    }
}
