/// The requests an engine has taken on, and their inputs that wait, in the order they came.
///
/// A pure state machine: who owns it decides when batches run. Requests are taken whole or not at all, and what was taken is answered
/// once: with an output an input, or with the error that ended the request.
package struct WaitingLine<Input: Sendable, Output: Sendable> {
    /// An input on its way through a batch.
    package struct Item: Sendable {
        let request: Int
        /// Its place among the inputs of its request.
        let place: Int
        package let input: Input
    }

    private struct Request {
        var outputs: [Result<Output, any Error>?]
        var missing: Int
        let answer: @Sendable (Result<[Result<Output, any Error>], any Error>) -> Void
    }

    /// How many inputs may wait.
    package let capacity: Int
    private var waiting: [Item] = []
    /// Those before it are taken; the array is shortened now and then, not with each.
    private var head = 0
    private var requests: [Int: Request] = [:]
    private var nextRequest = 0

    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many inputs wait.
    package var count: Int { waiting.count - head }

    /// The input that is next.
    package var first: Input? { head < waiting.count ? waiting[head].input : nil }

    /// Takes a request on, unless there is no room for all its inputs; one that is larger than all the room is taken when nothing else waits.
    ///
    /// - Parameter answer: called once.
    /// - Returns: what the request is known by; nil when it is not taken.
    package mutating func take(
        _ inputs: [Input], answer: @escaping @Sendable (Result<[Result<Output, any Error>], any Error>) -> Void
    ) -> Int? {
        guard inputs.count <= capacity - count || count == 0 else { return nil }
        let request = nextRequest
        nextRequest += 1
        guard !inputs.isEmpty else {
            answer(.success([]))
            return request
        }
        requests[request] = Request(
            outputs: Array(repeating: nil, count: inputs.count), missing: inputs.count, answer: answer)
        for (place, input) in inputs.enumerated() {
            waiting.append(Item(request: request, place: place, input: input))
        }
        return request
    }

    /// The next inputs, as long as they fit the first one; those of requests that have ended meanwhile are left out.
    package mutating func next(upTo limit: Int, while fits: (Input) -> Bool) -> [Item] {
        var batch: [Item] = []
        while head < waiting.count, batch.count < limit {
            let item = waiting[head]
            guard requests[item.request] != nil else {
                head += 1
                continue
            }
            guard fits(item.input) else { break }
            batch.append(item)
            head += 1
        }
        if head > 1024 || head == waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        return batch
    }

    /// Hands in what came of an input; the request is answered with its last one.
    package mutating func finish(_ item: Item, _ output: Result<Output, any Error>) {
        guard var request = requests[item.request] else { return }
        request.outputs[item.place] = output
        request.missing -= 1
        guard request.missing == 0 else { return requests[item.request] = request }
        requests[item.request] = nil
        request.answer(.success(request.outputs.compactMap { $0 }))
    }

    /// Ends a request with an error, and takes its inputs out of the line; nothing happens to one that is answered.
    package mutating func end(_ id: Int, _ error: any Error) {
        guard let request = requests.removeValue(forKey: id) else { return }
        waiting.removeSubrange(..<head)
        head = 0
        waiting.removeAll { $0.request == id }
        request.answer(.failure(error))
    }
}
