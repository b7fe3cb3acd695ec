import Foundation
import GlimpseHub
import TestServer
import Testing

/// What is told, and how often it is tried, when the hub or the way to it fails.
@Suite(.timeLimit(.minutes(5)))
struct FailureTests {
    private static let large = TestFile(name: "model.safetensors", content: noise(200_000), isLarge: true)
    private static let files = [TestFile(name: "config.json", content: Array("{}".utf8)), large]

    private static func refusal(_ status: Int, _ code: String? = nil, _ headers: [(String, String)] = []) -> Fault {
        .reply(
            Reply(
                status: status, headers: headers + (code.map { [("X-Error-Code", $0)] } ?? []),
                body: Array("no".utf8)))
    }

    private static let refusals: [(Int, String?, HubError.Code, String)] = [
        (401, "GatedRepo", .gated, "accept the licence on the model's page"),
        (403, "GatedRepo", .gated, "accept the licence on the model's page"),
        (401, "RepoNotFound", .unauthorized, ""), (401, nil, .unauthorized, ""), (403, nil, .unauthorized, ""),
        (404, "RepoNotFound", .notFound, "spelling"), (404, "RevisionNotFound", .notFound, "spelling"),
        (404, nil, .notFound, "spelling"), (410, nil, .notFound, "spelling"), (400, nil, .malformedResponse, ""),
    ]

    @Test(arguments: refusals)
    func aRefusalIsFinal(status: Int, header: String?, code: HubError.Code, remedy: String) async throws {
        for token in [nil, Workplace.token] {
            let workplace = try await Workplace(Self.files)
            workplace.hub.fail("listing", with: [Self.refusal(status, header)])
            let error = try await hubError { try await workplace.pull(token: token) }
            #expect(error.code == code, "\(error)")
            if !remedy.isEmpty { #expect(error.remedy?.contains(remedy) == true, "\(error)") }
            #expect(error.location == "\(workplace.hub.endpoint)/api/models/org/repo/revision/main")
            #expect(workplace.hub.log == ["listing"], "not tried again")
            if code == .gated || code == .unauthorized {
                #expect(error.remedy?.contains("HF_TOKEN") == (token == nil), "\(error)")
            }
        }
    }

    @Test func oneFileThatIsRefusedEndsAll() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail("resolve model.safetensors", with: [Self.refusal(403, "GatedRepo")])
        #expect(try await hubError { try await workplace.pull(token: Workplace.token) }.code == .gated)
        #expect(!workplace.exists("refs/main"), "an incomplete snapshot gets no name")
        try expectContents(try await workplace.pull(), Self.files)
    }

    @Test func tooManyRequestsAreWaitedOut() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail("listing", with: [Self.refusal(429, nil, [("Retry-After", "1")])])
        workplace.hub.fail("resolve model.safetensors", with: [Self.refusal(429, nil, [("Retry-After", "0")])])
        let (start, reports) = (ContinuousClock.now, Recorder<HubProgress>())
        try expectContents(try await workplace.pull { reports.append($0) }, Self.files)
        #expect(start.duration(to: .now) >= .seconds(1))
        let retry = reports.elements.compactMap { report in
            if case .retrying(let delay, let error) = report.step { (delay, error.code, report.file) } else { nil }
        }
        #expect(retry.map(\.0) == [.seconds(1), .zero] && retry.allSatisfy { $0.1 == .rateLimited })
        #expect(retry.map(\.2) == [nil, "model.safetensors"])
    }

    @Test func aServerThatAsksForTooMuchPatienceIsNotWaitedFor() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail("listing", with: [Self.refusal(429, nil, [("Retry-After", "7200")])])
        let error = try await hubError { try await workplace.pull() }
        #expect(error.code == .rateLimited && error.remedy?.contains("7200 seconds") == true)
        #expect(workplace.hub.log == ["listing"])
    }

    @Test(arguments: ["listing", "resolve config.json", "resolve model.safetensors", "content model.safetensors"])
    func aServerThatFailsThriceIsTriedAgain(what: String) async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail(what, with: [503, 500, 502].map { Self.refusal($0) })
        try expectContents(try await workplace.pull(), Self.files)
        #expect(workplace.hub.log.filter { $0 == what }.count == 4)
    }

    @Test(arguments: ["listing", "content model.safetensors"])
    func aServerThatGoesOnFailingIsGivenUp(what: String) async throws {
        let workplace = try await Workplace(Self.files)
        var policy = Workplace.policy
        policy.attempts = 3
        workplace.hub.fail(what, with: (0..<10).map { _ in Self.refusal(503) })
        let error = try await hubError { try await workplace.pull(policy: policy) }
        #expect(error.code == .serverFailure && error.message == "the hub failed with status 503, 3 times in a row")
        #expect(workplace.hub.log.filter { $0 == what }.count == 3)
    }

    @Test func nobodyThereIsAConnectionFailure() async throws {
        let workplace = try await Workplace(Self.files)
        let deaf = try DeafPort()
        var policy = Workplace.policy
        policy.attempts = 2
        let settings = try HubSettings(
            endpoint: "http://127.0.0.1:\(deaf.number)", token: HubToken(Workplace.token), cache: workplace.cache)
        let error = try await hubError {
            try await Hub(settings: settings, policy: policy).snapshot(of: HubReference("org/repo"))
        }
        #expect(error.code == .connection && error.message.contains("2 times"), "\(error)")
        #expect(error.remedy?.contains("HF_HUB_OFFLINE") == true)
    }

    @Test(arguments: ["listing", "resolve config.json", "content model.safetensors"])
    func aSilentServerIsGivenUp(what: String) async throws {
        let workplace = try await Workplace(Self.files)
        var policy = Workplace.policy
        policy.idleTimeout = .milliseconds(100)
        policy.attempts = 2
        workplace.hub.fail(what, with: (0..<2).map { _ in .reply(Reply(delivery: .silence)) })
        let error = try await hubError { try await workplace.pull(policy: policy) }
        #expect(error.code == .connection, "\(error)")
        workplace.hub.update { $0.faults = [:] }
        try expectContents(try await workplace.pull(), Self.files)
    }

    @Test func anEndlessListingIsCutOff() async throws {
        let workplace = try await Workplace(Self.files)
        var policy = Workplace.policy
        policy.limits.listingBytes = 1 << 20
        let endless = Reply(
            body: Array(String(repeating: " ", count: 1 << 16).utf8), delivery: .endless(limit: 64 << 20))
        workplace.hub.fail("listing", with: [.reply(endless)])
        let error = try await hubError { try await workplace.pull(policy: policy) }
        #expect(error.code == .tooLarge && workplace.hub.hubBytesSent < 32 << 20, "\(error)")
        #expect(workplace.hub.log == ["listing"])
    }

    @Test func anEndlessFileIsCutOff() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail(
            "content model.safetensors",
            with: [.reply(Reply(body: noise(1 << 16), delivery: .endless(limit: 64 << 20)))])
        let error = try await hubError { try await workplace.pull() }
        #expect(error.code == .tooLarge && workplace.hub.contentBytesSent < 32 << 20, "\(error)")
        #expect(try workplace.blobs().isDisjoint(with: [Self.large.blob, Self.large.blob + ".incomplete"]))
    }

    @Test func anotherSizeThanListedIsNoticedBeforeTheContentComes() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail("content model.safetensors", with: [.content(noise(200_001))])
        let error = try await hubError { try await workplace.pull() }
        #expect(
            error.code == .malformedResponse && error.message.contains("200001") && error.message.contains("200000"))
    }

    @Test(arguments: [large, files[0]])
    func aWrongDigestIsToldAndNothingStays(file: TestFile) async throws {
        let workplace = try await Workplace(Self.files)
        let damaged = TestFile(name: file.name, content: Array(file.content.dropLast()) + [0], isLarge: file.isLarge)
        workplace.hub.fail("content \(file.name)", with: [.content(damaged.content)])
        // A small file comes from the hub itself.
        workplace.hub.fail("resolve \(file.name)", with: file.isLarge ? [] : [.content(damaged.content)])
        let error = try await hubError { try await workplace.pull() }
        #expect(error.code == .digestMismatch)
        #expect(error.message == "\(file.name) has the digest \(damaged.blob), expected \(file.blob)")
        #expect(error.location?.hasSuffix("/resolve/\(workplace.hub.commit)/\(file.name)") == true)
        #expect(try workplace.blobs().isDisjoint(with: [file.blob, damaged.blob, file.blob + ".incomplete"]))
        try expectContents(try await workplace.pull(), Self.files)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://x/y", "//", "http://", ":", ""])
    func redirectionsLeadToWebServersOnly(location: String) async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.fail(
            "resolve model.safetensors", with: [.reply(Reply(status: 302, headers: [("Location", location)]))])
        var policy = Workplace.policy
        policy.attempts = 1
        _ = try await hubError { try await workplace.pull(policy: policy) }
        #expect(!workplace.hub.log.contains("content model.safetensors"))
    }

    @Test func circlesAreLeft() async throws {
        let workplace = try await Workplace(Self.files)
        let circle = Reply(status: 302, headers: [("Location", "/api/models/org/repo/revision/main?blobs=true")])
        workplace.hub.fail("listing", with: (0..<20).map { _ in .reply(circle) })
        let error = try await hubError { try await workplace.pull() }
        #expect(error.code == .malformedResponse && error.message.contains("redirections"))
        #expect(workplace.hub.log.count == 6)
    }

    @Test func hostileNamesWriteNothing() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.update {
            $0.listing = #"{"sha": "\#($0.commit)", "siblings": [{"rfilename": "../../../escaped", "size": 1}]}"#
        }
        #expect(try await hubError { try await workplace.pull() }.code == .malformedResponse)
        #expect(!FileManager.default.fileExists(atPath: workplace.cache.path(percentEncoded: false)))
    }

    @Test func aFileThatIsAlsoAFolderIsAnError() async throws {
        let files = ["a", "a/b"].map { TestFile(name: $0, content: Array($0.utf8)) }
        let workplace = try await Workplace(files)
        #expect(try await hubError { try await workplace.pull() }.code == .inputOutput)
    }

    @Test func aCacheThatCannotBeWrittenIsNamed() async throws {
        let workplace = try await Workplace(Self.files)
        try workplace.write([1], to: "blocked")
        let cache = URL(filePath: workplace.path("blocked/cache"))
        let error = try await hubError { try await workplace.pull(cache: cache) }
        #expect(error.code == .inputOutput && error.location?.contains("blocked") == true, "\(error)")
        #expect(error.remedy?.contains("HF_HUB_CACHE") == true)
    }
}
