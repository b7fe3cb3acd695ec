/// Turns a word into the ids of its pieces.
protocol SubwordModel: Sendable {
    /// Scratch space that is kept from word to word.
    associatedtype Workspace

    /// The smallest and the largest id the model may give; nil for a model without tokens.
    var idRange: ClosedRange<Int32>? { get }

    /// An empty workspace.
    func makeWorkspace() -> Workspace

    /// Appends the ids of a word in valid UTF-8.
    func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], workspace: inout Workspace)
}
