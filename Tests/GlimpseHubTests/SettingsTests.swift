import Foundation
import GlimpseHub
import TestServer
import Testing

struct SettingsTests {
    private static let home = ["HOME": "/nowhere/home"]

    private func settings(_ variables: [String: String]) throws -> HubSettings {
        try HubSettings(environment: Self.home.merging(variables) { $1 })
    }

    @Test(arguments: [
        ([:], "/nowhere/home/.cache/huggingface/hub"),
        (["XDG_CACHE_HOME": "/x"], "/x/huggingface/hub"),
        (["HF_HOME": "/h", "XDG_CACHE_HOME": "/x"], "/h/hub"),
        (["HF_HOME": "~/h"], "/nowhere/home/h/hub"),
        (["HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/h"], "/old"),
        (["HF_HUB_CACHE": "/new", "HUGGINGFACE_HUB_CACHE": "/old"], "/new"),
        (["HF_HUB_CACHE": ""], "/nowhere/home/.cache/huggingface/hub"),
    ])
    func theCacheIsWhereOtherToolsHaveIt(variables: [String: String], path: String) throws {
        #expect(try settings(variables).cache.path == path)
    }

    @Test(arguments: [
        ("1", true), ("true", true), ("YES", true), ("on", true), ("0", false), ("", false), ("no", false),
    ])
    func offlineIsAFlag(value: String, isOffline: Bool) throws {
        #expect(try settings(["HF_HUB_OFFLINE": value]).isOffline == isOffline)
    }

    @Test func theEndpointLosesItsSlash() throws {
        #expect(try settings([:]).endpoint.absoluteString == "https://huggingface.co")
        let mirror = try settings(["HF_ENDPOINT": "https://mirror.example.org/hub//"])
        #expect(mirror.endpoint.absoluteString == "https://mirror.example.org/hub")
    }

    @Test(arguments: [
        "mirror", "ftp://mirror.example.org", "file:///etc", "https://", "https://me:sesame@mirror.example.org",
        "https://mirror.example.org?x=sesame", "https://mirror.example.org#x",
    ])
    func anEndpointThatIsNoneIsNamedButNotQuoted(text: String) throws {
        let error = try #require(throws: HubError.self) { try settings(["HF_ENDPOINT": text]) }
        #expect(error.code == .invalidSettings && error.location == "HF_ENDPOINT")
        #expect(!"\(error)".contains("sesame"))
    }

    @Test func theTokenComesFromTheVariableThenTheFile() async throws {
        let workplace = try await Workplace([])
        let home = workplace.cache.path(percentEncoded: false)
        #expect(try settings(["HF_HOME": home]).token == nil)
        try FileManager.default.createDirectory(at: workplace.cache, withIntermediateDirectories: true)
        let file = workplace.cache.appending(path: "token")
        try Data("hf_file\n".utf8).write(to: file)
        #expect(try settings(["HF_HOME": home]).token == HubToken("hf_file"))
        #expect(try settings(["HF_HOME": home, "HF_TOKEN": " hf_variable "]).token == HubToken("hf_variable"))
        #expect(try settings(["HF_TOKEN_PATH": file.path(percentEncoded: false)]).token == HubToken("hf_file"))
        try Data("\n".utf8).write(to: file)
        #expect(try settings(["HF_HOME": home]).token == nil)
    }

    @Test func theTokenIsNeverShown() throws {
        let settings = try settings(["HF_TOKEN": Workplace.token])
        var dumped = ""
        dump(settings, to: &dumped)
        let shown = "\(settings) \(String(reflecting: settings)) \(dumped)"
        #expect(shown.contains("access token") && !shown.contains(Workplace.token))
    }

    @Test(arguments: ["two words", "line\nbreak", "hf_\u{E9}", "\u{7F}", String(repeating: "x", count: 5000)])
    func aTokenThatCannotBeSentIsRefusedUnquoted(text: String) throws {
        let error = try #require(throws: HubError.self) { try settings(["HF_TOKEN": text]) }
        #expect(error.code == .invalidSettings && error.location == "HF_TOKEN" && !"\(error)".contains(text))
    }
}

struct OriginTests {
    @Test(arguments: [
        ("https://mirror.example.org", true), ("http://mirror.example.org", false), ("http://127.0.0.1:8080", true),
        ("http://127.8.9.10", true), ("http://localhost", true), ("http://[::1]:80", true),
        ("http://127.evil.example", false), ("http://127.0.0.1.evil.example", false), ("http://localhost.evil", false),
        ("http://128.0.0.1", false), ("http://127.0.0.999", false), ("http://127.1", false),
    ])
    func theTokenIsSentWhereNobodyListens(address: String, isPrivate: Bool) throws {
        let origin = try #require(URL(string: address).flatMap(Origin.init))
        #expect(origin.isPrivate == isPrivate)
    }

    @Test func portsAreToldApart() throws {
        let origins = try ["https://a", "https://a:443", "HTTPS://A/x", "https://a:444", "http://a"].map { address in
            try #require(URL(string: address).flatMap(Origin.init))
        }
        #expect(origins[0] == origins[1] && origins[0] == origins[2])
        #expect(origins[0] != origins[3] && origins[0] != origins[4])
    }
}

struct ProxyTests {
    @Test(arguments: [
        (["https_proxy": "http://proxy.example.org:3128"], "proxy.example.org", 3128),
        (["HTTPS_PROXY": "proxy.example.org:8080"], "proxy.example.org", 8080),
        (["https_proxy": "http://a", "HTTPS_PROXY": "http://b"], "a", 80),
        (["all_proxy": "socks5://p"], "p", 1080),
    ])
    func variablesAreRead(variables: [String: String], host: String, port: Int) throws {
        let proxy = try #require(try HubProxy(environment: variables))
        #expect(proxy.host == host && proxy.port == port)
    }

    @Test func noneIsNone() throws {
        #expect(try HubProxy(environment: ["https_proxy": "", "http_proxy": "http://p"]) == nil)
    }

    @Test(arguments: ["https://p:1", "ftp://p", "http://", ":"])
    func whatCannotBeUsedIsAnError(text: String) throws {
        let error = try #require(throws: HubError.self) { try HubProxy(environment: ["https_proxy": text]) }
        #expect(error.code == .invalidSettings && error.location == "https_proxy")
    }

    @Test(arguments: [
        ("", "https://huggingface.co", true), ("", "http://huggingface.co", false), ("", "https://127.0.0.1", false),
        ("*", "https://huggingface.co", false), ("huggingface.co", "https://huggingface.co", false),
        ("example.org, .huggingface.co", "https://cdn.huggingface.co", false),
        ("face.co", "https://huggingface.co", true), ("huggingface.co:8443", "https://huggingface.co", true),
        ("huggingface.co:8443", "https://huggingface.co:8443", false), ("", "https://127.evil.example", true),
    ])
    func exceptionsAreHonoured(exceptions: String, address: String, applies: Bool) throws {
        let proxy = try #require(try HubProxy(environment: ["https_proxy": "http://p", "no_proxy": exceptions]))
        let origin = try #require(URL(string: address).flatMap(Origin.init))
        #expect(proxy.applies(to: origin) == applies)
    }

    @Test func passwordsAreNotShown() throws {
        let proxy = try #require(try HubProxy(environment: ["https_proxy": "http://me:sesame@p:1"]))
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect(!"\(proxy) \(String(reflecting: proxy)) \(dumped)".contains("sesame"))
    }

    @Test func httpsGoesThroughTheProxy() async throws {
        let seen = Recorder<String>()
        let proxy = try await LocalServer { request in
            seen.append("\(request.method) \(request.path)")
            #expect(request.header("Proxy-Authorization") == "Basic bWU6c2VzYW1l")
            #expect(request.header("Authorization") == nil, "the token is for the hub")
            return Reply(status: 502)
        }
        var policy = Workplace.policy
        policy.attempts = 1
        let settings = try HubSettings(
            endpoint: "https://hub.invalid", token: HubToken(Workplace.token), cache: URL(filePath: "/nowhere/cache"),
            proxy: HubProxy(environment: ["https_proxy": "http://me:sesame@127.0.0.1:\(proxy.port)"]))
        let error = try await hubError {
            try await Hub(settings: settings, policy: policy).snapshot(of: HubReference("org/repo"))
        }
        #expect(error.code == .connection && seen.elements == ["CONNECT hub.invalid:443"])
    }
}
