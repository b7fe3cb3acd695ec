package import GlimpseTensor

/// What turns pictures into vectors.
package protocol ImageTower: Sendable {
    /// - Parameter pictures: [B, Y, X, 3], normalised as the model's preprocessor does.
    /// - Returns: [B, D], not necessarily of length 1.
    func callAsFunction(_ pictures: Tensor, on compute: Compute) -> Tensor
}

/// What turns token ids into vectors.
package protocol TextTower: Sendable {
    /// - Parameter sequences: B texts, each cut to the model's context length, not padded.
    /// - Returns: [B, D], not necessarily of length 1.
    func callAsFunction(_ sequences: [[Int32]], on compute: Compute) -> Tensor
}
