import CKernels
import Testing

@Suite struct TeamTests {
    /// What the pieces of a job write to: an index each, and a worker each.
    struct Ledger {
        var visits: UnsafeMutablePointer<Int>
        var byWorker: UnsafeMutablePointer<Int>
    }

    @Test(arguments: [1, 2, 5])
    func runsEveryIndexOnceOnAWorkerOfTheTeam(size: Int) throws {
        let team = try #require(ck_team_create(size))
        defer { ck_team_destroy(team) }
        #expect(ck_team_size(team) == size)
        let visits = UnsafeMutablePointer<Int>.allocate(capacity: 257)
        let byWorker = UnsafeMutablePointer<Int>.allocate(capacity: size)
        defer {
            visits.deallocate()
            byWorker.deallocate()
        }
        byWorker.initialize(repeating: 0, count: size)
        var ledger = Ledger(visits: visits, byWorker: byWorker)
        var pieces = 0
        for run in 0..<500 {
            let count = [0, 1, 2, 3, 64, 257][run % 6]
            visits.initialize(repeating: 0, count: 257)
            ck_team_run(
                team, count,
                { context, index, worker in
                    guard let ledger = context?.assumingMemoryBound(to: Ledger.self).pointee else { return }
                    ledger.visits[index] += 1
                    ledger.byWorker[worker] += 1
                }, &ledger)
            pieces += count
            #expect((0..<257).allSatisfy { visits[$0] == ($0 < count ? 1 : 0) }, "run \(run) of \(count) pieces")
        }
        #expect((0..<size).reduce(0) { $0 + byWorker[$1] } == pieces)
    }

    /// What is expected next is fetched, not read: it may be anywhere, and as large as memory.
    @Test func expectsWhatIsNotThere() async throws {
        let team = try #require(ck_team_create(3))
        defer { ck_team_destroy(team) }
        let visits = UnsafeMutablePointer<Int>.allocate(capacity: 8)
        defer { visits.deallocate() }
        visits.initialize(repeating: 0, count: 8)
        for (address, bytes) in [(64, 1 << 40), (1 << 46, 100_000), (0, 1 << 20), (4096, 0)] {
            for count in [8, 1, 5] {
                ck_team_expect(team, ck_reading(start: UnsafeRawPointer(bitPattern: address), bytes: bytes))
                ck_team_run(
                    team, count, { context, index, _ in context?.assumingMemoryBound(to: Int.self)[index] += 1 }, visits
                )
                try await Task.sleep(for: .microseconds(50))
            }
        }
        #expect((0..<8).map { visits[$0] } == [12, 8, 8, 8, 8, 4, 4, 4])
    }

    @Test func sharesCoverAllIndicesInOrder() {
        for (size, count) in [(1, 5), (2, 5), (5, 3), (4, 0), (3, 1000)] {
            let starts = (0...size).map { ck_team_share_start(count, size, $0) }
            #expect(starts.first == 0 && starts.last == count && starts == starts.sorted())
        }
    }

    /// Workers that fell asleep between two jobs come back.
    @Test func wakesSleepingWorkers() async throws {
        let team = try #require(ck_team_create(3))
        defer { ck_team_destroy(team) }
        for _ in 0..<20 {
            try await Task.sleep(for: .milliseconds(1))
            let sums = UnsafeMutablePointer<Int>.allocate(capacity: 100)
            defer { sums.deallocate() }
            sums.initialize(repeating: 0, count: 100)
            ck_team_run(
                team, 100, { context, index, _ in context?.assumingMemoryBound(to: Int.self)[index] = index }, sums)
            #expect((0..<100).allSatisfy { sums[$0] == $0 })
        }
    }

    @Test func aTeamOfZeroIsTheCallerAlone() throws {
        let team = try #require(ck_team_create(0))
        defer { ck_team_destroy(team) }
        #expect(ck_team_size(team) == 1)
    }

    @Test func destroyingATeamThatNeverRanReturns() throws {
        for _ in 0..<50 {
            let team = try #require(ck_team_create(4))
            ck_team_destroy(team)
        }
        ck_team_destroy(nil)
    }
}
