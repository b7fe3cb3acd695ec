/// Turns text into the token ids a text encoder reads.
public protocol Tokenizer: Sendable {
    /// The most ids `encode` returns, special tokens included.
    var contextLength: Int { get }

    /// The smallest and the largest id that `encode` may return.
    var idRange: ClosedRange<Int32> { get }

    /// The ids of a text with its start and end tokens, not padded; a long text is cut so that the end token stays.
    ///
    /// - Returns: [S], 0 ≤ S ≤ `contextLength`; S is 0 only for an empty text of a tokenizer without start and end.
    func encode(_ text: String) -> [Int32]
}
