import Foundation
import TestSupport
import Testing

/// What is left of a run that did not come to its end.
@Suite(.timeLimit(.minutes(5)))
struct InterruptionTests {
    private let workplace: Workplace
    private let model: String

    init() throws {
        workplace = try Workplace()
        model = try workplace.tinyModel()
    }

    private var index: [String] { ["index", workplace.pictures, "--model", model, "--library", workplace.library] }

    private func search(_ picture: String) -> [String] {
        ["search", picture, "--model", model, "--library", workplace.library, "--top", "10000", "--format", "jsonl"]
    }

    @Test func killsLoseNothingThatWasRecorded() async throws {
        let waves = try TestPictures.writeWaves(200, to: workplace.folder, below: "pictures")
        let pictures = Set(waves + (try workplace.writeCopies(2800)))
        var recorded: [Int] = []
        for round in 0..<100 {
            let delay = Int.random(in: 5...250)
            let status = try await kill(index, after: delay)
            #expect(status == 128 + SIGKILL || status == 0)
            // Nine times out of ten the next run itself has to put right what it finds.
            guard round.isMultiple(of: 10) else { continue }
            _ = try await kill(search(waves[0]), after: delay / 8)
            recorded.append(try workplace.countOfFiles())
        }
        #expect(recorded == recorded.sorted(), "what is recorded stays")
        let end = try await Command.run(index)
        #expect(end.status == 0, "\(end)")

        let found = try await Command.run(search(waves[7]))
        #expect(found.status == 0 && found.errors.isEmpty, "\(found)")
        let paths = try Match.lines(found.text).flatMap(\.paths)
        #expect(paths.count == pictures.count && Set(paths) == pictures)
        #expect(try workplace.query("PRAGMA integrity_check") == ["ok"])
        #expect(try workplace.query("SELECT * FROM pragma_foreign_key_check").isEmpty)
        for table in ["file", "content", "embedding"] { #expect(try workplace.count(table) == pictures.count) }
        let library = Set(try FileManager.default.contentsOfDirectory(atPath: workplace.library))
        let expected: Set = [
            "library.sqlite", "library.sqlite-wal", "library.sqlite-shm", "library.lock", "vectors",
        ]
        #expect(library.isSubset(of: expected), "\(library)")
        let vectors = try FileManager.default.contentsOfDirectory(atPath: workplace.library + "/vectors")
        #expect(vectors.filter { $0.hasSuffix(".partial") }.isEmpty, "\(vectors)")
    }

    private func kill(_ arguments: [String], after milliseconds: Int) async throws -> Int32 {
        let running = try RunningCommand(arguments)
        try await Task.sleep(for: .milliseconds(milliseconds))
        running.send(SIGKILL)
        return try await running.outcome().status
    }

    @Test func controlCKeepsWhatWasDone() async throws {
        let count = 4000
        try workplace.writeCopies(count)
        let running = try RunningCommand(index)
        // Something has been recorded, so the command is in the middle of its work.
        running.send(SIGINT) { [workplace] in try workplace.countOfFiles() > 0 }
        let outcome = try await running.outcome()
        expectFailure(
            outcome, status: 130, says: "interrupted; what was indexed is kept, run the same command to go on")
        let kept = try workplace.count("file")
        #expect((1..<count).contains(kept))
        #expect(outcome.errors.replacing(",", with: "").hasPrefix("Indexed \(kept) in"), "\(outcome)")

        let next = try await Command.run(index)
        #expect(next.status == 0, "\(next)")
        #expect(next.errors.contains("\(kept.formatted()) unchanged"), "\(kept) kept, then \(next)")
        #expect(try workplace.count("file") == count)
    }

    @Test func controlCIsHeardAtOnce() async throws {
        // The real model, so that the workers never pause between two records.
        let picture = try Data(contentsOf: URL(filePath: Fixtures.sample("rocket.jpg")))
        for number in 0..<400 {
            try workplace.folder.write(picture + Data("\(number)".utf8), to: "pictures/\(number).jpg")
        }
        let running = try RunningCommand(["index", workplace.pictures, "--library", workplace.library])
        running.send(SIGINT, seconds: 0.3) { [workplace] in
            FileManager.default.fileExists(atPath: workplace.library + "/library.sqlite")
        }
        let outcome = try await running.outcome()
        expectFailure(outcome, status: 130, says: "interrupted; what was indexed is kept")
        // Counted in work, not in time, which a busy machine stretches: records come every two seconds, and a signal that
        // waits for the first of them waits for some 240 pictures.
        let kept = try workplace.count("file")
        #expect(kept < 180, "each worker ends the picture it has, and no more")
    }

    @Test func twoRunsAtOnceShareTheWork() async throws {
        try workplace.writeCopies(300)
        let other = try RunningCommand(index)
        let one = try await Command.run(index)
        let two = try await other.outcome()
        #expect(one.status == 0 && two.status == 0, "\(one) \(two)")
        #expect(try workplace.count("file") == 300)
        #expect(try workplace.count("embedding") == 300)
        #expect(try workplace.query("PRAGMA integrity_check") == ["ok"])
    }
}
