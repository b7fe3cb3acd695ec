internal import CKernels

extension Compute {
    /// Joins a token of its own, where there is one, and the positions to the rows of each picture.
    ///
    /// - Parameters:
    ///   - x: [B · N, D], the rows of B pictures, one picture after the other.
    ///   - classToken: [D], becomes the first row of each picture; or [B, D], one for each picture.
    ///   - positions: [N, D], or [N + 1, D] with a class token: added to every picture's rows.
    /// - Returns: [B · positions, D].
    public func sequences(_ x: Tensor, classToken: Tensor?, positions: Tensor) -> Tensor {
        let (count, width) = (positions.shape[0], positions.shape[1])
        let first = classToken == nil ? 0 : 1
        let patches = count - first
        precondition(
            x.shape[-1] == width && patches > 0 && x.shape.rowCount % patches == 0,
            "sequences: x \(x.shape), positions \(positions.shape)")
        let pictures = x.shape.rowCount / patches
        // The distance from one picture's token to the next one's: none where they share it.
        let step = classToken.map { $0.count == width ? 0 : width } ?? 0
        precondition(
            classToken.map { $0.count == width || $0.shape == [pictures, width] } ?? true,
            "sequences: class token \(classToken.map(\.shape.description) ?? ""), positions \(positions.shape)")
        return tensor([pictures * count, width]) { result in
            overRows(pictures, atLeast: 1) { [kernels] range, _ in
                for picture in range {
                    let output = result + picture * count * width
                    if let classToken {
                        kernels.add(classToken.pointer + picture * step, positions.pointer, output, width)
                    }
                    kernels.add(
                        x.pointer + picture * patches * width, positions.pointer + first * width,
                        output + first * width,
                        patches * width)
                }
            }
        }
    }

    /// The rows that `indices` name.
    ///
    /// - Parameters:
    ///   - x: [N, D].
    ///   - indices: S numbers below N.
    /// - Returns: [S, D].
    public func rows(_ x: Tensor, _ indices: [Int]) -> Tensor {
        let width = x.shape[-1]
        precondition(
            indices.allSatisfy { (0..<x.shape.rowCount).contains($0) }, "rows: an index is outside \(x.shape)")
        return tensor([indices.count, width]) { result in
            for (row, index) in indices.enumerated() {
                (result + row * width).update(from: x.pointer + index * width, count: width)
            }
        }
    }

    /// x + y, element by element.
    ///
    /// - Parameters:
    ///   - x: any shape.
    ///   - y: the same shape.
    /// - Returns: the same shape.
    public func sum(_ x: Tensor, _ y: Tensor) -> Tensor {
        precondition(x.shape == y.shape, "sum: \(x.shape) and \(y.shape)")
        let width = x.shape[-1]
        return tensor(x.shape) { result in
            overRows(x.shape.rowCount, atLeast: 16) { [kernels] rows, _ in
                let start = rows.lowerBound * width
                kernels.add(x.pointer + start, y.pointer + start, result + start, rows.count * width)
            }
        }
    }
}
