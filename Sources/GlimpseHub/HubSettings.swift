public import Foundation

/// Where the hub and the cache are, and who is asking: the variables that `huggingface_hub` reads.
///
/// | variable | meaning |
/// |---|---|
/// | `HF_ENDPOINT` | the hub or a mirror of it |
/// | `HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN` | the access token; else the file `HF_TOKEN_PATH`, or `token` in `HF_HOME` |
/// | `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE` | the cache; else `hub` in `HF_HOME` |
/// | `HF_HOME` | else `huggingface` in `XDG_CACHE_HOME` or `~/.cache` |
/// | `HF_HUB_OFFLINE`, `TRANSFORMERS_OFFLINE` | answer from the cache only |
/// | `REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`, `SSL_CERT_FILE` | a PEM file of the authorities that are trusted, in place of the system's |
/// | `https_proxy`, `all_proxy`, `no_proxy` | the way out of a company's network |
public struct HubSettings: Sendable {
    /// The hub, without a slash at the end.
    public let endpoint: URL
    /// The access token. It is sent to the endpoint's own host only, and only by HTTPS or to this machine.
    public var token: HubToken?
    /// The folder that holds a folder a repository.
    public var cache: URL
    /// Whether the cache alone answers.
    public var isOffline: Bool
    /// The proxy for HTTPS.
    public var proxy: HubProxy?
    /// The authorities that are trusted; nil for those of the system.
    public var authorities: HubAuthorities?

    /// The hub that is used when none is named.
    public static let defaultEndpoint = "https://huggingface.co"

    /// States the settings one by one.
    ///
    /// - Throws: `HubError` with `.invalidSettings` for an endpoint that is not the plain address of a web server.
    public init(
        endpoint: String = defaultEndpoint, token: HubToken? = nil, cache: URL, isOffline: Bool = false,
        proxy: HubProxy? = nil, authorities: HubAuthorities? = nil
    ) throws {
        self.endpoint = try Self.url(endpoint: endpoint)
        self.token = token
        self.cache = cache
        self.isOffline = isOffline
        self.proxy = proxy
        self.authorities = authorities
    }

    /// Reads the environment once, and the token's file.
    ///
    /// - Throws: `HubError` with `.invalidSettings` that names the variable or file.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let variables = Variables(environment)
        let root =
            variables.folder("XDG_CACHE_HOME")
            ?? variables.home.appending(path: ".cache", directoryHint: .isDirectory)
        let home = variables.folder("HF_HOME") ?? root.appending(path: "huggingface", directoryHint: .isDirectory)
        try self.init(
            endpoint: variables["HF_ENDPOINT"] ?? Self.defaultEndpoint,
            token: try Self.token(variables, home: home),
            cache: variables.folder("HF_HUB_CACHE") ?? variables.folder("HUGGINGFACE_HUB_CACHE")
                ?? home.appending(path: "hub", directoryHint: .isDirectory),
            isOffline: variables.flag("HF_HUB_OFFLINE") || variables.flag("TRANSFORMERS_OFFLINE"),
            proxy: try HubProxy(environment: environment), authorities: try Self.authorities(variables))
    }

    private static func authorities(_ variables: Variables) throws -> HubAuthorities? {
        for name in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
            if let file = variables.folder(name) { return try HubAuthorities(file, from: name) }
        }
        return nil
    }

    private static func url(endpoint: String) throws -> URL {
        let trimmed = String(endpoint.reversed().drop { $0 == "/" }.reversed())
        guard let url = URL(string: trimmed), Origin(url) != nil, url.user == nil, url.query == nil, url.fragment == nil
        else {
            // What was given is not quoted: it may hold a password.
            throw HubError(
                .invalidSettings, "not the address of a hub", at: "HF_ENDPOINT",
                remedy: "write it like \(defaultEndpoint), without user, password or query")
        }
        return url
    }

    private static func token(_ variables: Variables, home: URL) throws -> HubToken? {
        for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"] {
            if let text = variables[name] { return try HubToken(text, from: name) }
        }
        let file = variables.folder("HF_TOKEN_PATH") ?? home.appending(path: "token")
        let path = file.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let handle = try FileHandle(forReadingFrom: file)
            let bytes = try handle.read(upToCount: 8192) ?? Data()
            try handle.close()
            let text = String(decoding: bytes, as: UTF8.self)
            return text.allSatisfy(\.isWhitespace) ? nil : try HubToken(text, from: path)
        } catch let error as CocoaError {
            throw HubError(
                .invalidSettings, "the access token cannot be read: \(error.localizedDescription)", at: path,
                remedy: "check the file's permissions, or set HF_TOKEN")
        }
    }
}

/// The environment, in which an empty variable is as good as none.
private struct Variables {
    private let values: [String: String]

    init(_ values: [String: String]) {
        self.values = values
    }

    subscript(_ name: String) -> String? {
        values[name].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }

    var home: URL {
        self["HOME"].map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? FileManager.default.homeDirectoryForCurrentUser
    }

    /// A path, in which `~` is the home folder.
    func folder(_ name: String) -> URL? {
        guard let path = self[name] else { return nil }
        if path == "~" { return home }
        return path.hasPrefix("~/") ? home.appending(path: path.dropFirst(2)) : URL(filePath: path)
    }

    func flag(_ name: String) -> Bool {
        self[name].map { ["1", "on", "yes", "true"].contains($0.lowercased()) } ?? false
    }
}
