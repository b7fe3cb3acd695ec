import GlimpseTensor
import TestSupport
import Testing

/// A block whose wide picture is never whole against its three convolutions one after the other.
struct InvertedResidualTests {
    /// Sides and widths that nothing divides evenly: a picture that is cut in strips of rows, one whose strips are a row each, one so
    /// small that it goes by channels, and one of a single pixel.
    @Test(
        arguments: [(3, 1), (3, 2), (5, 1), (5, 2)], [(61, 47, 90), (9, 300, 96), (13, 9, 250), (1, 1, 20)])
    func piecesJoinWithoutASeam(geometry: (kernel: Int, stride: Int), size: (height: Int, width: Int, between: Int)) {
        let x = Naive.random([2, size.height, size.width, 9], seed: 1)
        for precision in [Precision.float32, .float16] {
            expectSameAsInSequence(x, geometry, between: size.between, outputs: 9, expands: true, precision)
        }
    }

    @Test(arguments: [(3, 1), (3, 2), (5, 1), (5, 2)])
    func pictureMayBeWideFromTheStart(geometry: (kernel: Int, stride: Int)) {
        let x = Naive.random([2, 61, 47, 80], seed: 1)
        expectSameAsInSequence(x, geometry, between: 80, outputs: 80, expands: false, .float32)
    }

    private func expectSameAsInSequence(
        _ x: Tensor, _ geometry: (kernel: Int, stride: Int), between: Int, outputs: Int, expands: Bool,
        _ precision: Precision
    ) {
        let size = geometry.kernel
        let expand = Naive.random([between, x.shape[3]], seed: 2)
        let expandBias = Naive.random([between], seed: 3)
        let depthwise = Naive.random([size, size, between], seed: 4)
        let depthwiseBias = Naive.random([between], seed: 5)
        let project = Naive.random([outputs, between], seed: 6)
        let projectBias = Naive.random([outputs], seed: 7)
        let steps = ConvolutionGeometry(kernelSize: size, stride: geometry.stride)
        for compute in OpTests.computes {
            let (expand, project) = (
                PackedMatrix(expand, precision: precision, on: compute),
                PackedMatrix(project, precision: precision, on: compute)
            )
            let block = InvertedResidualWeights(
                expand: expands ? (expand, expandBias) : nil, depthwise: depthwise, depthwiseBias: depthwiseBias,
                geometry: steps, project: (project, projectBias))
            let widened = expands ? compute.matrixMultiply(x, expand, bias: expandBias, activation: .relu6) : x
            let filtered = compute.depthwiseConvolution(
                widened, depthwise, geometry: steps, bias: depthwiseBias, activation: .relu6)
            let hasSkip = geometry.stride == 1
            let expected = compute.matrixMultiply(
                filtered, project, bias: projectBias, residual: hasSkip ? x : nil)
            let found = compute.invertedResidual(x, block, hasSkip: hasSkip)
            #expect(found.shape == expected.shape)
            expectClose(found.scalars, expected.scalars, tolerance: 1e-5, compute.instructionSet)
        }
    }
}
