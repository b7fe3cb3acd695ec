import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseServer
import GlimpseTasks

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the page and the API.",
        discussion: """
            glimpse serve
            glimpse serve --host 0.0.0.0 --token-file ~/.glimpse-token --allowed-host nas.local
            glimpse serve --model ViT-B-32 --idle-unload 10m
            glimpse serve --print-config systemd > ~/.config/systemd/user/glimpse.service

            The page is at http://127.0.0.1:7313/, the description of the API at /api/v1/openapi.json. Clients of Roboflow inference, immich machine \
            learning, OpenAI embeddings and clip-retrieval find what they know. Only this machine can connect, unless --host says otherwise; then \
            give a token, since who can connect sees the pictures. Ctrl-C ends it after what was begun is answered.
            """)

    @Option(help: "The address to listen at.")
    var host = "127.0.0.1"

    @Option(name: .shortAndLong, help: "The port; 0 for one that is free.")
    var port = 7313

    @Option(
        help:
            "What clients have to show. Others on this machine can see it among the processes: rather use --token-file."
    )
    var token: String?

    @Option(help: "A file whose first line is the token.", completion: .file())
    var tokenFile: String?

    @Option(
        help: "A name that clients may call the server by, besides addresses and localhost; may be given several times."
    )
    var allowedHost: [String] = []

    @Option(
        help: "NAME=MODEL: answer with MODEL where clients ask for NAME, * for any other; may be given several times.")
    var alias: [String] = []

    @Option(help: "How many models may be in memory; a client can name any that is installed.")
    var models = 2

    @Option(help: "Let go of a model that nobody asked for this long: 90s, 10m, 2h. (default: never)")
    var idleUnload: String?

    @Flag(help: "Fetch pictures from public addresses that clients name.")
    var fetchUrls = false

    @Flag(help: "Let nobody move files or index through the server.")
    var readOnly = false

    @Option(help: "The most megabytes of one request.")
    var maxUpload = 64

    @Option(help: "How many texts and pictures may wait; others are told to come back later.")
    var queue = 1024

    @Option(help: "How many seconds an answer may take.")
    var timeout = 60

    @Option(help: "Print a systemd or launchd unit, or a Dockerfile, that serves with these options, and end.")
    var printConfig: ServiceFile?

    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if token != nil && tokenFile != nil { throw ValidationError("--token and --token-file exclude each other.") }
        if let token, !ServerConfiguration.isToken(token) {
            throw ValidationError(
                "--token: letters, digits and signs, but no quotes, commas, semicolons, backslashes or spaces.")
        }
        if !(0...65_535).contains(port) { throw ValidationError("--port \(port) is not between 0 and 65535.") }
        for (name, value) in [
            ("--models", models), ("--max-upload", maxUpload), ("--queue", queue), ("--timeout", timeout),
        ] where value < 1 {
            throw ValidationError("\(name) \(value) is less than 1.")
        }
        if maxUpload > 1024 { throw ValidationError("--max-upload \(maxUpload) is more than 1024 megabytes.") }
        _ = try aliases()
        _ = try idleDuration()
    }

    func run() async throws {
        if let printConfig {
            try StandardOutput().writeLine(
                try printConfig.text(
                    .init(arguments: forwardedArguments(), model: model.model, port: port)))
            return
        }
        let configuration = try serverConfiguration()
        let notes = shared.notes
        let library = try library.openOrCreate()
        let server = try await Server(configuration, library: library, version: GlimpseVersion.current) { line in
            notes.warn(line)
        }
        let count = try library.statistics().contentCount
        if configuration.token == nil, !["127.0.0.1", "::1", "localhost"].contains(host) {
            notes.warn("whoever can connect to \(host) sees the pictures: give a --token-file")
        }
        do {
            try await server.run { port in
                let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
                notes.note(
                    "Glimpse is at http://\(name):\(port)/ with \(model.model) and \(count.counted("picture")); Ctrl-C ends it."
                )
                if count == 0 { notes.note("To have pictures there, run: glimpse index FOLDER") }
            }
        } catch let error as ServerCannotListen {
            throw TaskError(
                .invalidInput, "cannot listen at \(host), port \(port): \(error.reason)",
                remedy: "another program may have the port: try --port 0, or another")
        }
        notes.note("Ended.")
    }

    private func serverConfiguration() throws -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.allowedHosts = allowedHost + [host]
        configuration.token = try secret()
        configuration.model = model.model
        configuration.architecture = model.architecture
        configuration.precision = model.precision
        configuration.aliases = try aliases()
        configuration.modelLimit = models
        configuration.idleUnload = try idleDuration()
        configuration.fetchesAddresses = fetchUrls
        configuration.isReadOnly = readOnly
        configuration.bodyLimit = maxUpload << 20
        configuration.totalBodyLimit = max(256 << 20, maxUpload << 20)
        configuration.queueLimit = queue
        configuration.requestTimeout = .seconds(timeout)
        return configuration
    }

    private func secret() throws -> String? {
        guard let tokenFile else { return token }
        let text: String
        do {
            text = try String(contentsOf: URL(filePath: tokenFile), encoding: .utf8)
        } catch {
            throw TaskError(
                .unreadableFile, "\(tokenFile): the token cannot be read", remedy: "name a text file you may read")
        }
        let line = text.split(whereSeparator: \.isNewline).first.map { $0.trimmingCharacters(in: .whitespaces) }
        guard let line, !line.isEmpty else {
            throw TaskError(
                .invalidInput, "\(tokenFile): no token in the first line",
                remedy: "make one: openssl rand -hex 32 > \(tokenFile)")
        }
        guard ServerConfiguration.isToken(line) else {
            throw TaskError(
                .invalidInput,
                "\(tokenFile): the token has quotes, commas, spaces or the like, which browsers cannot send",
                remedy: "make one: openssl rand -hex 32 > \(tokenFile)")
        }
        return line
    }

    private func aliases() throws -> [String: String] {
        var aliases: [String: String] = [:]
        for text in alias {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--alias \(text) is not NAME=MODEL.") }
            aliases[parts[0]] = parts[1]
        }
        return aliases
    }

    private func idleDuration() throws -> Duration? {
        guard let idleUnload else { return nil }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = idleUnload.last.flatMap({ units[$0] }), let number = Double(idleUnload.dropLast()), number > 0,
            number * unit < 1e7
        else { throw ValidationError("--idle-unload \(idleUnload) is not a time such as 90s, 10m or 2h.") }
        return .seconds(number * unit)
    }

    /// The options as they were given, but for the one that prints.
    private func forwardedArguments() -> [String] {
        var arguments = Array(CommandLine.arguments.drop { $0 != "serve" }.dropFirst())
        if let index = arguments.firstIndex(where: { $0 == "--print-config" }) {
            arguments.removeSubrange(index..<min(index + 2, arguments.count))
        }
        arguments.removeAll { $0.hasPrefix("--print-config=") }
        return arguments
    }
}
