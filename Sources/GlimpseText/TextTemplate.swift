/// The tokens around a text, for models that say them elsewhere than in their tokenizer's file.
public struct TextTemplate: Hashable, Sendable {
    /// The tokens before the text, such as `<s>`.
    public var start: [String]
    /// The tokens behind it, such as `<eos>`.
    public var end: [String]

    /// A template of the tokens' texts.
    public init(start: [String] = [], end: [String] = []) {
        self.start = start
        self.end = end
    }
}
