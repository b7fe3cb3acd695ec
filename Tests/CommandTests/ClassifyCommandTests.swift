import Foundation
import TestSupport
import Testing

/// `classify` with the real model, in every format.
@Suite(.timeLimit(.minutes(1)))
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
}
