/// How a stored picture must be turned to be upright, numbered as EXIF does (tag 274).
public enum Orientation: Int, Sendable, Hashable, CaseIterable {
    /// Stored upright.
    case up = 1
    /// Mirrored left to right.
    case upMirrored = 2
    /// Upside down.
    case down = 3
    /// Mirrored top to bottom.
    case downMirrored = 4
    /// Mirrored along the main diagonal: rows are columns.
    case leftMirrored = 5
    /// To be turned 90° clockwise.
    case right = 6
    /// Mirrored along the other diagonal.
    case rightMirrored = 7
    /// To be turned 90° counter-clockwise.
    case left = 8

    /// Whether turning upright exchanges width and height.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Where the pixels of the upright picture are stored, in one of `width` × `height`: pixel (x, y) is stored at
    /// start + x · stepX + y · stepY.
    func walk(width w: Int, height h: Int) -> (start: Int, stepX: Int, stepY: Int) {
        switch self {
        case .up: (0, 1, w)
        case .upMirrored: (w - 1, -1, w)
        case .down: (w * h - 1, -1, -w)
        case .downMirrored: (w * (h - 1), 1, -w)
        case .leftMirrored: (0, w, 1)
        case .right: (w * (h - 1), -w, 1)
        case .rightMirrored: (w * h - 1, -w, -1)
        case .left: (w - 1, w, -1)
        }
    }
}

extension Pixels {
    /// The picture turned upright from how it was stored.
    ///
    /// - Complexity: O(width · height); nothing is copied for `.up`.
    public func upright(from orientation: Orientation) -> Pixels {
        if orientation == .up { return self }
        let (start, stepX, stepY) = orientation.walk(width: width, height: height)
        let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
        return withUnsafeBytes { stored in
            Pixels(width: newWidth, height: newHeight) { output in
                guard let source = stored.baseAddress, let target = output.baseAddress else { return }
                // Square blocks keep the rows of both pictures in the cache while sides are exchanged.
                let block = 32
                for blockY in stride(from: 0, to: newHeight, by: block) {
                    for blockX in stride(from: 0, to: newWidth, by: block) {
                        for y in blockY..<min(blockY + block, newHeight) {
                            for x in blockX..<min(blockX + block, newWidth) {
                                let from = source + 3 * (start + x * stepX + y * stepY)
                                (target + 3 * (y * newWidth + x)).copyMemory(from: from, byteCount: 3)
                            }
                        }
                    }
                }
            }
        }
    }
}
