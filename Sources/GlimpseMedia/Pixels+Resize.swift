internal import CKernels

extension Pixels {
    /// The picture scaled to `width` × `height` pixels, byte for byte as Pillow's `Image.resize` for RGB pictures.
    ///
    /// Antialiased when shrinking; a horizontal pass, rounded to bytes, then a vertical one, both in fixed point. (Pillow 13
    /// exchanges the passes where the height shrinks and the width grows; the versions before it, with which models were trained,
    /// do not, and neither do we. All agree where the aspect ratio is kept.)
    ///
    /// - Precondition: `width` and `height` are ≥ 1.
    /// - Complexity: O(width · self.height · taps), taps ≈ 2 · support · scale; about 15 ms from 4000 × 3000 to 341 × 256.
    public func resized(width: Int, height: Int, filter: ResampleFilter) -> Pixels {
        resized(
            width: width, height: height, columns: 0..<width, rows: 0..<height, filter: filter,
            kernels: ck_resample_best())
    }

    /// The picture scaled so that its shorter side is `side` pixels; the longer is cut to a whole pixel, as torchvision does.
    public func resizedShortestSide(to side: Int, filter: ResampleFilter) -> Pixels {
        let size = sizeForShortestSide(side)
        return resized(width: size.width, height: size.height, filter: filter)
    }

    /// The middle `crop` × `crop` pixels of `resizedShortestSide(to: side, filter:)`, computing no others.
    ///
    /// - Parameters:
    ///   - side: The shorter side after scaling, in pixels.
    ///   - crop: The side of the square that is cut out; where it is longer than the scaled picture, black is added around.
    ///   - filter: The kernel.
    ///   - convention: Whose rounding places the square when it cannot lie exactly in the middle.
    public func resizedShortestSide(
        to side: Int, cropTo crop: Int, filter: ResampleFilter, convention: CropConvention = .torchvision
    ) -> Pixels {
        let size = sizeForShortestSide(side)
        let columns = CenterCrop(of: size.width, to: crop, convention: convention)
        let rows = CenterCrop(of: size.height, to: crop, convention: convention)
        let kept = resized(
            width: size.width, height: size.height, columns: columns.kept, rows: rows.kept, filter: filter,
            kernels: ck_resample_best())
        return kept.padded(left: columns.padding, top: rows.padding, width: crop, height: crop)
    }

    /// The picture scaled so that its longer side is `side` pixels, in the middle of a black square, as open_clip's resize mode "longest".
    public func resizedLongestSide(to side: Int, filter: ResampleFilter) -> Pixels {
        precondition(side > 0, "Pixels: a longest side of \(side)")
        let ratio = Double(max(width, height)) / Double(side)
        func scaled(_ length: Int) -> Int {
            max(1, Int((Double(length) / ratio).rounded(.toNearestOrEven)))
        }
        return resized(width: scaled(width), height: scaled(height), filter: filter)
            .centerCropped(width: side, height: side, convention: .torchvision)
    }

    /// The size that `resizedShortestSide(to:filter:)` gives: the shorter side `side`, the longer ⌊side · long / short⌋.
    package func sizeForShortestSide(_ side: Int) -> (width: Int, height: Int) {
        precondition(side > 0, "Pixels: a shortest side of \(side)")
        let long = Int(Double(side * max(width, height)) / Double(min(width, height)))
        return width <= height ? (side, long) : (long, side)
    }

    /// Scales with the kernels that every processor runs, the reference for the faster ones.
    package func resizedPortably(width: Int, height: Int, filter: ResampleFilter) -> Pixels {
        resized(
            width: width, height: height, columns: 0..<width, rows: 0..<height, filter: filter,
            kernels: ck_resample_portable())
    }

    /// The part `columns` × `rows` of the picture scaled to `width` × `height`.
    private func resized(
        width: Int, height: Int, columns: Range<Int>, rows: Range<Int>, filter: ResampleFilter,
        kernels: UnsafePointer<ck_resample_kernels>
    ) -> Pixels {
        precondition(width > 0 && height > 0, "Pixels: a resize to \(width) × \(height)")
        // A pass that keeps its size only moves bytes, so it is left out, as in Pillow.
        switch (width == self.width, height == self.height) {
        case (true, true):
            return cropped(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
        case (false, true):
            return scaledHorizontally(to: width, columns: columns, rows: rows, filter: filter, kernels: kernels)
        case (true, false):
            let windows = ResampleWindows(
                inputSize: self.height, outputSize: height, outputs: rows, filter: filter, tapMultiple: 1)
            return scaledVertically(windows, firstRow: 0, columns: columns, kernels: kernels)
        case (false, false):
            let windows = ResampleWindows(
                inputSize: self.height, outputSize: height, outputs: rows, filter: filter, tapMultiple: 1)
            let narrow = scaledHorizontally(
                to: width, columns: columns, rows: windows.inputs, filter: filter, kernels: kernels)
            return narrow.scaledVertically(
                windows, firstRow: windows.inputs.lowerBound, columns: 0..<columns.count, kernels: kernels)
        }
    }

    /// The horizontal pass over `rows`: [rows, X, 3] → [rows, columns, 3].
    private func scaledHorizontally(
        to width: Int, columns: Range<Int>, rows: Range<Int>, filter: ResampleFilter,
        kernels: UnsafePointer<ck_resample_kernels>
    ) -> Pixels {
        // The kernel takes eight pixels, 24 bytes, a step, each byte with a weight of its own.
        let windows = ResampleWindows(
            inputSize: self.width, outputSize: width, outputs: columns, filter: filter, tapMultiple: 8)
        let weights = windows.weights.flatMap { repeatElement($0, count: 3) }
        return withUnsafeBytes { input in
            Pixels(width: columns.count, height: rows.count) { output in
                var pass = ck_resample()
                pass.input = input.baseAddress?.advanced(by: 3 * self.width * rows.lowerBound)
                    .assumingMemoryBound(to: UInt8.self)
                pass.input_stride = 3 * self.width
                pass.output = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                pass.output_stride = 3 * columns.count
                pass.lines = rows.count
                pass.outputs = columns.count
                pass.taps = windows.taps
                windows.starts.withUnsafeBufferPointer { starts in
                    weights.withUnsafeBufferPointer { weights in
                        pass.starts = starts.baseAddress
                        pass.weights = weights.baseAddress
                        kernels.pointee.horizontal(&pass)
                    }
                }
            }
        }
    }

    /// The vertical pass over `columns`: [Y, X, 3] → [outputs, columns, 3]. This picture's first row is `firstRow` of the windows.
    private func scaledVertically(
        _ windows: ResampleWindows, firstRow: Int, columns: Range<Int>, kernels: UnsafePointer<ck_resample_kernels>
    ) -> Pixels {
        let starts = windows.starts.map { $0 - Int32(firstRow) }
        return withUnsafeBytes { input in
            Pixels(width: columns.count, height: starts.count) { output in
                var pass = ck_resample()
                pass.input = input.baseAddress?.advanced(by: 3 * columns.lowerBound)
                    .assumingMemoryBound(to: UInt8.self)
                pass.input_stride = 3 * self.width
                pass.output = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                pass.output_stride = 3 * columns.count
                pass.lines = 3 * columns.count
                pass.outputs = starts.count
                pass.taps = windows.taps
                starts.withUnsafeBufferPointer { starts in
                    windows.weights.withUnsafeBufferPointer { weights in
                        pass.starts = starts.baseAddress
                        pass.weights = weights.baseAddress
                        kernels.pointee.vertical(&pass)
                    }
                }
            }
        }
    }
}
