import Foundation
import GlimpseHub
import Testing

/// A cache that other tools have filled, and answers without a network.
@Suite(.timeLimit(.minutes(5)))
struct CacheTests {
    private static let files = [
        TestFile(name: "config.json", content: Array("{}".utf8)),
        TestFile(name: "sub/model.safetensors", content: noise(100_000), isLarge: true),
    ]

    /// Lays a repository out as `huggingface_hub` does.
    private func fill(_ workplace: Workplace, _ files: [TestFile] = files) throws {
        for file in files {
            try workplace.write(file.content, to: "blobs/\(file.blob)")
            let up = file.name.contains("/") ? "../../.." : "../.."
            try workplace.link(
                "snapshots/\(workplace.hub.commit)/\(file.name)", to: "\(up)/blobs/\(file.blob)")
        }
        try workplace.write(Array(workplace.hub.commit.utf8), to: "refs/main")
    }

    @Test func whatOtherToolsDownloadedIsUsed() async throws {
        let workplace = try await Workplace(Self.files)
        try fill(workplace)
        try expectContents(try await workplace.pull(), Self.files)
        #expect(workplace.hub.log == ["listing"])
    }

    @Test func aCacheWithoutLinksIsUsedAndStaysAsItIs() async throws {
        let workplace = try await Workplace(Self.files)
        for file in Self.files {
            try workplace.write(file.content, to: "snapshots/\(workplace.hub.commit)/\(file.name)")
        }
        try expectContents(try await workplace.pull(), Self.files)
        #expect(workplace.hub.log == ["listing"])
        #expect(try workplace.blobs().isEmpty)
    }

    @Test func aBlobOfAnotherSizeIsGotAgain() async throws {
        let workplace = try await Workplace(Self.files)
        try fill(workplace)
        try workplace.write(noise(99_999), to: "blobs/\(Self.files[1].blob)")
        try expectContents(try await workplace.pull(), Self.files)
        #expect(workplace.hub.log.last == "content sub/model.safetensors")
    }

    @Test func aLinkToAnotherBlobIsPutRight() async throws {
        let workplace = try await Workplace(Self.files)
        try fill(workplace)
        let link = "snapshots/\(workplace.hub.commit)/sub/model.safetensors"
        try FileManager.default.removeItem(atPath: workplace.path(link))
        try workplace.link(link, to: "../../../blobs/\(Self.files[0].blob)")
        try expectContents(try await workplace.pull(), Self.files)
        #expect(workplace.hub.log == ["listing"])
    }

    @Test func aNewCommitSharesWhatDidNotChange() async throws {
        let workplace = try await Workplace(Self.files)
        let old = try await workplace.pull()
        let changed = TestFile(name: "config.json", content: Array(#"{"new": true}"#.utf8))
        workplace.hub.update {
            $0.commit = String(repeating: "e", count: 40)
            $0.files[0] = changed
        }
        let new = try await workplace.pull()
        try expectContents(new, [changed, Self.files[1]])
        try expectContents(old, Self.files)
        #expect(workplace.hub.contentBytesSent == 100_000)
        #expect(try String(contentsOfFile: workplace.path("refs/main"), encoding: .utf8) == new.commit)
    }

    @Test func offlineTheCacheAnswers() async throws {
        let workplace = try await Workplace(Self.files)
        try fill(workplace)
        for reference in ["org/repo", "org/repo@\(workplace.hub.commit)"] {
            let snapshot = try await workplace.pull(reference, isOffline: true)
            try expectContents(snapshot, Self.files)
            #expect(snapshot.commit == workplace.hub.commit)
            #expect(snapshot.files.map(\.digest?.hexadecimal) == Self.files.map(\.blob))
            for file in snapshot.files { #expect(try Data(contentsOf: snapshot.url(of: file)).count == file.size) }
        }
        let chosen = try await workplace.pull(files: .named(["config.json"]), isOffline: true)
        try expectContents(chosen, [Self.files[0]])
        #expect(workplace.hub.log.isEmpty)
    }

    @Test func offlineWhatIsDownloadedHereIsFound() async throws {
        let workplace = try await Workplace(Self.files)
        try await workplace.pull("org/repo@v1/beta")
        try expectContents(try await workplace.pull("org/repo@v1/beta", isOffline: true), Self.files)
        #expect(try await hubError { try await workplace.pull(isOffline: true) }.code == .notCached)
    }

    @Test func offlineWhatIsMissingIsSaid() async throws {
        let workplace = try await Workplace(Self.files)
        let nothing = try await hubError { try await workplace.pull(isOffline: true) }
        #expect(nothing.code == .notCached && nothing.remedy?.contains("HF_HUB_OFFLINE") == true)

        try fill(workplace)
        try FileManager.default.removeItem(atPath: workplace.path("blobs/\(Self.files[1].blob)"))
        try expectContents(try await workplace.pull(isOffline: true), [Self.files[0]])
        let incomplete = try await hubError {
            try await workplace.pull(files: .named(["sub/model.safetensors"]), isOffline: true)
        }
        #expect(incomplete.code == .notCached && incomplete.message.contains("sub/model.safetensors"))
        #expect(workplace.hub.log.isEmpty)
    }

    @Test(arguments: ["../../../../etc", "main", "", String(repeating: "a", count: 300)])
    func aRefThatIsNoCommitIsNotFollowed(text: String) async throws {
        let workplace = try await Workplace(Self.files)
        try workplace.write(Array(text.utf8), to: "refs/main")
        let error = try await hubError { try await workplace.pull(isOffline: true) }
        #expect(error.code == .notCached && error.location?.hasSuffix("refs/main") == true)
    }
}
