/// Whose rounding places a centre crop when the margin is odd; the pixels differ by one row or column.
public enum CropConvention: String, Sendable, Hashable, Codable {
    /// torchvision's `center_crop`, used by open_clip: half the margin rounded to the nearest, ties to even.
    case torchvision
    /// The image processors of Hugging Face transformers: half the margin rounded down.
    case transformers
}

/// A centre crop along one axis.
struct CenterCrop {
    /// The pixels that are kept.
    let kept: Range<Int>
    /// The black pixels before them.
    let padding: Int

    /// Crops `size` pixels to `crop`, padding where the crop is longer.
    init(of size: Int, to crop: Int, convention: CropConvention) {
        precondition(crop > 0, "Pixels: a crop to \(crop)")
        if crop >= size {
            let missing = crop - size
            kept = 0..<size
            padding = convention == .torchvision ? missing / 2 : (missing + 1) / 2
        } else {
            let margin = size - crop
            let before =
                switch convention {
                case .torchvision: Int((Double(margin) / 2).rounded(.toNearestOrEven))
                case .transformers: margin / 2
                }
            kept = before..<before + crop
            padding = 0
        }
    }
}

extension Pixels {
    /// The rectangle of `width` × `height` pixels whose upper left corner is (x, y).
    ///
    /// - Precondition: The rectangle lies inside the picture and is not empty.
    public func cropped(x: Int, y: Int, width: Int, height: Int) -> Pixels {
        precondition(
            x >= 0 && y >= 0 && x + width <= self.width && y + height <= self.height,
            "Pixels: a crop of \(width) × \(height) at (\(x), \(y)) from \(self)")
        if width == self.width, height == self.height { return self }
        return withUnsafeBytes { input in
            Pixels(width: width, height: height) { output in
                for row in 0..<height {
                    let from = 3 * ((y + row) * self.width + x)
                    let to = 3 * row * width
                    let target = UnsafeMutableRawBufferPointer(rebasing: output[to..<to + 3 * width])
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[from..<from + 3 * width]))
                }
            }
        }
    }

    /// The middle `width` × `height` pixels, with black added around where the picture is smaller.
    public func centerCropped(width: Int, height: Int, convention: CropConvention = .torchvision) -> Pixels {
        let columns = CenterCrop(of: self.width, to: width, convention: convention)
        let rows = CenterCrop(of: self.height, to: height, convention: convention)
        return cropped(
            x: columns.kept.lowerBound, y: rows.kept.lowerBound, width: columns.kept.count, height: rows.kept.count
        ).padded(left: columns.padding, top: rows.padding, width: width, height: height)
    }

    /// The picture on a black one of `width` × `height`, its upper left corner at (left, top).
    func padded(left: Int, top: Int, width: Int, height: Int) -> Pixels {
        if width == self.width, height == self.height { return self }
        return withUnsafeBytes { input in
            Pixels(width: width, height: height) { output in
                output.initializeMemory(as: UInt8.self, repeating: 0)
                for row in 0..<self.height {
                    let at = 3 * ((top + row) * width + left)
                    let target = UnsafeMutableRawBufferPointer(rebasing: output[at..<at + 3 * self.width])
                    let from = 3 * row * self.width
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[from..<from + 3 * self.width]))
                }
            }
        }
    }
}
