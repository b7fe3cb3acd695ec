import ArgumentParser
import Foundation
import GlimpseModels

/// The files by which systems start a server.
enum ServiceFile: String, ExpressibleByArgument, CaseIterable {
    case systemd, launchd, docker

    /// What such a file says.
    struct Contents {
        /// The options of `glimpse serve`, as they were given.
        let arguments: [String]
        /// The model that is served.
        let model: String
        let port: Int
        /// The options that name files and folders.
        private static let pathOptions = ["--token-file", "--library", "-l"]

        /// The options with every path in full: a service starts in another folder.
        var absoluteArguments: [String] {
            var result: [String] = []
            for argument in arguments {
                let isPath = result.last.map {
                    Self.pathOptions.contains($0) || Self.isModel($0) && argument.contains("/")
                }
                let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
                if isPath == true {
                    result.append(Self.absolute(argument))
                } else if parts.count == 2,
                    Self.pathOptions.contains(parts[0]) || Self.isModel(parts[0]) && parts[1].contains("/")
                {
                    result.append(parts[0] + "=" + Self.absolute(parts[1]))
                } else {
                    result.append(argument)
                }
            }
            return result
        }

        /// The options but for those that name places of this machine.
        var portableArguments: [String] {
            var result: [String] = []
            var isSkipped = false
            for argument in arguments {
                if isSkipped {
                    isSkipped = false
                } else if Self.pathOptions.contains(argument) {
                    isSkipped = true
                } else if !Self.pathOptions.contains(where: { argument.hasPrefix($0 + "=") }) {
                    result.append(argument)
                }
            }
            return result
        }

        private static func isModel(_ option: String) -> Bool { option == "--model" || option == "-m" }

        private static func absolute(_ path: String) -> String {
            URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        }
    }

    /// The file, for a server with these options.
    ///
    /// - Throws: `ValidationError` for options that such a file cannot have.
    func text(_ contents: Contents) throws -> String {
        guard !contents.arguments.contains(where: { $0 == "--token" || $0.hasPrefix("--token=") }) else {
            throw ValidationError("A --token in a file can be read by many: use --token-file.")
        }
        guard !contents.arguments.contains(where: { $0.contains(where: \.isNewline) }) else {
            throw ValidationError("An option with a new line in it cannot be written into a file.")
        }
        guard self != .docker || !contents.model.contains("/") else {
            throw ValidationError(
                "A container does not have the model of \(contents.model): name one that it can pull.")
        }
        return switch self {
        case .systemd: Self.systemd(contents)
        case .launchd: Self.launchd(contents)
        case .docker: try Self.docker(contents)
        }
    }

    /// Where this program is.
    private static var program: String {
        Bundle.main.executableURL?.resolvingSymlinksInPath().path(percentEncoded: false) ?? "glimpse"
    }

    /// The variables that say where models and libraries are, where they are set.
    private static var environment: [(name: String, value: String)] {
        ["XDG_DATA_HOME", "XDG_CACHE_HOME"].compactMap { name in
            ProcessInfo.processInfo.environment[name].map { (name, $0) }
        }
    }

    private static func systemd(_ contents: Contents) -> String {
        // systemd expands % and $ in commands, and reads quotes and backslashes as a shell does.
        func quoted(_ text: String) -> String {
            let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%")
                .replacing("$", with: "$$")
            return "\"\(escaped)\""
        }
        let command = ([program, "serve"] + contents.absoluteArguments).map(quoted).joined(separator: " ")
        let variables = environment.map { "Environment=\(quoted("\($0.name)=\($0.value)"))\n" }.joined()
        return """
            # ~/.config/systemd/user/glimpse.service; then: systemctl --user enable --now glimpse
            [Unit]
            Description=Glimpse: see your pictures in words
            After=network.target

            [Service]
            ExecStart=\(command)
            \(variables)Restart=on-failure
            TimeoutStopSec=90
            NoNewPrivileges=true
            LockPersonality=true
            RestrictSUIDSGID=true

            [Install]
            WantedBy=default.target
            """
    }

    private static func launchd(_ contents: Contents) -> String {
        func text(_ text: String) -> String {
            let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            return "<string>\(escaped)</string>"
        }
        let logs = FileManager.default.homeDirectoryForCurrentUser.appending(path: "Library/Logs/glimpse.log")
        let arguments = ([program, "serve"] + contents.absoluteArguments).map { "        " + text($0) }
        let pairs = environment.map { "        <key>\($0.name)</key>\n        \(text($0.value))\n" }.joined()
        let variables = pairs.isEmpty ? "" : "    <key>EnvironmentVariables</key>\n    <dict>\n\(pairs)    </dict>\n"
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- ~/Library/LaunchAgents/glimpse.serve.plist; then: launchctl load ~/Library/LaunchAgents/glimpse.serve.plist -->
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
                <key>Label</key>
                <string>glimpse.serve</string>
                <key>ProgramArguments</key>
                <array>
            \(arguments.joined(separator: "\n"))
                </array>
            \(variables)    <key>RunAtLoad</key>
                <true/>
                <key>KeepAlive</key>
                <dict>
                    <key>SuccessfulExit</key>
                    <false/>
                </dict>
                <key>StandardErrorPath</key>
                \(text(logs.path(percentEncoded: false)))
            </dict>
            </plist>
            """
    }

    private static func docker(_ contents: Contents) throws -> String {
        let arguments = contents.portableArguments
        // In a container nobody reaches the loopback address.
        let isHosted = arguments.contains { $0 == "--host" || $0.hasPrefix("--host=") }
        let hasToken = contents.arguments.contains { $0 == "--token-file" || $0.hasPrefix("--token-file=") }
        let command =
            ["glimpse", "serve"] + (isHosted ? [] : ["--host", "0.0.0.0"])
            + (hasToken ? ["--token-file", "/run/secrets/glimpse-token"] : []) + arguments
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let list = String(decoding: try encoder.encode(command), as: UTF8.self)
        let token = hasToken ? " -v ~/.glimpse-token:/run/secrets/glimpse-token:ro" : ""
        let port = contents.port
        return """
            # The glimpse program, built on Linux, lies beside this file. Then:
            #   docker build -t glimpse .
            #   docker run --name glimpse -p 127.0.0.1:\(port):\(port) -v glimpse:/data\(token) -v ~/Pictures:/pictures:ro glimpse
            #   docker exec glimpse glimpse index /pictures
            # Models are in the volume glimpse, too, filled from the image the first time: docker exec glimpse glimpse models pull MODEL
            FROM debian:bookworm-slim
            RUN apt-get update \\
                && apt-get install --yes --no-install-recommends libvips42 ca-certificates libsqlite3-0 zlib1g libssl3 \\
                && rm -rf /var/lib/apt/lists/*
            COPY glimpse /usr/local/bin/glimpse
            RUN useradd --create-home glimpse && mkdir /data && chown glimpse /data
            USER glimpse
            ENV XDG_DATA_HOME=/data XDG_CACHE_HOME=/data/cache
            RUN glimpse models pull \(contents.model)
            VOLUME /data
            EXPOSE \(port)
            CMD \(list)
            """
    }
}
