/// Turns text into the token ids a text encoder reads.
public protocol Tokenizer: Sendable {
    /// The most ids `encode` returns, special tokens included.
    var contextLength: Int { get }

    /// The ids of a text with its start and end tokens, not padded; a long text is cut so that the end token stays.
    ///
    /// - Returns: [S], 0 < S ≤ `contextLength`.
    func encode(_ text: String) -> [Int32]
}
