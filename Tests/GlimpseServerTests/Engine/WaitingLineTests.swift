import GlimpseServer
import Synchronization
import Testing

/// What becomes of requests between their coming and their answers.
struct WaitingLineTests {
    private let log = AnswerLog()

    private struct Mistake: Error {}

    private func line(capacity: Int = 100) -> WaitingLine<String, String> { WaitingLine(capacity: capacity) }

    /// Takes all that waits, whatever it is, and finishes it with capitals.
    private func drain(_ line: inout WaitingLine<String, String>) {
        for item in line.next(upTo: .max, while: { _ in true }) { line.finish(item, .success(item.input.uppercased())) }
    }

    @Test func outputsComeInTheOrderOfTheInputs() throws {
        var line = line()
        #expect(line.take(["a", "b", "c"], answer: log.note("all")) != nil)
        let batch = line.next(upTo: 3) { _ in true }
        #expect(batch.map(\.input) == ["a", "b", "c"])
        for item in batch.reversed() {
            #expect(log.answers(to: "all").isEmpty, "answered before its last input is done")
            line.finish(item, .success(item.input.uppercased()))
        }
        #expect(log.answers(to: "all") == [["A", "B", "C"]])
    }

    @Test func inputsLeaveInTheOrderTheyCame() throws {
        var line = line()
        for request in [["a", "b"], ["c"], ["d", "e", "f"]] {
            #expect(line.take(request, answer: log.note("any")) != nil)
        }
        #expect(line.count == 6 && line.first == "a")
        #expect(line.next(upTo: 4) { _ in true }.map(\.input) == ["a", "b", "c", "d"])
        #expect(line.count == 2 && line.first == "e")
        #expect(line.next(upTo: 4) { _ in true }.map(\.input) == ["e", "f"])
        #expect(line.count == 0 && line.first == nil)
        #expect(line.next(upTo: 4) { _ in true }.isEmpty)
    }

    @Test func aRequestIsTakenWholeOrNotAtAll() {
        var line = line(capacity: 3)
        #expect(line.take(["a", "b"], answer: log.note("first")) != nil)
        #expect(line.take(["c", "d"], answer: log.note("refused")) == nil)
        #expect(line.count == 2)
        #expect(line.take(["e"], answer: log.note("second")) != nil)
        #expect(line.take(["f"], answer: log.note("refused")) == nil)
        drain(&line)
        #expect(log.answers(to: "first") == [["A", "B"]])
        #expect(log.answers(to: "second") == [["E"]])
        #expect(log.answers(to: "refused").isEmpty)
    }

    /// Else it could never be answered, however often it came.
    @Test func aRequestThatIsLargerThanAllTheRoomIsTakenAlone() {
        var line = line(capacity: 2)
        #expect(line.take(["a"], answer: log.note("first")) != nil)
        #expect(line.take(["b", "c", "d"], answer: log.note("large")) == nil)
        drain(&line)
        #expect(line.take(["b", "c", "d"], answer: log.note("large")) != nil)
        #expect(line.count == 3)
        #expect(line.take(["e"], answer: log.note("second")) == nil)
        drain(&line)
        #expect(log.answers(to: "large") == [["B", "C", "D"]])
        #expect(log.answers(to: "second").isEmpty)
    }

    @Test func whatIsInABatchWaitsNoMore() {
        var line = line(capacity: 2)
        #expect(line.take(["a", "b"], answer: log.note("first")) != nil)
        #expect(line.next(upTo: 1) { _ in true }.count == 1)
        #expect(line.take(["c"], answer: log.note("second")) != nil)
        #expect(line.take(["d"], answer: log.note("third")) == nil)
    }

    @Test func batchesAreOfOneKind() {
        var line = line()
        #expect(line.take(["text 1", "text 2", "picture", "text 3"], answer: log.note("any")) != nil)
        #expect(line.next(upTo: 9) { $0.hasPrefix("text") }.map(\.input) == ["text 1", "text 2"])
        #expect(line.first == "picture")
        #expect(line.next(upTo: 9) { $0.hasPrefix("text") }.isEmpty)
        #expect(line.next(upTo: 9) { $0.hasPrefix("picture") }.map(\.input) == ["picture"])
        #expect(line.next(upTo: 9) { $0.hasPrefix("text") }.map(\.input) == ["text 3"])
    }

    @Test func requestsThatEndedAreLeftOutAndTheirPlacesAreFree() throws {
        var line = line(capacity: 4)
        let taken = line.take(["a", "b", "c"], answer: log.note("first"))
        let first = try #require(taken)
        #expect(line.take(["d"], answer: log.note("second")) != nil)
        let started = line.next(upTo: 1) { _ in true }
        line.end(first, Mistake())
        #expect(log.answers(to: "first") == [["ended"]])
        #expect(line.count == 1 && line.first == "d")
        #expect(line.take(["e", "f", "g"], answer: log.note("third")) != nil)
        // What was on its way is no longer asked for.
        for item in started { line.finish(item, .success("late")) }
        line.end(first, Mistake())
        drain(&line)
        #expect(log.answers(to: "first") == [["ended"]])
        #expect(log.answers(to: "second") == [["D"]])
        #expect(log.answers(to: "third") == [["E", "F", "G"]])
    }

    @Test func endingWhatIsAnsweredChangesNothing() throws {
        var line = line()
        let taken = line.take(["a"], answer: log.note("first"))
        let request = try #require(taken)
        drain(&line)
        line.end(request, Mistake())
        line.end(request + 1000, Mistake())
        #expect(log.answers(to: "first") == [["A"]])
    }

    @Test func anInputThatFailsIsTheFailureOfItsPlace() {
        var line = line()
        #expect(line.take(["a", "b", "c"], answer: log.note("first")) != nil)
        for item in line.next(upTo: 3, while: { _ in true }) {
            line.finish(item, item.input == "b" ? .failure(Mistake()) : .success(item.input))
        }
        #expect(log.answers(to: "first") == [["a", "failed", "c"]])
    }

    @Test func aRequestForNothingIsAnsweredAtOnce() {
        var line = line(capacity: 1)
        #expect(line.take(["a"], answer: log.note("first")) != nil)
        #expect(line.take([], answer: log.note("nothing")) != nil)
        #expect(log.answers(to: "nothing") == [[]])
        #expect(line.count == 1)
    }

    @Test func aLongLineKeepsItsOrder() {
        var line = line(capacity: 5000)
        for number in 0..<5000 { #expect(line.take(["\(number)"], answer: log.note("any")) != nil) }
        var seen: [String] = []
        while line.count > 0 { seen += line.next(upTo: 7) { _ in true }.map(\.input) }
        #expect(seen == (0..<5000).map(String.init))
    }
}

/// What requests were answered, by what a test calls them.
final class AnswerLog: Sendable {
    private let log = Mutex<[String: [[String]]]>([:])

    /// What a line calls with the answer to a request.
    func note(_ request: String) -> @Sendable (Result<[Result<String, any Error>], any Error>) -> Void {
        { result in
            let answer: [String]
            switch result {
            case .success(let outputs): answer = outputs.map { (try? $0.get()) ?? "failed" }
            case .failure: answer = ["ended"]
            }
            self.log.withLock { $0[request, default: []].append(answer) }
        }
    }

    /// All answers to a request: outputs, "failed" in the place of one that failed, or "ended".
    func answers(to request: String) -> [[String]] { log.withLock { $0[request] ?? [] } }
}
