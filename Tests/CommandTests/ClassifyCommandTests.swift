import Foundation
import GlimpseFormats
import TestSupport
import Testing

/// `classify` with the real model, in every format.
@Suite(.timeLimit(.minutes(5)))
struct ClassifyCommandTests {
    private struct Record: Decodable, Equatable {
        struct Label: Decodable, Equatable {
            let label: String
            let probability: Double
            let cosine: Double
        }

        let path: String
        let labels: [Label]
    }

    private let workplace: Workplace
    private let cat: String
    private let coffee: String
    private static let labels = "cat,dog,coffee"

    init() throws {
        workplace = try Workplace()
        cat = workplace.pictures + "/a, \"b\"\tc.png"
        coffee = workplace.pictures + "/coffee.png"
        try FileManager.default.copyItem(atPath: Fixtures.sample("chelsea.png"), toPath: cat)
        try FileManager.default.copyItem(atPath: Fixtures.sample("coffee.png"), toPath: coffee)
    }

    private func classify(_ arguments: String...) async throws -> Outcome {
        let outcome = try await Command.run(["classify", workplace.pictures, "--labels", Self.labels] + arguments)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(!outcome.output.contains(0x1B), "no escape codes where there is no terminal")
        return outcome
    }

    @Test func theTableHasAPartForEachPicture() async throws {
        let parts = try await classify().text.split(separator: "\n\n")
        #expect(parts.count == 2)
        let lines = try #require(parts.first).split(separator: "\n")
        #expect(lines.count == 4 && lines[0] == cat)
        #expect(lines[1].contains(/^ +\d+\.\d %  cat$/))
    }

    @Test func jsonAndJSONLinesSayTheSame() async throws {
        let records = try JSONDecoder().decode([Record].self, from: try await classify("--format", "json").output)
        #expect(records.map(\.path) == [cat, coffee])
        #expect(records.map(\.labels.first?.label) == ["cat", "coffee"])
        for record in records {
            #expect(abs(record.labels.map(\.probability).reduce(0, +) - 1) < 1e-5)
            #expect(record.labels.allSatisfy { (-1...1).contains($0.cosine) })
        }
        let lines = try await classify("--format", "jsonl").lines
        #expect(try lines.map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) } == records)
    }

    @Test func csvQuotesAndTSVEscapes() async throws {
        let csv = try await classify("--format", "csv", "--top", "1").lines
        #expect(csv.count == 3 && csv[0] == "path,label,probability,cosine")
        #expect(csv[1].hasPrefix("\"\(cat.replacing("\"", with: "\"\""))\",cat,0.9"))
        let tsv = try await classify("--format", "tsv", "--top", "2").lines.map { $0.split(separator: "\t") }
        #expect(tsv.count == 5 && tsv.allSatisfy { $0.count == 4 })
        #expect(tsv[1][0] == cat.replacing("\t", with: "\\t") && tsv[1][1] == "cat")
    }

    @Test func labelsComeFromAFile() async throws {
        let file = try workplace.folder.write(Data("# drinks\ncup of coffee\n\ntea\n".utf8), to: "labels.txt")
        let outcome = try await Command.run("classify", coffee, "--labels-file", file, "--format", "csv")
        #expect(outcome.lines.count == 3 && outcome.lines[1].contains(",cup of coffee,0."), "\(outcome)")
    }

    @Test func aBadPictureIsNamedAtTheEndAndTheRestIsPrinted() async throws {
        let bad = try workplace.folder.write(Data("no picture".utf8), to: "pictures/b.jpg")
        let outcome = try await Command.run("classify", workplace.pictures, "--labels", Self.labels, "-f", "json")
        expectFailure(outcome, status: 2, says: "1 file could not be read", "\(bad): ", "found text")
        #expect(try JSONDecoder().decode([Record].self, from: outcome.output).count == 2)
    }

    @Test func labelsAreSaidInSeveralSentences() async throws {
        let mine = Data("# mine\n{}\na drawing of a {}\na {} indoors\n".utf8)
        let file = try workplace.folder.write(mine, to: "mine.txt")
        for (arguments, count) in [
            (["--templates", "photo"], 30), (["--templates", file], 3), (["--templates", "simple"], 1), ([], 1),
            (["--template", "a {}", "--template", "the {}"], 2),
        ] {
            let outcome = try await Command.run(["classify", cat, "--labels", Self.labels, "-v"] + arguments)
            #expect(outcome.status == 0 && outcome.lines.dropFirst().first?.hasSuffix("%  cat") == true, "\(outcome)")
            #expect(outcome.errors.contains("3 labels in \(count) sentences each, made in"), "\(outcome)")
        }
    }

    @Test func theHelpNamesEverySetOfTemplates() async throws {
        struct Entry: Decodable { let name: String }
        let table = Fixtures.package.appending(path: "Sources/GlimpseTasks/Resources/prompt-templates.json")
        let names = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: table)).map(\.name)
        let help = try await Command.run("classify", "--help", environment: ["COLUMNS": "1000"])
        #expect(help.text.contains("A set of sentences: \(names.joined(separator: ", ")), or a file"), "\(help)")
    }
}

#if os(Linux)
    /// What `classify` keeps of its labels. Only where the environment says where caches are can a test have its own.
    @Suite(.timeLimit(.minutes(5)))
    struct ClassifyCacheTests {
        private let folder: TemporaryFolder
        private let picture: String

        init() throws {
            folder = try TemporaryFolder()
            picture = Fixtures.sample("chelsea.png")
        }

        private func classify(_ labels: String, cache: String = "cache") async throws -> Outcome {
            let outcome = try await Command.run(
                "classify", picture, "--labels", labels, "--top", "1", "-v",
                environment: ["XDG_CACHE_HOME": folder.path(cache)])
            #expect(outcome.status == 0 && outcome.lines.count == 2, "\(outcome)")
            return outcome
        }

        private func heads() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path("cache/glimpse/heads"))
                .map { folder.path("cache/glimpse/heads/\($0)") }
        }

        @Test func theSecondRunTakesTheLabelsFromTheCache() async throws {
            let first = try await classify("cat,dog")
            #expect(first.lines[1].hasSuffix("cat") && first.errors.contains("sentences each, made in"), "\(first)")
            let head = try #require(try heads().first)
            let other = try await classify("dog,cat")
            #expect(other.lines[1].hasSuffix("cat") && other.errors.contains("sentences each, made in"), "\(other)")
            let otherHead = try #require(try heads().first { $0 != head })

            // Under the first key, the other's vectors: only who reads them takes the cat for a dog.
            let (file, swapped) = (try SafetensorsFile(path: head), try SafetensorsFile(path: otherHead))
            let rows = try swapped.tensor("head")
            var metadata = swapped.metadata
            metadata["key"] = file.metadata["key"]
            try SafetensorsWriter.write(
                [.init(name: "head", shape: rows.shape, values: try rows.floats())], metadata: metadata, to: head)
            let second = try await classify("cat,dog")
            #expect(second.lines[1].hasSuffix("dog"), "\(second)")
            #expect(second.errors.contains("sentences each, from the cache in"), "\(second)")

            // A damaged file is as good as none.
            try Data(contentsOf: URL(filePath: otherHead)).dropLast().write(to: URL(filePath: head))
            let third = try await classify("cat,dog")
            #expect(third.lines == first.lines && third.errors.contains("sentences each, made in"), "\(third)")
        }

        @Test func aCacheThatCannotBeWrittenIsNoError() async throws {
            try folder.write(Data(), to: "file")
            let outcome = try await classify("cat,dog", cache: "file")
            let heads = folder.path("file/glimpse/heads")
            #expect(outcome.errors.contains("not kept for the next time: \(heads)"), "\(outcome)")
            let quiet = try await Command.run(
                "classify", picture, "--labels", "cat,dog", environment: ["XDG_CACHE_HOME": folder.path("file")])
            #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet)")
        }
    }
#endif
