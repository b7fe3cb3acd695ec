import Foundation
import GlimpseHub
import TestServer
import Testing

/// A download that stops goes on where it stopped.
@Suite(.timeLimit(.minutes(5)))
struct ResumeTests {
    private static let size = 400_000
    private static let file = TestFile(name: "model.safetensors", content: noise(size), isLarge: true)
    private static let content = "content model.safetensors"
    private static let partial = "blobs/\(file.blob).incomplete"

    @Test func aConnectionThatIsCutIsResumedAndNothingComesTwice() async throws {
        let workplace = try await Workplace([Self.file])
        workplace.hub.fail(
            Self.content,
            with: [
                workplace.cut(Self.file, after: 150_000), workplace.cut(Self.file, after: 100_000, having: 250_000),
            ])
        try expectContents(try await workplace.pull(), [Self.file])
        #expect(
            workplace.hub.log.filter { $0.hasPrefix("content") } == [
                Self.content, "\(Self.content) bytes=150000-", "\(Self.content) bytes=250000-",
            ])
        #expect(workplace.hub.contentBytesSent == Self.size)
    }

    @Test func aSmallFileIsResumedToo() async throws {
        let file = TestFile(name: "vocab.json", content: noise(50_000))
        let workplace = try await Workplace([file])
        workplace.hub.fail("resolve vocab.json", with: [workplace.cut(file, after: 20_000)])
        try expectContents(try await workplace.pull(), [file])
        #expect(workplace.hub.log == ["listing", "resolve vocab.json", "resolve vocab.json bytes=20000-"])
    }

    @Test func breaksThatComeWithProgressDoNotUseUpTheAttempts() async throws {
        let file = TestFile(name: "big.bin", content: noise(8 << 20), isLarge: true)
        let workplace = try await Workplace([file])
        var policy = Workplace.policy
        policy.attempts = 2
        workplace.hub.fail(
            "content big.bin", with: (1...4).map { workplace.cut(file, after: 3 << 19, having: $0 * 3 << 19) })
        try expectContents(try await workplace.pull(policy: policy), [file])
        #expect(workplace.hub.contentBytesSent == 8 << 20)
        #expect(workplace.hub.log.count == 11, "\(workplace.hub.log)")
    }

    @Test func aCancelledDownloadStopsAtOnceAndGoesOnLater() async throws {
        let workplace = try await Workplace([Self.file])
        workplace.hub.fail(Self.content, with: [.delivery(.trickle(pieces: 2000))])
        let download = Task { try await workplace.pull() }
        func arrived() throws -> Int {
            guard workplace.exists(Self.partial) else { return 0 }
            let attributes = try FileManager.default.attributesOfItem(atPath: workplace.path(Self.partial))
            return try #require((attributes[.size] as? NSNumber)?.intValue)
        }
        // What the server has sent may still be under way: only what is in the file is kept.
        while try arrived() == 0 { try await Task.sleep(for: .milliseconds(2)) }
        download.cancel()
        await #expect(throws: CancellationError.self) { try await download.value }
        let kept = try arrived()
        #expect(kept > 0 && kept < Self.size, "it did not go on to the end")

        let reports = Recorder<HubProgress>()
        try expectContents(try await workplace.pull { reports.append($0) }, [Self.file])
        #expect(workplace.hub.log.last == "\(Self.content) bytes=\(kept)-")
        let first = try #require(reports.elements.first { $0.step == .downloading })
        #expect(first.completed > kept && first.total == Self.size, "what is there counts")
    }

    @Test func waitingForTheNextAttemptIsCancelledToo() async throws {
        let workplace = try await Workplace([Self.file])
        var policy = Workplace.policy
        policy.firstDelay = .seconds(50)
        workplace.hub.fail(Self.content, with: [.reply(Reply(status: 503))])
        let waiting = Recorder<Bool>()
        let download = Task { [policy] in
            try await workplace.pull(policy: policy) { if case .retrying = $0.step { waiting.append(true) } }
        }
        while waiting.elements.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        download.cancel()
        await #expect(throws: CancellationError.self) { try await download.value }
    }

    @Test func aServerWithoutRangesSendsItAllAgain() async throws {
        let workplace = try await Workplace([Self.file])
        workplace.hub.fail(Self.content, with: [workplace.cut(Self.file, after: 150_000), .noRanges])
        let reports = Recorder<HubProgress>()
        try expectContents(try await workplace.pull { reports.append($0) }, [Self.file])
        #expect(workplace.hub.contentBytesSent == 150_000 + Self.size)
        #expect(reports.elements.last?.completed == Self.size, "the lost bytes are not counted")
    }

    @Test func contentThatChangedIsStartedAgain() async throws {
        // Small, so that the tag is the last server's: the hub's own tag for large files is their digest.
        let file = TestFile(name: "vocab.json", content: noise(50_000))
        let workplace = try await Workplace([file])
        let what = "resolve vocab.json"
        workplace.hub.fail(what, with: [workplace.cut(file, after: 20_000), .changed(entityTag: "other")])
        try expectContents(try await workplace.pull(), [file])
        #expect(workplace.hub.log == ["listing", what, "\(what) bytes=20000-", what])
        let asked = workplace.hub.requests(to: "hub").map { $0.header("If-Range") }
        #expect(asked == [nil, nil, "\"\(file.gitBlob)\"", nil])
    }

    @Test func aServerThatSeesTheChangeSendsItAllAgain() async throws {
        let file = TestFile(name: "vocab.json", content: noise(50_000))
        let workplace = try await Workplace([file])
        workplace.hub.fail(
            "resolve vocab.json", with: [workplace.cut(file, after: 20_000), .retagged("other")])
        try expectContents(try await workplace.pull(), [file])
        #expect(workplace.hub.log == ["listing", "resolve vocab.json", "resolve vocab.json bytes=20000-"])
    }

    @Test func aLockFileThatItsHolderRemovesIsNotReliedOn() async throws {
        let workplace = try await Workplace([Self.file])
        let folder = workplace.cache.appending(path: ".locks/models--org--repo")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "\(Self.file.blob).lock").path(percentEncoded: false)
        let first = open(path, O_RDWR | O_CREAT, 0o600)
        #expect(flock(first, LOCK_EX | LOCK_NB) == 0)
        let waiting = Recorder<Bool>()
        let download = Task { try await workplace.pull { if $0.step == .waiting { waiting.append(true) } } }
        while waiting.elements.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        #expect(unlink(path) == 0)
        let second = open(path, O_RDWR | O_CREAT, 0o600)
        #expect(flock(second, LOCK_EX | LOCK_NB) == 0)
        close(first)
        try await Task.sleep(for: .milliseconds(300))
        #expect(workplace.hub.contentBytesSent == 0, "the lock that others see is still held")
        close(second)
        try expectContents(try await download.value, [Self.file])
    }

    @Test func aRangeThatIsNotTheOneAskedForIsNotTaken() async throws {
        for range in ["bytes 0-399999/400000", "bytes 150000-399999/500000", "bytes x", "", "items 150000-1/400000"] {
            let workplace = try await Workplace([Self.file])
            let wrong = Reply(status: 206, headers: [("Content-Range", range)], body: noise(250_000, seed: 9))
            workplace.hub.fail(Self.content, with: [workplace.cut(Self.file, after: 150_000), .reply(wrong)])
            try expectContents(try await workplace.pull(), [Self.file])
        }
    }

    @Test func aServerThatGoesOnChangingIsGivenUp() async throws {
        let workplace = try await Workplace([Self.file])
        let faults: [Fault] = [workplace.cut(Self.file, after: 150_000), .reply(Reply(status: 416))]
        workplace.hub.fail(Self.content, with: (0..<20).flatMap { _ in faults })
        let error = try await hubError { try await workplace.pull() }
        #expect(error.code == .malformedResponse || error.code == .connection, "\(error)")
        #expect(workplace.hub.log.count < 40)
    }

    @Test func whatAnEarlierRunLeftIsUsed() async throws {
        let workplace = try await Workplace([Self.file])
        try workplace.write(Array(Self.file.content.prefix(123_456)), to: Self.partial)
        try expectContents(try await workplace.pull(), [Self.file])
        #expect(workplace.hub.log.last == "\(Self.content) bytes=123456-")
        #expect(workplace.hub.contentBytesSent == Self.size - 123_456)
    }

    @Test func aCompletePartIsOnlyChecked() async throws {
        let workplace = try await Workplace([Self.file])
        try workplace.write(Self.file.content, to: Self.partial)
        try expectContents(try await workplace.pull(), [Self.file])
        #expect(workplace.hub.log == ["listing"])
    }

    @Test(arguments: [0, 1000, size, size + 1, size + 5000])
    func whatAnEarlierRunLeftDamagedIsGotAgain(count: Int) async throws {
        let workplace = try await Workplace([Self.file])
        try workplace.write(noise(count, seed: 77), to: Self.partial)
        let reports = Recorder<HubProgress>()
        try expectContents(try await workplace.pull { reports.append($0) }, [Self.file])
        #expect(reports.elements.last?.completed == Self.size)
        #expect(try workplace.blobs() == [Self.file.blob])
    }

    @Test func twoAtOnceDownloadOnce() async throws {
        let workplace = try await Workplace([Self.file])
        let waited = Recorder<String?>()
        workplace.hub.fail(Self.content, with: [.delivery(.held { !waited.elements.isEmpty })])
        let watch: @Sendable (HubProgress) -> Void = { if $0.step == .waiting { waited.append($0.file) } }
        async let one = workplace.pull(progress: watch)
        async let two = workplace.pull(progress: watch)
        for snapshot in [try await one, try await two] { try expectContents(snapshot, [Self.file]) }
        #expect(workplace.hub.contentBytesSent == Self.size && waited.elements == [Self.file.name])
    }

    @Test func waitingForAnotherIsCancelled() async throws {
        let workplace = try await Workplace([Self.file])
        let (waiting, left) = (Recorder<Bool>(), Recorder<Bool>())
        workplace.hub.fail(Self.content, with: [.delivery(.held { !left.elements.isEmpty })])
        let one = Task { try await workplace.pull() }
        while !workplace.exists(Self.partial) { try await Task.sleep(for: .milliseconds(2)) }
        let two = Task { try await workplace.pull { if $0.step == .waiting { waiting.append(true) } } }
        while waiting.elements.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        two.cancel()
        await #expect(throws: CancellationError.self) { try await two.value }
        left.append(true)
        try expectContents(try await one.value, [Self.file])
    }
}
