extension Pixels {
    /// The picture made smaller to fit a square, for people to look at; a smaller one stays as it is.
    ///
    /// - Parameter side: in pixels, at least 1.
    public func thumbnail(side: Int) -> Pixels {
        max(width, height) <= side ? self : resizedLongestSide(to: side, filter: .bicubic)
    }
}
