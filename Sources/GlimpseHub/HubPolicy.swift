/// How hard a hub is tried, and how much of it is believed.
public struct HubPolicy: Sendable {
    /// What an answer may not exceed.
    public struct Limits: Hashable, Sendable {
        /// The size of a listing, in bytes.
        public var listingBytes = 32 << 20
        /// The number of files in a repository.
        public var fileCount = 100_000
        /// The size of a file, in bytes.
        public var fileBytes = 1 << 40
        /// How many redirections are followed for one request.
        public var redirects = 5

        /// The limits that fit the hub.
        public init() {}
    }

    /// How many files are downloaded at a time.
    public var parallelDownloads = 4
    /// How long a connection may take to be made.
    public var connectTimeout: Duration = .seconds(20)
    /// How long the server may take to begin an answer, and may be silent within one.
    public var idleTimeout: Duration = .seconds(60)
    /// How often the same request is made in all, while nothing comes of it.
    public var attempts = 6
    /// The longest wait before the second attempt; each one after doubles it. The wait is random up to that, so that many
    /// clients do not come back all at once.
    public var firstDelay: Duration = .seconds(1)
    /// The longest wait there is. A server that asks for more is not waited for.
    public var longestDelay: Duration = .seconds(60)
    /// What an answer may not exceed.
    public var limits = Limits()

    /// The policy that fits the hub.
    public init() {}
}

/// The attempts a request has left.
package struct RetryBudget {
    private let policy: HubPolicy
    private var failures = 0

    package init(_ policy: HubPolicy) {
        self.policy = policy
    }

    /// Something came of the last attempt: start over.
    package mutating func reset() {
        failures = 0
    }

    /// How long to wait after a failure.
    ///
    /// - Parameter random: in 0...1, draws the share of the longest wait.
    /// - Throws: the failure's error when no attempt is left, or when the server asks for too much patience.
    package mutating func delay(
        after failure: TransientFailure, random: () -> Double = { Double.random(in: 0...1) }
    ) throws -> Duration {
        failures += 1
        if let asked = failure.retryAfter, asked > policy.longestDelay {
            throw HubError(
                failure.error.code, failure.error.message, at: failure.error.location,
                remedy: "the server asks to try again in \(asked.components.seconds) seconds")
        }
        guard failures < policy.attempts else {
            throw HubError(
                failure.error.code, "\(failure.error.message), \(failures) times in a row", at: failure.error.location,
                remedy: failure.error.remedy)
        }
        if let asked = failure.retryAfter { return asked }
        // Beyond 2²⁰ the longest delay has long been reached.
        let longest = min(policy.longestDelay, policy.firstDelay * (1 << min(failures - 1, 20)))
        // At least half of it: a draw near zero would be no back-off at all.
        return longest * (0.5 + 0.5 * random())
    }
}
