internal import Foundation

/// A lock between processes on one blob, the one `huggingface_hub` takes too; the system releases it when its holder dies.
enum BlobLock {
    private static let interval: Duration = .milliseconds(100)

    /// Runs `body` while nobody else, in this process or another, is inside the lock on the same path.
    ///
    /// - Parameter waiting: told once, when somebody else has the lock.
    /// - Throws: `HubError` when the lock's file cannot be made; `CancellationError` while waiting; what `body` throws.
    static func withLock<Result>(
        at path: String, waiting: () -> Void, _ body: () async throws -> Result
    ) async throws -> Result {
        var hasTold = false
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw HubError.system("create a lock file", path: path) }
            defer { close(descriptor) }
            // Not waited for inside the system call, which would keep a thread from other tasks and could not be cancelled.
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EWOULDBLOCK || errno == EINTR else { throw HubError.system("lock a file", path: path) }
                if !hasTold { waiting() }
                hasTold = true
                try await Task.sleep(for: interval)
            }
            // Some tools remove the file when they are done: then this lock is on a file that nobody else will find.
            if try isStillThere(descriptor, path) { return try await body() }
        }
    }

    private static func isStillThere(_ descriptor: Int32, _ path: String) throws -> Bool {
        var held = stat()
        var named = stat()
        guard fstat(descriptor, &held) == 0 else { throw HubError.system("look at a lock file", path: path) }
        guard stat(path, &named) == 0 else { return false }
        return held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}
