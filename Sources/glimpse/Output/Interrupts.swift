import Dispatch
import Foundation

/// Ctrl-C once asks to stop, which loses nothing; a second time it ends the process.
final class Interrupts {
    private let source: any DispatchSourceSignal

    init(_ stop: @escaping @Sendable () -> Void) {
        signal(SIGINT, SIG_IGN)
        // A queue of its own gets a thread at once; the global ones share theirs with Swift's tasks, which may all be busy.
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "glimpse.interrupts"))
        source.setEventHandler {
            signal(SIGINT, SIG_DFL)
            stop()
        }
        source.resume()
    }

    /// Ctrl-C ends the process again.
    func stop() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
