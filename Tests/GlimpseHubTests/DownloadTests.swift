import Foundation
import GlimpseHub
import TestServer
import Testing

@Suite(.timeLimit(.minutes(5)))
struct DownloadTests {
    private static let files = [
        TestFile(name: "config.json", content: Array(#"{"model_type": "clip"}"#.utf8)),
        TestFile(name: "model.safetensors", content: noise(300_000), isLarge: true),
        TestFile(name: "onnx/deep/model.onnx", content: noise(70_000, seed: 2), isLarge: true),
        TestFile(name: "empty file +%.txt", content: []),
    ]

    @Test func theCacheIsLaidOutAsOtherToolsHaveIt() async throws {
        let workplace = try await Workplace(Self.files)
        let snapshot = try await workplace.pull()
        try expectContents(snapshot, Self.files)
        let commit = workplace.hub.commit
        #expect(snapshot.commit == commit)
        #expect(snapshot.folder.standardizedFileURL.path == workplace.path("snapshots/\(commit)"))
        #expect(try workplace.blobs() == Set(Self.files.map(\.blob)), "whole blobs only")
        for (file, up) in zip(Self.files, ["../..", "../..", "../../../..", "../.."]) {
            let link = workplace.path("snapshots/\(commit)/\(file.name)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "\(up)/blobs/\(file.blob)")
        }
        #expect(try String(contentsOfFile: workplace.path("refs/main"), encoding: .utf8) == commit)
    }

    @Test func theTokenGoesToTheHubOnly() async throws {
        let workplace = try await Workplace(Self.files)
        try await workplace.pull(token: Workplace.token)
        let (hub, content) = (workplace.hub.requests(to: "hub"), workplace.hub.requests(to: "content"))
        #expect(hub.count == 4 && content.count == 2)
        #expect(hub.allSatisfy { $0.header("Authorization") == "Bearer \(Workplace.token)" })
        #expect(content.allSatisfy { $0.header("Authorization") == nil })
        #expect((hub + content).allSatisfy { $0.header("Accept-Encoding") == "identity" })
    }

    @Test func nothingIsDownloadedTwice() async throws {
        let workplace = try await Workplace(Self.files)
        try await workplace.pull()
        let before = workplace.hub.log.count
        let reports = Recorder<HubProgress>()
        try expectContents(try await workplace.pull { reports.append($0) }, Self.files)
        #expect(workplace.hub.log.dropFirst(before) == ["listing"])
        let end = try #require(reports.elements.last)
        #expect(end.step == .finished && end.completed == end.total && end.total == 370_022)
    }

    @Test func revisionsBecomePathsAndAddresses() async throws {
        let workplace = try await Workplace(Self.files)
        try await workplace.pull("org/repo@refs/pr/3")
        #expect(
            workplace.hub.requests(to: "hub").first?.path
                == "/api/models/org/repo/revision/refs%2Fpr%2F3?blobs=true")
        #expect(try String(contentsOfFile: workplace.path("refs/refs/pr/3"), encoding: .utf8) == workplace.hub.commit)
        try await workplace.pull("org/repo@\(workplace.hub.commit)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: workplace.path("refs")) == ["refs"])
    }

    @Test func onlyWhatIsChosenComes() async throws {
        let workplace = try await Workplace(Self.files)
        let small = HubSelection { files in files.filter { $0.size < 1000 && $0.size > 0 } }
        try expectContents(try await workplace.pull(files: small), [Self.files[0]])
        #expect(workplace.hub.log == ["listing", "resolve config.json"])
        let chosen = HubSelection.named(["onnx/deep/model.onnx"])
        try expectContents(try await workplace.pull(files: chosen), [Self.files[2]])

        let error = try await hubError { try await workplace.pull(files: .named(["config.json", "weights.bin"])) }
        #expect(error.code == .missingFile && "\(error)" == "org/repo: no such file: weights.bin")
        let foreign = HubSelection { _ in [HubFile(name: "../x", size: 1)] }
        #expect(try await workplace.pull(files: foreign).files.isEmpty, "what is not listed cannot be chosen")
    }

    @Test func progressTellsBytesOfAllFiles() async throws {
        let workplace = try await Workplace(Self.files)
        let reports = Recorder<HubProgress>()
        try await workplace.pull { reports.append($0) }
        let steps = reports.elements
        #expect(steps.first?.step == .listing && steps.first?.total == 0)
        let bytes = steps.filter { $0.step == .downloading }
        #expect(bytes.map(\.completed) == bytes.map(\.completed).sorted())
        #expect(bytes.allSatisfy { $0.total == 370_022 && $0.file != nil })
        #expect(steps.last == steps.last { $0.step == .finished } && steps.last?.completed == 370_022)
    }

    @Test func fourComeAtATime() async throws {
        let files = (0..<9).map { TestFile(name: "\($0).bin", content: noise(9000, seed: $0 + 3), isLarge: true) }
        let workplace = try await Workplace(files)
        // The first ones are not done before the fourth is asked for.
        let four = Fault.delivery(
            .held { [weak hub = workplace.hub] in (hub?.log.count { $0.hasPrefix("content") } ?? 4) >= 4 })
        for file in files { workplace.hub.fail("content \(file.name)", with: [four]) }
        let (mostPartial, names) = (Recorder<Int>(), Recorder<String>())
        try await workplace.pull { [cache = workplace.path("blobs")] report in
            if let file = report.file { names.append(file) }
            do {
                let blobs = try FileManager.default.contentsOfDirectory(atPath: cache)
                mostPartial.append(blobs.filter { $0.hasSuffix(".incomplete") }.count)
            } catch {
                mostPartial.append(0)
            }
        }
        #expect((2...4).contains(mostPartial.elements.max() ?? 0), "\(mostPartial.elements)")
        #expect(workplace.hub.log.count == 1 + 2 * 9 && Set(names.elements).count > 1)
    }

    @Test func theSameContentComesOnce() async throws {
        let content = noise(5000)
        let files = ["a.bin", "b/c.bin"].map { TestFile(name: $0, content: content, isLarge: true) }
        let workplace = try await Workplace(files)
        try expectContents(try await workplace.pull(), files)
        #expect(workplace.hub.contentBytesSent == 5000)
        #expect(try workplace.blobs().count == 1)
    }

    @Test func aHubWithoutDigestsIsCheckedBySize() async throws {
        let workplace = try await Workplace(Self.files)
        workplace.hub.update { $0.givesDigests = false }
        for _ in 0..<2 { try expectContents(try await workplace.pull(), Self.files) }
        #expect(try workplace.blobs() == Set(Self.files.map(\.gitBlob)), "named as git does")
        #expect(workplace.hub.log.filter { $0 == "content model.safetensors" }.count == 1)
    }

    @Test func aRenamedRepositoryIsFollowed() async throws {
        let workplace = try await Workplace(Self.files)
        let moved = Reply(status: 307, headers: [("Location", "/api/models/new/name/revision/main?blobs=true")])
        workplace.hub.fail("listing", with: [.reply(moved)])
        try expectContents(try await workplace.pull(token: Workplace.token), Self.files)
        #expect(workplace.hub.requests(to: "hub")[1].header("Authorization") != nil, "the same host is trusted")
    }
}
