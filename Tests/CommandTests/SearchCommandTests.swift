import Foundation
import TestSupport
import Testing

/// `index` and `search` with the real model, in every format.
@Suite(.timeLimit(.minutes(5)))
struct SearchCommandTests {
    private let workplace: Workplace
    private let cat: String
    private let copy: String

    init() async throws {
        workplace = try Workplace()
        for sample in ["chelsea.png", "coffee.png", "rocket.jpg"] {
            try FileManager.default.copyItem(
                atPath: Fixtures.sample(sample), toPath: workplace.pictures + "/" + sample)
        }
        cat = workplace.pictures + "/chelsea.png"
        copy = workplace.pictures + "/copy, \"2\".png"
        try FileManager.default.copyItem(atPath: cat, toPath: copy)
        let outcome = try await Command.run("index", workplace.pictures, "--library", workplace.library)
        try #require(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.isEmpty && outcome.errors.hasPrefix("Indexed "), "\(outcome)")
    }

    private func search(_ arguments: String...) async throws -> Outcome {
        let outcome = try await Command.run(
            ["search", "--all", "--library", workplace.library] + arguments, environment: ["TERM": "xterm-256color"])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(!outcome.output.contains(0x1B), "no escape codes where there is no terminal")
        return outcome
    }

    @Test func theTableHasScoresAndPaths() async throws {
        let lines = try await search("a cat").lines
        #expect(lines.count == 3)
        #expect(lines[0].wholeMatch(of: /\ 0\.\d{3}   \d\d %  (.*)  \(and 1 more\)/)?.1 == Substring(cat))
        #expect(lines.dropFirst().allSatisfy { $0.contains(/^[ -]\d\.\d{3}  [ \d]{3} %  \//) })
    }

    @Test func jsonAndJSONLinesSayTheSame() async throws {
        let outcome = try await search("a", "cup", "of", "coffee", "--format", "json")
        let matches = try JSONDecoder().decode([Match].self, from: outcome.output)
        #expect(matches.count == 3)
        #expect(matches[0].path == workplace.pictures + "/coffee.png")
        #expect(matches[0].paths == [matches[0].path] && matches[0].width == 600 && matches[0].height == 400)
        #expect(matches.map(\.score) == matches.map(\.score).sorted(by: >))
        #expect(matches.contains { $0.paths == [cat, copy] })
        let lines = try await search("a cup of coffee", "--format", "jsonl")
        #expect(try Match.lines(lines.text) == matches)
    }

    @Test func pathsComeByLinesOrZeroes() async throws {
        let lines = try await search("a cat", "--format", "paths", "--top", "2").lines
        #expect(lines.count == 2 && lines[0] == cat)
        let zeroes = try await search("a cat", "-0", "-t", "2").text
        #expect(zeroes == lines.map { $0 + "\0" }.joined())
    }

    @Test func picturesAndSumsAreQueries() async throws {
        let itself = try Match.lines(try await search(cat, "--format", "jsonl").text)
        #expect(itself.first?.path == cat && itself.first.map { $0.score > 0.99 } == true)
        let away = try Match.lines(
            try await search("a rocket", "-", cat, "+", "0.1:night", "--format", "jsonl").text)
        #expect(away.first?.path == workplace.pictures + "/rocket.jpg" && away.last?.path == cat)
    }

    @Test func aSecondRunOnlyLinksWhatIsNew() async throws {
        try FileManager.default.copyItem(atPath: cat, toPath: workplace.pictures + "/another.png")
        let outcome = try await Command.run("index", workplace.pictures, "--library", workplace.library)
        #expect(outcome.status == 0 && outcome.errors == "1 renamed or copied, 4 unchanged.\n", "\(outcome)")
        let quiet = try await Command.run("index", "-q", workplace.pictures, "--library", workplace.library)
        #expect(quiet.status == 0 && quiet.errors.isEmpty && quiet.output.isEmpty, "\(quiet)")
    }

    @Test func filesThatAreGoneAreNotFound() async throws {
        let files = FileManager.default
        let renamed = workplace.pictures + "/renamed.png"
        try files.moveItem(atPath: cat, toPath: renamed)
        try files.removeItem(atPath: workplace.pictures + "/rocket.jpg")
        let index = try await Command.run("index", workplace.pictures, "--library", workplace.library)
        #expect(index.status == 0, "\(index)")
        let matches = try Match.lines(try await search("a cat", "--format", "jsonl").text)
        #expect(matches.map(\.paths) == [[copy, renamed], [workplace.pictures + "/coffee.png"]])
    }

    @Test func whatIsNotThereIsNotFound() async throws {
        let library = ["--library", workplace.library]
        let there = try await Command.run(["search", "a cat", "--format", "paths"] + library)
        #expect(there.status == 0 && there.lines == [cat], "\(there)")
        let absent = try await Command.run(["search", "a violin"] + library)
        expectFailure(absent, status: 1, says: "Nothing found; --all shows what is nearest.")
        #expect(absent.output.isEmpty)
        let quiet = try await Command.run(["search", "a violin", "--quiet", "--format", "json"] + library)
        #expect(quiet.status == 1 && quiet.errors.isEmpty && quiet.lines == ["[]"], "\(quiet)")
        let filtered = try await Command.run(["search", cat, "--under", workplace.pictures + "/nowhere"] + library)
        expectFailure(filtered, status: 1, says: "Nothing found.")
    }

    @Test func filtersAndPagesGoTogether() async throws {
        let page = workplace.folder.path("page.html")
        let outcome = try await Command.run(
            "search", "a cat", "--size", "..0.2MP", "--orientation", "landscape", "--html", page, "--library",
            workplace.library)
        #expect(outcome.status == 0 && outcome.lines.count == 1, "\(outcome)")
        let html = try String(contentsOf: URL(filePath: page), encoding: .utf8)
        #expect(html.contains("data:image/jpeg;base64,") && html.contains("<title>a cat</title>"))
    }

    @Test func aReaderThatHasSeenEnoughEndsItQuietly() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let outcome = try await Command.run(
            "search", "a cat", "--library", workplace.library,
            output: FileHandle(fileDescriptor: ends[1], closeOnDealloc: true))
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }
}
