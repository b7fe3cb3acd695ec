import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import NIOPosix

/// Embeds for many clients at once with one model.
///
/// A worker a core takes what has gathered in the line, decodes it and runs it as one batch on its own thread. A batch that is alone
/// has all cores to itself, so that a single request is answered as fast as the machine can.
actor Engine {
    /// What bounds an engine.
    struct Limits: Sendable {
        /// How many inputs may wait; a request that finds no room is turned away.
        var waitingInputs = 1024
        /// How long a batch should take at most.
        var batchDuration: Duration = .milliseconds(100)
    }

    /// Pictures that run together: more gain nothing.
    private static let pictureBatch = 4
    /// Texts that run together: more gain nothing.
    private static let textBatch = 64

    /// The model, with both its towers.
    nonisolated let model: Model
    /// On one thread.
    nonisolated let embedder: Embedder
    private let whole: Embedder
    private let decoder: ImageDecoder
    private let threads: NIOThreadPool
    private let workerCount: Int
    private let metrics: ServerMetrics
    private let backlog: Backlog.Share
    private var line: WaitingLine<EngineInput, EngineOutput>
    private var sizers: [EngineInput.Kind: BatchSizer]
    private var running = 0
    private var runningInputs = 0
    /// Those who work with the model by themselves.
    private var holders = 0
    private(set) var lastUsed = ContinuousClock.now

    /// - Parameter threads: run the batches; one a worker.
    init(
        model: Model, decoder: ImageDecoder, threads: NIOThreadPool, workerCount: Int, limits: Limits = Limits(),
        metrics: ServerMetrics, backlog: Backlog
    ) {
        self.model = model
        self.decoder = decoder
        self.threads = threads
        self.workerCount = workerCount
        self.metrics = metrics
        self.backlog = backlog.share()
        embedder = Embedder(model: model, on: Compute(threads: 1))
        whole = Embedder(model: model, on: Compute())
        line = WaitingLine(capacity: limits.waitingInputs)
        sizers = [
            .text: BatchSizer(bound: limits.batchDuration, maximum: Self.textBatch),
            .picture: BatchSizer(bound: limits.batchDuration, maximum: Self.pictureBatch),
        ]
    }

    /// Whether nothing waits or runs.
    var isIdle: Bool { running == 0 && line.count == 0 && holders == 0 }

    /// Keeps the model in memory, until as many `release`.
    func hold() { holders += 1 }

    /// Ends a `hold`.
    func release() {
        holders -= 1
        lastUsed = .now
    }

    /// Embeds inputs, together with those of others that wait at the same time.
    ///
    /// - Returns: an output an input, in their order; a picture that cannot be read is the failure of its place.
    /// - Throws: `ServerError` `overloaded` when the line is full; `CancellationError` when the task is cancelled.
    func embed(_ inputs: [EngineInput]) async throws -> [Result<EngineOutput, any Error>] {
        lastUsed = .now
        defer { lastUsed = .now }
        let ticket = Ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                ticket.request = line.take(inputs) { continuation.resume(with: $0) }
                guard ticket.request != nil else {
                    return continuation.resume(throwing: ServerError.overloaded)
                }
                startWorkers()
                tellBacklog()
            }
        } onCancel: {
            Task { await self.end(ticket, CancellationError()) }
        }
    }

    /// What a request is known by in the line. Only touched by the engine.
    private final class Ticket: Sendable {
        // Read and written by functions of the actor alone, which never run at the same time.
        nonisolated(unsafe) var request: Int?
    }

    private func end(_ ticket: Ticket, _ error: any Error) {
        if let request = ticket.request { line.end(request, error) }
        tellBacklog()
    }

    private func tellBacklog() { backlog.set(waiting: line.count, running: runningInputs) }

    private func startWorkers() {
        while running < workerCount, let first = line.first {
            let kind = first.kind
            // What waits is shared among the workers that are free.
            let share = (line.count + workerCount - running - 1) / (workerCount - running)
            let batch = line.next(upTo: min(share, sizers[kind]?.limit ?? 1)) { $0.kind == kind }
            guard !batch.isEmpty else { continue }
            let isAlone = running == 0 && line.count == 0
            running += 1
            runningInputs += batch.count
            Task { await run(batch, kind, on: isAlone ? whole : embedder) }
        }
    }

    private func run(
        _ batch: [WaitingLine<EngineInput, EngineOutput>.Item], _ kind: EngineInput.Kind, on embedder: Embedder
    ) async {
        let inputs = batch.map(\.input)
        let start = ContinuousClock.now
        let outputs: [Result<EngineOutput, any Error>]
        do {
            outputs = try await threads.runIfActive { [decoder] in
                Self.outputs(of: inputs, embedder: embedder, decoder: decoder)
            }
        } catch {
            // The threads are stopped as the server ends.
            outputs = inputs.map { _ in .failure(error) }
        }
        let duration = start.duration(to: .now)
        sizers[kind]?.record(duration, inputs: batch.count)
        metrics.record(batch: batch.count, of: kind, duration)
        for (item, output) in zip(batch, outputs) { line.finish(item, output) }
        running -= 1
        runningInputs -= batch.count
        startWorkers()
        tellBacklog()
    }

    private static func outputs(
        of inputs: [EngineInput], embedder: Embedder, decoder: ImageDecoder
    ) -> [Result<EngineOutput, any Error>] {
        do {
            let prepared = try prepare(inputs, preprocessor: embedder.model.preprocessor(), decoder: decoder)
            // Those that cannot be read keep their places, and their errors.
            let pictures = prepared.compactMap { result in
                if case .success(let prepared) = result { prepared.picture } else { nil }
            }
            let projections = try embedder.projections(preprocessed: pictures)
            let texts = try embedder.projections(texts: inputs.compactMap(\.text))
            var (pictureRows, textRows) = (projections[...], texts[...])
            return prepared.map { result in
                result.map { prepared in
                    let projection = prepared.picture == nil ? textRows.removeFirst() : pictureRows.removeFirst()
                    return EngineOutput(
                        projection: projection,
                        embedding: Embedding(normalizing: projection, model: embedder.model.identity),
                        size: prepared.size)
                }
            }
        } catch {
            return inputs.map { _ in .failure(error) }
        }
    }

    private struct Prepared {
        let picture: Pixels?
        let size: EngineOutput.PictureSize?
    }

    private static func prepare(
        _ inputs: [EngineInput], preprocessor: Preprocessor, decoder: ImageDecoder
    ) -> [Result<Prepared, any Error>] {
        inputs.map { input in
            guard case .picture(let bytes) = input else { return .success(Prepared(picture: nil, size: nil)) }
            return Result {
                let pixels = try decoder.decode(bytes, name: "the picture")
                return Prepared(
                    picture: preprocessor.resized(pixels),
                    size: EngineOutput.PictureSize(width: pixels.width, height: pixels.height))
            }
        }
    }
}

extension EngineInput {
    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
