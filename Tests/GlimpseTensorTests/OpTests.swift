import GlimpseTensor
import TestSupport
import Testing

/// Every op against its definition, on one thread and on several: the pieces a team cuts must join without a seam.
struct OpTests {
    static let computes = [Compute(threads: 1), Compute(threads: 3), Compute.portable(threads: 2)]

    @Test(arguments: [1, 7, 50, 77, 197], [(3, 5), (16, 16), (33, 130), (100, 17)])
    func matrixMultiplyIsTheSumOfProducts(rows: Int, size: (inputs: Int, outputs: Int)) {
        let x = Naive.random([rows, size.inputs], seed: 1)
        let weights = Naive.random([size.outputs, size.inputs], seed: 2)
        let bias = Naive.random([size.outputs], seed: 3)
        let expected = Naive.multiply(x, weights, bias: bias)
        for compute in Self.computes {
            let found = compute.matrixMultiply(x, PackedMatrix(weights, on: compute), bias: bias)
            expectClose(found.scalars, expected, tolerance: 1e-5, compute.instructionSet)
        }
    }

    @Test func activationComesBeforeTheResidual() {
        let x = Tensor(shape: [1, 1], scalars: [1])
        let weights = Tensor(shape: [3, 1], scalars: [-2, 3, 9])
        let residual = Tensor(shape: [1, 3], scalars: [10, 20, 30])
        for compute in Self.computes {
            let found = compute.matrixMultiply(
                x, PackedMatrix(weights, on: compute), activation: .relu6, residual: residual)
            #expect(found.scalars == [10, 23, 36])
        }
    }

    @Test(arguments: [false, true])
    func attentionKeepsPackedSequencesApart(causal: Bool) {
        let (lengths, heads, size) = ([5, 1, 9], 3, 8)
        let width = heads * size
        let offsets = [0, 5, 6, 15]
        let input = Naive.random([15, 3 * width], seed: 4)
        var expected = [Float](repeating: 0, count: 15 * width)
        for (start, length) in zip(offsets, lengths) {
            for head in 0..<heads {
                func part(_ index: Int) -> [[Float]] {
                    (start..<(start + length)).map { row in
                        let first = index * width + head * size
                        return Array(input.row(row)[first..<(first + size)])
                    }
                }
                let rows = Naive.attention(part(0), part(1), part(2), causal: causal)
                for (row, values) in rows.enumerated() {
                    for (column, value) in values.enumerated() {
                        expected[(start + row) * width + head * size + column] = value
                    }
                }
            }
        }
        for compute in Self.computes {
            let found = compute.attention(
                input, PackedSequences(offsets: offsets), headCount: heads, causal: causal)
            expectClose(found.scalars, expected, tolerance: 1e-5, compute.instructionSet)
        }
    }

    /// Sequences that share rows against the same sequences written out.
    @Test func attentionSeesSharedRowsAsItsOwn() {
        let (heads, width) = (3, 24)
        let input = Naive.random([9, 3 * width], seed: 4)
        // The second begins as the first does, the third as the second does.
        let sequences = [
            SequenceRows(own: 0..<4), SequenceRows(shared: [0, 1], own: 4..<8),
            SequenceRows(shared: [0, 1, 4, 5], own: 8..<9),
        ]
        let packed = PackedSequences(sequences)
        let rows = sequences.map { sequence in (0..<sequence.count).map { sequence[$0] } }
        let offsets = rows.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        let writtenOut = PackedSequences(offsets: offsets)
        for compute in Self.computes {
            let apart = compute.attention(
                compute.rows(input, rows.flatMap(\.self)), writtenOut, headCount: heads, causal: true)
            let found = compute.attention(input, packed, headCount: heads, causal: true)
            for (index, sequence) in sequences.enumerated() {
                for position in sequence.shared.count..<sequence.count {
                    expectClose(
                        Array(found.row(sequence[position])), Array(apart.row(offsets[index] + position)),
                        tolerance: 1e-6, compute.instructionSet)
                }
            }
            let queries = Naive.random([3, width], seed: 5)
            let pooled = compute.attention(
                queries: queries, keysValues: input, width: width, keyColumn: width, valueColumn: 2 * width, packed,
                headCount: heads)
            let pooledApart = compute.attention(
                queries: queries, keysValues: compute.rows(input, rows.flatMap(\.self)), width: width,
                keyColumn: width, valueColumn: 2 * width, writtenOut, headCount: heads)
            expectClose(pooled.scalars, pooledApart.scalars, tolerance: 1e-6, compute.instructionSet)
        }
    }

    @Test(arguments: [(3, 1), (3, 2), (5, 1), (5, 2)], [(8, 8), (7, 10), (1, 3)])
    func convolutionsPadAsTensorFlowDoes(geometry: (kernel: Int, stride: Int), size: (height: Int, width: Int)) {
        let steps = ConvolutionGeometry(kernelSize: geometry.kernel, stride: geometry.stride)
        let x = Naive.random([2, size.height, size.width, 11], seed: 5)
        let dense = Naive.random([19, geometry.kernel, geometry.kernel, 11], seed: 6)
        let depthwise = Naive.random([geometry.kernel, geometry.kernel, 11], seed: 7)
        let taps = geometry.kernel * geometry.kernel * 11
        let expectedDense = Naive.convolution(
            x, dense, kernel: geometry.kernel, stride: geometry.stride, isDepthwise: false)
        let expectedDepthwise = Naive.convolution(
            x, depthwise, kernel: geometry.kernel, stride: geometry.stride, isDepthwise: true)
        for compute in Self.computes {
            let packed = PackedMatrix(dense.reshaped(to: [19, taps]), on: compute)
            let found = compute.convolution(x, packed, geometry: steps, bias: nil)
            expectClose(found.scalars, expectedDense, tolerance: 1e-5, compute.instructionSet)
            let channelwise = compute.depthwiseConvolution(x, depthwise, geometry: steps, bias: nil)
            expectClose(channelwise.scalars, expectedDepthwise, tolerance: 1e-5, compute.instructionSet)
        }
    }

    @Test(arguments: [(1, 1, 0), (2, 2, 0), (3, 1, 1), (3, 2, 1), (4, 4, 0), (5, 3, 1), (7, 2, 3)], [(8, 8), (7, 10)])
    func convolutionsPadAsPyTorchDoes(
        geometry: (kernel: Int, stride: Int, padding: Int), size: (height: Int, width: Int)
    ) {
        let kernel = geometry.kernel
        let steps = ConvolutionGeometry(
            kernelSize: kernel, stride: geometry.stride, padding: .symmetric(geometry.padding))
        let x = Naive.random([2, size.height, size.width, 11], seed: 5)
        func expected(_ weights: Tensor, isDepthwise: Bool) -> [Float] {
            Naive.convolution(
                x, weights, kernel: kernel, stride: geometry.stride, padding: geometry.padding,
                isDepthwise: isDepthwise)
        }
        let dense = Naive.random([19, kernel, kernel, 11], seed: 6)
        let bias = Tensor(shape: [19], scalars: Array(repeating: 0, count: 19))
        let expectedDense = expected(dense, isDepthwise: false)
        for compute in Self.computes {
            let packed = PackedMatrix(dense.reshaped(to: [19, kernel * kernel * 11]), on: compute)
            let found = compute.convolution(x, packed, geometry: steps, bias: bias)
            expectClose(found.scalars, expectedDense, tolerance: 1e-5, compute.instructionSet)
        }
        for multiplier in 1...3 {
            let depthwise = Naive.random([kernel, kernel, 11 * multiplier], seed: 7)
            let expectedDepthwise = expected(depthwise, isDepthwise: true)
            for compute in Self.computes {
                let found = compute.depthwiseConvolution(x, depthwise, geometry: steps, bias: nil)
                expectClose(
                    found.scalars, expectedDepthwise, tolerance: 1e-5, "\(multiplier), \(compute.instructionSet)")
            }
        }
    }

    @Test func averagePoolingTakesTheMeanOfSquares() {
        // Two channels; the last row and the last column belong to no square.
        let x = Tensor(
            shape: [1, 3, 5, 2],
            scalars: (0..<15).flatMap { pixel in [Float(pixel), Float(pixel * pixel)] })
        for compute in Self.computes {
            let found = compute.averagePooling(x, size: 2)
            #expect(found.shape == [1, 1, 2, 2])
            #expect(found.scalars == [3, 15.5, 5, 31.5])
        }
    }

    @Test func gatesMultiplyTheChannelsOfTheirPicture() {
        let x = Tensor(shape: [2, 1, 2, 2], scalars: [1, 2, 3, -4, 5, 6, 7, -8])
        // sigmoid(0) = 1/2, sigmoid(ln 3) = 3/4, and the far ends.
        let gates = Tensor(shape: [2, 2], scalars: [0, 1.0986123, 200, -200])
        for compute in Self.computes {
            let found = compute.channelGate(x, gates: gates)
            #expect(found.shape == x.shape)
            expectClose(found.scalars, [0.5, 1.5, 1.5, -3, 5, 0, 7, 0], tolerance: 1e-6, compute.instructionSet)
            let rectified = compute.channelGate(x, gates: gates, activation: .relu)
            expectClose(rectified.scalars, [0.5, 1.5, 1.5, 0, 5, 0, 7, 0], tolerance: 1e-6, compute.instructionSet)
        }
    }

    @Test func rectifiedSumsAreNeverNegative() {
        let x = Tensor(shape: [2, 2], scalars: [1, -2, 3, -4])
        let y = Tensor(shape: [2, 2], scalars: [10, 1, -3, 5])
        for compute in Self.computes { #expect(compute.rectifiedSum(x, y).scalars == [11, 0, 0, 1]) }
    }

    @Test func sequencesStartWithTheirOwnToken() {
        let x = Tensor(shape: [4, 1], scalars: [1, 2, 3, 4])
        let positions = Tensor(shape: [3, 1], scalars: [100, 200, 300])
        let shared = Tensor(shape: [1], scalars: [7])
        let own = Tensor(shape: [2, 1], scalars: [7, 8])
        for compute in Self.computes {
            let withShared = compute.sequences(x, classToken: shared, positions: positions)
            #expect(withShared.scalars == [107, 201, 302, 107, 203, 304])
            let withOwn = compute.sequences(x, classToken: own, positions: positions)
            #expect(withOwn.scalars == [107, 201, 302, 108, 203, 304])
            let without = compute.sequences(x, classToken: nil, positions: Tensor(shape: [2, 1], scalars: [200, 300]))
            #expect(without.scalars == [201, 302, 203, 304])
        }
    }

    @Test func layerNormalizationCentersAndScales() {
        let x = Naive.random([37, 21], seed: 8)
        let gain = Naive.random([21], seed: 9)
        let shift = Naive.random([21], seed: 10)
        let expected = (0..<37).flatMap { index -> [Float] in
            let row = x.row(index).map(Double.init)
            let mean = row.reduce(0, +) / 21
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 21
            return row.indices.map {
                Float((row[$0] - mean) / (variance + 1e-5).squareRoot()) * gain.scalars[$0] + shift.scalars[$0]
            }
        }
        for compute in Self.computes {
            let found = compute.layerNormalization(x, gain: gain, shift: shift, epsilon: 1e-5)
            expectClose(found.scalars, expected, tolerance: 1e-5, compute.instructionSet)
        }
    }

    @Test func softmaxSharesAddUpToOne() {
        let x = Tensor(shape: [2, 3], scalars: [1, 2, 3, -500, 0, 500])
        for compute in Self.computes {
            let found = compute.softmax(x).scalars
            expectClose(found, [0.09003057, 0.24472847, 0.66524096, 0, 0, 1], tolerance: 1e-6, compute.instructionSet)
        }
    }

    @Test func meansAreOverEachSequenceAlone() {
        let x = Tensor(shape: [3, 2], scalars: [1, 10, 3, 30, 7, 70])
        for compute in Self.computes {
            #expect(compute.meanOverSequences(x, offsets: [0, 2, 3]).scalars == [2, 20, 7, 70])
        }
    }

    @Test func gatherAddsTheRowsOfTwoTables() {
        let table = Tensor(shape: [3, 2], scalars: [1, 2, 3, 4, 5, 6])
        let addend = Tensor(shape: [2, 2], scalars: [10, 20, 30, 40])
        for compute in Self.computes {
            #expect(compute.gather(table, [2, 0], adding: addend, [0, 1]).scalars == [15, 26, 31, 42])
        }
    }

    @Test func pixelsAreNormalizedByChannel() {
        let bytes: [UInt8] = [0, 255, 51, 102, 153, 204]
        for compute in Self.computes {
            let found = compute.normalizePixels(
                count: 1, height: 1, width: 2, mean: [0, 0.5, 0.2], standardDeviation: [1, 0.5, 0.1]
            ) { _, use in bytes.withUnsafeBytes(use) }
            expectClose(found.scalars, [0, 1, 0, 0.4, 0.2, 6], tolerance: 1e-6, compute.instructionSet)
        }
    }

    @Test func manyCallersShareOneCompute() async {
        let compute = Compute(threads: 2)
        let x = Naive.random([40, 64], seed: 11)
        let weights = Naive.random([48, 64], seed: 12)
        let packed = PackedMatrix(weights, on: compute)
        let expected = compute.matrixMultiply(x, packed).scalars
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<50).allSatisfy { _ in compute.matrixMultiply(x, packed).scalars == expected } }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    @Test func memoryIsUsedAgainWithoutMixingTensors() {
        let compute = Compute(threads: 1)
        let x = Naive.random([8, 8], seed: 13)
        let packed = PackedMatrix(Naive.random([8, 8], seed: 14), on: compute)
        let kept = compute.matrixMultiply(x, packed)
        let before = kept.scalars
        for _ in 0..<100 { _ = compute.softmax(compute.matrixMultiply(x, packed)) }
        #expect(kept.scalars == before)
    }
}
