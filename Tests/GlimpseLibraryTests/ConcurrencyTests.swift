import Foundation
import GlimpseLibrary
import GlimpseModels
import Synchronization
import TestSupport
import Testing

/// Runs bodies on threads of their own, so that they overlap however few threads a pool has.
///
/// The threads are those of serial queues: a `Thread` lets go of its body only while it ends, when Dispatch has already
/// put away what it keeps for the thread, and a library that is closed so late (GRDB closes it through a queue) corrupts
/// the heap.
final class ThreadGroup: Sendable {
    private let errors = Mutex<[any Error]>([])
    private let group = DispatchGroup()

    func run(_ body: @escaping @Sendable () throws -> Void) {
        DispatchQueue(label: "thread of a test").async(group: group) { [self] in
            do { try body() } catch { errors.withLock { $0.append(error) } }
        }
    }

    /// Waits for all and passes on the first error.
    func wait() throws {
        group.wait()
        if let error = errors.withLock({ $0.first }) { throw error }
    }
}

@Suite struct ConcurrencyTests {
    let temporary: TemporaryFolder
    let model = ModelIdentity.sample()

    init() throws { temporary = try TemporaryFolder() }

    @Test func readersSearchWhileOneWrites() throws {
        let library = try temporary.library()
        try check(writer: library, readers: [library, library])
    }

    @Test func librariesOnOneFolderSeeEachOther() throws {
        let libraries = try (0..<3).map { _ in try temporary.library() }
        try check(writer: libraries[0], readers: Array(libraries[1...]))
    }

    @Test func manyMayCreateTheLibraryAtOnce() throws {
        let threads = ThreadGroup()
        let folder = temporary.libraryFolder
        let model = model
        for index in 0..<6 {
            threads.run { try MediaLibrary(folder: folder).record([.sample(index, model)], model: model) }
        }
        try threads.wait()
        #expect(try temporary.library().statistics().fileCount == 6)
    }

    @Test func severalMayWriteAtOnce() throws {
        let threads = ThreadGroup()
        let folder = temporary.libraryFolder
        let model = model
        for writer in 0..<4 {
            threads.run {
                let library = try MediaLibrary(folder: folder)
                // Neighbours overlap: half of what each records another records too.
                for start in stride(from: writer * 50, to: writer * 50 + 100, by: 10) {
                    try library.record((start..<start + 10).map { .sample($0, model) }, model: model)
                    _ = try library.search(.sample(start, model), limit: 3)
                }
            }
        }
        try threads.wait()
        let library = try temporary.library()
        #expect(try library.statistics().models.map(\.embeddingCount) == [250])
        #expect(try library.search(.sample(1, model), limit: 1000).count == 250)
    }

    /// One writer records 2,000 pictures; every search meanwhile must be right for the pictures there were at some moment.
    private func check(writer: MediaLibrary, readers: [MediaLibrary]) throws {
        let model = model
        let recorded = Counter()
        let searched = Counter()
        let threads = ThreadGroup()
        threads.run {
            for start in stride(from: 0, to: 2000, by: 50) {
                try writer.record((start..<start + 50).map { .sample($0, model) }, model: model)
                recorded.value.store(start + 50, ordering: .sequentiallyConsistent)
            }
        }
        for (index, reader) in readers.enumerated() {
            threads.run {
                let query = Embedding.sample(9000 + index, model)
                let scores = Dictionary(
                    uniqueKeysWithValues: (0..<2000).map {
                        (IndexedFile.path($0), query.cosine(to: .sample($0, model)))
                    })
                var before = 0
                while before < 2000 {
                    before = recorded.value.load(ordering: .sequentiallyConsistent)
                    let matches = try reader.search(query, limit: 2000)
                    #expect(matches.count >= before)
                    #expect(matches.allSatisfy { abs($0.score - (scores[$0.path] ?? 9)) < 1e-5 })
                    searched.value.add(1, ordering: .relaxed)
                }
            }
        }
        try threads.wait()
        #expect(searched.value.load(ordering: .relaxed) > readers.count)
    }
}

/// A number that threads share.
private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}
