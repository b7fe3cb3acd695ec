import ArgumentParser
import Foundation
import GlimpseModels

/// The files by which systems start a server.
enum ServiceFile: String, ExpressibleByArgument, CaseIterable {
    case systemd, launchd, docker

    /// The file, for a server with these options.
    ///
    /// - Throws: `ValidationError` for options that such a file cannot have.
    func text(arguments: [String]) throws -> String {
        guard !arguments.contains(where: { $0 == "--token" || $0.hasPrefix("--token=") }) else {
            throw ValidationError("A --token in a file can be read by many: use --token-file.")
        }
        guard !arguments.contains(where: { $0.contains(where: \.isNewline) }) else {
            throw ValidationError("An option with a new line in it cannot be written into a file.")
        }
        return switch self {
        case .systemd: Self.systemd(arguments)
        case .launchd: try Self.launchd(arguments)
        case .docker: Self.docker(arguments)
        }
    }

    /// Where this program is.
    private static var program: String {
        Bundle.main.executableURL?.resolvingSymlinksInPath().path(percentEncoded: false) ?? "glimpse"
    }

    private static func systemd(_ arguments: [String]) -> String {
        // systemd expands % and $ in commands, and reads quotes and backslashes as a shell does.
        func quoted(_ text: String) -> String {
            let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%")
                .replacing("$", with: "$$")
            return "\"\(escaped)\""
        }
        let command = ([program, "serve"] + arguments).map(quoted).joined(separator: " ")
        return """
            # ~/.config/systemd/user/glimpse.service; then: systemctl --user enable --now glimpse
            [Unit]
            Description=Glimpse: see your pictures in words
            After=network.target

            [Service]
            ExecStart=\(command)
            Restart=on-failure
            TimeoutStopSec=90
            NoNewPrivileges=true
            LockPersonality=true
            RestrictSUIDSGID=true

            [Install]
            WantedBy=default.target
            """
    }

    private static func launchd(_ arguments: [String]) throws -> String {
        let logs = FileManager.default.homeDirectoryForCurrentUser.appending(path: "Library/Logs/glimpse.log")
        let properties: [String: Any] = [
            "Label": "glimpse.serve", "ProgramArguments": [program, "serve"] + arguments, "RunAtLoad": true,
            "KeepAlive": ["SuccessfulExit": false], "StandardErrorPath": logs.path(percentEncoded: false),
        ]
        let data = try PropertyListSerialization.data(fromPropertyList: properties, format: .xml, options: 0)
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private static func docker(_ arguments: [String]) -> String {
        // In a container nobody reaches the loopback address.
        let hosted = arguments.contains { $0 == "--host" || $0.hasPrefix("--host=") }
        let command = ["glimpse", "serve"] + (hosted ? [] : ["--host", "0.0.0.0"]) + arguments
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let list = (try? encoder.encode(command)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return """
            # The glimpse program, built on Linux, lies beside this file. Then:
            #   docker build -t glimpse .
            #   docker run -p 127.0.0.1:7313:7313 -v glimpse:/data -v ~/Pictures:/pictures:ro glimpse
            #   docker exec CONTAINER glimpse index /pictures
            FROM debian:bookworm-slim
            RUN apt-get update \\
                && apt-get install --yes --no-install-recommends libvips42 ca-certificates libsqlite3-0 zlib1g libssl3 \\
                && rm -rf /var/lib/apt/lists/*
            COPY glimpse /usr/local/bin/glimpse
            RUN useradd --create-home glimpse && mkdir /data && chown glimpse /data
            USER glimpse
            ENV XDG_DATA_HOME=/data XDG_CACHE_HOME=/data/cache
            RUN glimpse models pull lite
            VOLUME /data
            EXPOSE 7313
            CMD \(list)
            """
    }
}
