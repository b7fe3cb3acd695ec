internal import CKernels

extension Compute {
    /// A strip of the wide picture takes about this many floats, so that it is still in the cache when it is read again.
    private static let stripSize = 60_000

    /// The whole block strip by strip: some rows of the wide picture go through all three convolutions while they are in a core's cache.
    ///
    /// Rows that two strips need are made once where one worker makes both strips, and twice where its share begins or it helps another:
    /// that costs less than reading them from memory.
    func invertedResidualByRows(_ x: Tensor, _ block: InvertedResidualWeights, hasSkip: Bool) -> Tensor {
        let strips = Strips(x.shape, block, target: Self.stripSize, pieces: 2 * team.count)
        let shape: Shape = [x.shape[0], strips.rows.output, strips.columns.output, block.project.weights.outputs]
        let (inputRow, wideRow) = (x.shape[2] * x.shape[3], x.shape[2] * block.width)
        let wideStart = block.wideningSize
        let filteredStart = wideStart + WorkerScratch.wholeLines(block.expand == nil ? 0 : strips.inputRows * wideRow)
        let scratch = scratch(filteredStart + strips.height * strips.columns.output * block.width)
        return tensor(shape) { result in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: team.count) { latest in
                // The piece that each worker has in its memory; -1 would be the one before the first.
                latest.initialize(repeating: -2)
                team.run(shape[0] * strips.count) { piece, worker in
                    let (picture, strip) = (piece / strips.count, piece % strips.count)
                    let output = strips.outputRows(strip)
                    let input = strips.inputRows(for: output)
                    let source = x.pointer + (picture * x.shape[1] + input.lowerBound) * inputRow
                    let wide = scratch[worker] + wideStart
                    if let expand = block.expand {
                        // After the strip above, the rows that both need are there: its last ones.
                        let kept = latest[worker] == piece - 1 ? strips.sharedRows(strip) : 0
                        if kept > 0 {
                            let above = strips.inputRows(for: strips.outputRows(strip - 1))
                            wide.update(from: wide + (above.count - kept) * wideRow, count: kept * wideRow)
                        }
                        latest[worker] = piece
                        multiply(
                            source + kept * inputRow, pixels: (input.count - kept) * x.shape[2], expand,
                            to: wide + kept * wideRow, activation: .relu6, widening: scratch[worker])
                    }
                    let filtered = scratch[worker] + filteredStart
                    var job = block.depthwise(of: 0..<block.width)
                    (job.input, job.ldi) = (block.expand == nil ? source : UnsafePointer(wide), block.width)
                    (job.output, job.ldo) = (filtered, block.width)
                    (job.in_y, job.in_x) = (input.count, x.shape[2])
                    (job.out_y, job.out_x) = (output.count, strips.columns.output)
                    (job.top, job.left) = (strips.padding(above: output, input), strips.columns.before)
                    kernels.depthwise(&job, 0, output.count)
                    let place = (picture * strips.rows.output + output.lowerBound) * strips.columns.output * shape[3]
                    multiply(
                        filtered, pixels: output.count * strips.columns.output, block.project, to: result + place,
                        residual: hasSkip ? x.pointer + place : nil, widening: scratch[worker])
                }
            }
        }
    }
}

/// How a picture is cut in strips of output rows, and which input rows each needs.
private struct Strips {
    let rows: (output: Int, before: Int)
    let columns: (output: Int, before: Int)
    /// Output rows a strip, at most.
    let height: Int
    /// How many strips there are.
    let count: Int
    private let inputHeight: Int
    private let geometry: ConvolutionGeometry

    /// - Parameters:
    ///   - target: how many floats of the wide picture a strip takes.
    ///   - pieces: how many strips of all pictures there are at least, where there are as many rows.
    init(_ input: Shape, _ block: InvertedResidualWeights, target: Int, pieces: Int) {
        geometry = block.geometry
        inputHeight = input[1]
        rows = geometry.steps(over: input[1])
        columns = geometry.steps(over: input[2])
        let fitting = (target / (input[2] * block.width) - geometry.kernelSize) / geometry.stride + 1
        height = max(1, min(rows.output, fitting, input[0] * rows.output / pieces))
        count = (rows.output + height - 1) / height
    }

    /// Input rows a strip, at most.
    var inputRows: Int { min(inputHeight, (height - 1) * geometry.stride + geometry.kernelSize) }

    /// The rows of the output that a strip makes; strips differ by at most one row.
    func outputRows(_ strip: Int) -> Range<Int> {
        (rows.output * strip / count)..<(rows.output * (strip + 1) / count)
    }

    /// The rows of the input that some rows of the output need, as far as the picture goes.
    func inputRows(for output: Range<Int>) -> Range<Int> {
        let first = max(0, output.lowerBound * geometry.stride - rows.before)
        let last = (output.upperBound - 1) * geometry.stride - rows.before + geometry.kernelSize
        return first..<min(inputHeight, last)
    }

    /// How many of a strip's input rows are the last ones of the strip above.
    func sharedRows(_ strip: Int) -> Int {
        guard strip > 0 else { return 0 }
        return max(0, inputRows(for: outputRows(strip - 1)).upperBound - inputRows(for: outputRows(strip)).lowerBound)
    }

    /// How many rows of zeros stand above the first input row.
    func padding(above output: Range<Int>, _ input: Range<Int>) -> Int {
        input.lowerBound - output.lowerBound * geometry.stride + rows.before
    }
}
