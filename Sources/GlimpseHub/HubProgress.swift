internal import Synchronization

/// How far a download is.
public struct HubProgress: Hashable, Sendable {
    /// What is being done.
    public enum Step: Hashable, Sendable {
        /// The hub is asked what the repository holds.
        case listing
        /// Bytes arrive.
        case downloading
        /// Another process downloads the file; it will be used.
        case waiting
        /// Something went wrong that may pass: the next attempt is made after a delay.
        case retrying(after: Duration, because: HubError)
        /// All files are in place.
        case finished
    }

    /// What is being done.
    public let step: Step
    /// The file this is about; nil where it is about all.
    public let file: String?
    /// How many bytes are here, what the cache had included. It falls when a file has to be started again.
    public let completed: Int
    /// How many bytes there are in all; 0 until they are known.
    public let total: Int
}

/// Adds up what parallel downloads do.
final class ProgressLedger: Sendable {
    private struct State {
        var completed = 0
        var total = 0
        var lastReport: ContinuousClock.Instant?
    }

    /// Reports of arriving bytes closer together than this are left out.
    private static let interval: Duration = .milliseconds(50)

    private let state = Mutex(State())
    private let report: @Sendable (HubProgress) -> Void

    init(_ report: @escaping @Sendable (HubProgress) -> Void) {
        self.report = report
    }

    /// States how much there is, and how much of it is here.
    func begin(completed: Int, total: Int) {
        state.withLock {
            $0.completed = completed
            $0.total = total
        }
    }

    /// Counts bytes of a file; negative where they turned out to be useless.
    func add(_ bytes: Int, of file: String) {
        state.withLock { state in
            state.completed += bytes
            let now = ContinuousClock.now
            if let last = state.lastReport, last.duration(to: now) < Self.interval, state.completed < state.total {
                return
            }
            state.lastReport = now
            // Reported inside the lock, so that the reports come one at a time and in order.
            report(HubProgress(step: .downloading, file: file, completed: state.completed, total: state.total))
        }
    }

    /// Tells of something other than bytes.
    func tell(_ step: HubProgress.Step, file: String? = nil) {
        state.withLock { state in
            report(HubProgress(step: step, file: file, completed: state.completed, total: state.total))
        }
    }
}
