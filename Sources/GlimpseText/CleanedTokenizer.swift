/// A tokenizer whose texts are cleaned before it sees them.
public struct CleanedTokenizer: Tokenizer {
    /// What sees the cleaned texts.
    public let base: any Tokenizer
    private let cleaning: TextCleaning

    /// Puts a cleaning before a tokenizer.
    public init(_ base: any Tokenizer, _ cleaning: TextCleaning) {
        self.base = base
        self.cleaning = cleaning
    }

    /// The most ids `encode` returns, special tokens included.
    public var contextLength: Int { base.contextLength }
    /// The smallest and the largest id that `encode` may return.
    public var idRange: ClosedRange<Int32> { base.idRange }

    /// The ids of the cleaned text.
    public func encode(_ text: String) -> [Int32] { base.encode(cleaning.apply(to: text)) }
}
