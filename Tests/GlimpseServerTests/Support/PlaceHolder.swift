import Synchronization

/// A port that is known only after its server has started.
final class PlaceHolder: Sendable {
    private let number = Mutex(0)

    var port: Int {
        get { number.withLock { $0 } }
        set { number.withLock { $0 = newValue } }
    }

    /// A text with the port in the place of PORT.
    func filled(_ text: String) -> String { text.replacing("PORT", with: "\(port)") }
}
