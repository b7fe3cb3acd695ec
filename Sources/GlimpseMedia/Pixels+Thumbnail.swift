extension Pixels {
    /// The picture made smaller to fit a square, for people to look at; a smaller one stays as it is.
    ///
    /// - Parameter side: in pixels, at least 1.
    public func thumbnail(side: Int) -> Pixels {
        let longest = max(width, height)
        guard longest > side else { return self }
        return resized(
            width: max(1, width * side / longest), height: max(1, height * side / longest), filter: .bicubic)
    }
}
