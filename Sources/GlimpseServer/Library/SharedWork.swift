/// Work that several may wait for at the same time and that is done once. Where nobody waits for it any more, it is cancelled.
package actor SharedWork<Key: Hashable & Sendable, Value: Sendable> {
    private struct Pending {
        let task: Task<Value, any Error>
        var waiterCount = 0
    }

    private var pending: [Key: Pending] = [:]

    package init() {}

    /// How many callers wait for work.
    package var waiterCount: Int { pending.values.reduce(0) { $0 + $1.waiterCount } }

    /// What `work` gives, or what the same work gives that is being done for others.
    ///
    /// A caller that is cancelled while others wait gets the value all the same.
    ///
    /// - Throws: What `work` throws, `CancellationError` among it when all who waited were cancelled.
    package func value(_ key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = pending[key]?.task ?? Task { try await work() }
        pending[key, default: Pending(task: task)].waiterCount += 1
        return try await withTaskCancellationHandler {
            defer { forget(key, task) }
            return try await task.value
        } onCancel: {
            Task { await leave(key, task) }
        }
    }

    private func leave(_ key: Key, _ task: Task<Value, any Error>) {
        guard pending[key]?.task == task else { return }
        pending[key]?.waiterCount -= 1
        guard pending[key]?.waiterCount == 0 else { return }
        // Who comes now begins anew.
        forget(key, task)
        task.cancel()
    }

    private func forget(_ key: Key, _ task: Task<Value, any Error>) {
        if pending[key]?.task == task { pending[key] = nil }
    }
}
