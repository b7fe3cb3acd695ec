import GlimpseServer
import GlimpseTensor
import Testing

/// The line does what a much simpler one does, whatever happens in whichever order.
struct WaitingLineModelTests {
    /// Numbers tell which input it is.
    private struct Input: Hashable, Sendable {
        let number: Int
        let isText: Bool
    }

    private struct Mistake: Error {}

    /// The same rules, as plainly as they can be written.
    private struct PlainLine {
        struct Entry {
            let request: Int
            let place: Int
            let input: Input
        }

        let capacity: Int
        private(set) var waiting: [Entry] = []
        private(set) var running: [Entry] = []
        private(set) var outputs: [Int: [String?]] = [:]
        /// Requests that were taken: all of them must be answered in the end.
        private(set) var expected: [Int: [String]] = [:]
        private(set) var taken: Set<Int> = []

        mutating func take(_ inputs: [Input], request: Int) -> Bool {
            guard waiting.isEmpty || waiting.count + inputs.count <= capacity else { return false }
            taken.insert(request)
            if inputs.isEmpty {
                expected[request] = []
            } else {
                outputs[request] = Array(repeating: nil, count: inputs.count)
            }
            waiting += inputs.enumerated().map { Entry(request: request, place: $0, input: $1) }
            return true
        }

        mutating func next(upTo limit: Int, isText: Bool) -> [Input] {
            let batch = waiting.prefix(limit).prefix { $0.input.isText == isText }
            waiting.removeFirst(batch.count)
            running += batch
            return batch.map(\.input)
        }

        mutating func finish(_ input: Input, _ output: String) {
            guard let index = running.firstIndex(where: { $0.input == input }) else { return }
            let entry = running.remove(at: index)
            guard var list = outputs[entry.request] else { return }
            list[entry.place] = output
            let known = list.compactMap { $0 }
            if known.count == list.count {
                outputs[entry.request] = nil
                expected[entry.request] = known
            } else {
                outputs[entry.request] = list
            }
        }

        mutating func end(_ request: Int) {
            guard outputs.removeValue(forKey: request) != nil else { return }
            waiting.removeAll { $0.request == request }
            expected[request] = ["ended"]
        }
    }

    /// The line and the plain one, side by side.
    private struct Pair {
        var line: WaitingLine<Input, String>
        var plain: PlainLine
        var running: [WaitingLine<Input, String>.Item] = []
        var identifiers: [Int: Int] = [:]
        var nextRequest = 0
        var nextNumber = 0
        let log = AnswerLog()

        init(capacity: Int) {
            line = WaitingLine(capacity: capacity)
            plain = PlainLine(capacity: capacity)
        }

        mutating func take(_ random: inout SeededRandom) {
            let inputs = (0..<Int.random(in: 0...5, using: &random)).map { offset in
                Input(number: nextNumber + offset, isText: Bool.random(using: &random))
            }
            let request = nextRequest
            nextRequest += 1
            nextNumber += inputs.count
            let identifier = line.take(inputs, answer: log.note("\(request)"))
            identifiers[request] = identifier
            #expect((identifier != nil) == plain.take(inputs, request: request))
        }

        mutating func next(_ random: inout SeededRandom) {
            guard let isText = line.first?.isText else { return }
            let limit = Int.random(in: 0...4, using: &random)
            let batch = line.next(upTo: limit) { $0.isText == isText }
            #expect(batch.map(\.input) == plain.next(upTo: limit, isText: isText))
            running += batch
        }

        mutating func finish(_ random: inout SeededRandom) {
            guard !running.isEmpty else { return }
            let item = running.remove(at: Int.random(in: running.indices, using: &random))
            let output = "\(item.input.number)"
            if Int.random(in: 0..<8, using: &random) == 0 {
                line.finish(item, .failure(Mistake()))
                plain.finish(item.input, "failed")
            } else {
                line.finish(item, .success(output))
                plain.finish(item.input, output)
            }
        }

        mutating func end(_ random: inout SeededRandom) {
            guard nextRequest > 0 else { return }
            let request = Int.random(in: 0..<nextRequest, using: &random)
            guard let identifier = identifiers[request] else { return }
            line.end(identifier, Mistake())
            plain.end(request)
        }

        /// Every request has the answers it should have by now, and not one more.
        func check() {
            #expect(line.count == plain.waiting.count)
            #expect(line.first == plain.waiting.first?.input)
        }

        func checkAnswers() {
            for request in 0..<nextRequest {
                let answers = log.answers(to: "\(request)")
                #expect(answers == (plain.expected[request].map { [$0] } ?? []), "request \(request)")
            }
        }
    }

    @Test(arguments: 0..<40) func anythingInAnyOrder(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var pair = Pair(capacity: Int.random(in: 1...12, using: &random))
        for _ in 0..<300 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3: pair.take(&random)
            case 3..<6: pair.next(&random)
            case 6..<9: pair.finish(&random)
            default: pair.end(&random)
            }
            pair.check()
        }
        pair.checkAnswers()
        // In the end nobody is left without an answer.
        while pair.line.count > 0 || !pair.running.isEmpty {
            pair.next(&random)
            pair.finish(&random)
        }
        pair.checkAnswers()
        #expect(Set(pair.plain.expected.keys) == pair.plain.taken)
    }
}
