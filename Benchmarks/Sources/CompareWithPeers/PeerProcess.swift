import Foundation

/// `peers/time_peer.py` as a child: one line of JSON in, one line out.
final class PeerProcess {
    /// What the peer was asked and could not do, or the end of its process.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A network with its inputs: pictures, tokens, or names with templates.
    struct LoadRequest: Encodable {
        /// The name of the case.
        let load: String
        /// What is done around the network.
        let family: Family
        /// The path of the ONNX file, or of the model's folder.
        let network: String
        /// [B, 224, 224, 3] bytes, in base 64.
        var pictures: String?
        /// B texts.
        var tokens: [[Int32]]?
        /// What the texts are padded to.
        var length: Int?
        /// The labels of a zero-shot head.
        var names: [String]?
        /// The sentences labels are put in, at `{}`.
        var templates: [String]?
    }

    /// What the case's inputs became.
    struct LoadAnswer: Decodable {
        /// [B, D].
        let vectors: [[Float]]
        /// The peer's name and version.
        let runtime: String
    }

    private struct TimeRequest: Encodable {
        let time: String
        let runs: Int
    }

    private struct DropRequest: Encodable {
        let drop: String
    }

    private struct Nothing: Decodable {}

    private struct TimeAnswer: Decodable {
        let seconds: [Double]
    }

    /// Either what was asked for, or why not.
    private enum Reply<Answer: Decodable>: Decodable {
        case answer(Answer)
        case error(String)

        private enum CodingKeys: CodingKey {
            case error
        }

        init(from decoder: any Decoder) throws {
            let error = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .error)
            self = try error.map(Reply.error) ?? .answer(Answer(from: decoder))
        }
    }

    /// What it runs networks with.
    let runtime: Runtime
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    /// Starts the peer.
    init(runtime: Runtime, python: String, script: URL, models: Models, threads: Int) throws {
        self.runtime = runtime
        // A child that has ended is reported as an error of the write, not as the end of this process.
        signal(SIGPIPE, SIG_IGN)
        process.executableURL = URL(filePath: python)
        process.arguments = [
            script.path(percentEncoded: false), "--runtime", runtime.rawValue,
            "--lite", try models.model(of: .lite).folder.path(percentEncoded: false),
            "--clip", try models.model(of: .clip).folder.path(percentEncoded: false), "--threads", String(threads),
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Loads a case and runs it once.
    func load(_ request: LoadRequest) throws -> LoadAnswer {
        try answer(to: request)
    }

    /// Runs a loaded case and returns the seconds of each run.
    func time(_ name: String, runs: Int) throws -> [Double] {
        let answer: TimeAnswer = try answer(to: TimeRequest(time: name, runs: runs))
        return answer.seconds
    }

    /// Forgets a loaded case.
    func drop(_ name: String) throws {
        let _: Nothing = try answer(to: DropRequest(drop: name))
    }

    /// Ends the child.
    func finish() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func answer<Answer: Decodable>(to request: some Encodable) throws -> Answer {
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request) + [UInt8(ascii: "\n")])
        switch try JSONDecoder().decode(Reply<Answer>.self, from: nextLine()) {
        case .answer(let answer): return answer
        case .error(let message): throw Failure(description: "the peer answered: \(message)")
        }
    }

    private func nextLine() throws -> Data {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return Data(unread[..<end])
            }
            let bytes = output.fileHandleForReading.availableData
            guard !bytes.isEmpty else {
                throw Failure(description: "the peer's process ended; see above for its error")
            }
            unread += bytes
        }
    }
}
