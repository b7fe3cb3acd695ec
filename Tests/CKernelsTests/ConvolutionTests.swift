import CKernels
import GlimpseTensor
import Testing

/// The sizes of a convolution over one picture.
struct Window: Sendable, CustomTestStringConvertible {
    var size: (y: Int, x: Int)
    var kernel: (y: Int, x: Int)
    var stride: Int
    /// Padding above and left.
    var before: Int
    /// Padding below and right.
    var after: Int
    var channels: Int
    var outputs: Int

    var testDescription: String {
        "\(size.y)×\(size.x)×\(channels), kernel \(kernel.y)×\(kernel.x)/\(stride), padding \(before), \(after)"
    }

    var outY: Int { (size.y + before + after - kernel.y) / stride + 1 }
    var outX: Int { (size.x + before + after - kernel.x) / stride + 1 }

    static let all: [Window] = [
        .init(size: (32, 40), kernel: (3, 3), stride: 2, before: 0, after: 1, channels: 3, outputs: 32),
        .init(size: (9, 13), kernel: (3, 3), stride: 1, before: 1, after: 1, channels: 5, outputs: 17),
        .init(size: (7, 7), kernel: (3, 3), stride: 1, before: 1, after: 1, channels: 272, outputs: 16),
        .init(size: (14, 14), kernel: (5, 5), stride: 1, before: 2, after: 2, channels: 24, outputs: 8),
        .init(size: (8, 20), kernel: (5, 5), stride: 2, before: 2, after: 2, channels: 12, outputs: 24),
        .init(size: (16, 16), kernel: (4, 4), stride: 4, before: 0, after: 0, channels: 3, outputs: 33),
        .init(size: (12, 11), kernel: (7, 7), stride: 1, before: 3, after: 3, channels: 35, outputs: 10),
        .init(size: (6, 9), kernel: (1, 5), stride: 1, before: 0, after: 0, channels: 9, outputs: 40),
        .init(size: (2, 2), kernel: (5, 5), stride: 1, before: 2, after: 2, channels: 7, outputs: 7),
        .init(size: (1, 1), kernel: (3, 3), stride: 1, before: 1, after: 1, channels: 1, outputs: 1),
    ]
}

@Suite struct ConvolutionTests {
    /// Two pictures, and for each output the sum over what `weight` gives for kernel row, column and channel.
    struct Pictures {
        let window: Window
        let input: Matrix  // [2 · Y · X, C]

        init(_ window: Window, using generator: inout SeededRandom) {
            self.window = window
            input = Matrix(random: 2 * window.size.y * window.size.x, window.channels, using: &generator)
        }

        func sum(_ picture: Int, _ y: Int, _ x: Int, channels: Range<Int>, weight: (Int, Int, Int) -> Float) -> Double {
            var sum = 0.0
            for i in 0..<window.kernel.y {
                let row = y * window.stride + i - window.before
                guard 0 <= row, row < window.size.y else { continue }
                for j in 0..<window.kernel.x {
                    let column = x * window.stride + j - window.before
                    guard 0 <= column, column < window.size.x else { continue }
                    let pixel = (picture * window.size.y + row) * window.size.x + column
                    for channel in channels {
                        sum += Double(input[pixel, channel]) * Double(weight(i, j, channel))
                    }
                }
            }
            return sum
        }

        /// The values of all outputs in the order of memory.
        func map(outputs: Int, _ value: (_ picture: Int, _ y: Int, _ x: Int, _ output: Int) -> Double) -> [Float] {
            var result: [Float] = []
            for picture in 0..<2 {
                for y in 0..<window.outY {
                    for x in 0..<window.outX {
                        for output in 0..<outputs {
                            result.append(Float(value(picture, y, x, output)))
                        }
                    }
                }
            }
            return result
        }
    }

    @Test(arguments: InstructionSet.available, Window.all)
    func denseEqualsTheDefinition(set: InstructionSet, window: Window) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 3)
        let pictures = Pictures(window, using: &generator)
        let (channels, outputs) = (window.channels, window.outputs)
        let k = window.kernel.y * window.kernel.x * channels
        let w = Matrix(random: outputs, k, using: &generator)
        let bias = Matrix(random: 1, outputs, using: &generator).values
        let rows = 2 * window.outY
        let residual = Matrix(random: rows * window.outX, outputs, using: &generator)
        let packed = memory.scratch(ck_packed_size(outputs, k))
        kernels.pack(memory.floats(w.values), k, outputs, k, packed, 0, (outputs + 15) / 16)
        let output = memory.floats([Float](repeating: .nan, count: residual.values.count))
        var job = ck_convolution(
            input: memory.floats(pictures.input.values), packed: packed, bias: memory.floats(bias),
            residual: memory.floats(residual.values), output: output, in_y: window.size.y, in_x: window.size.x,
            channels: channels, out_y: window.outY, out_x: window.outX, outputs: outputs, kernel_y: window.kernel.y,
            kernel_x: window.kernel.x, stride: window.stride, top: window.before, left: window.before,
            activation: CK_ACTIVATION_RELU)
        kernels.convolution(&job, 0, rows / 2 + 1)
        kernels.convolution(&job, rows / 2 + 1, rows)

        let expected = pictures.map(outputs: outputs) { picture, y, x, o in
            let sum = pictures.sum(picture, y, x, channels: 0..<channels) { i, j, c in
                w[o, (i * window.kernel.x + j) * channels + c]
            }
            let place = (picture * window.outY + y) * window.outX + x
            return max(0, sum + Double(bias[o])) + Double(residual[place, o])
        }
        expectClose(read(output, rows: 1, columns: expected.count, distance: 0), expected, tolerance: 4e-6)
    }

    @Test(arguments: InstructionSet.available, Window.all)
    func depthwiseEqualsTheDefinition(set: InstructionSet, window: Window) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 4)
        let pictures = Pictures(window, using: &generator)
        let channels = window.channels
        let w = Matrix(random: window.kernel.y * window.kernel.x, channels, using: &generator)
        let bias = Matrix(random: 1, channels, using: &generator).values
        let rows = 2 * window.outY
        // The output's channels are some of a wider picture's, whose other channels stay as they are.
        let ldo = channels + 3
        let output = memory.floats([Float](repeating: .nan, count: rows * window.outX * ldo))
        var job = ck_depthwise(
            input: memory.floats(pictures.input.values), ldi: channels, weights: memory.floats(w.values), ldw: channels,
            bias: memory.floats(bias), output: output, ldo: ldo, in_y: window.size.y, in_x: window.size.x,
            channels: channels, out_y: window.outY,
            out_x: window.outX, kernel_y: window.kernel.y, kernel_x: window.kernel.x, stride: window.stride,
            top: window.before, left: window.before, activation: CK_ACTIVATION_RELU6)
        kernels.depthwise(&job, 0, rows / 2 + 1)
        kernels.depthwise(&job, rows / 2 + 1, rows)

        let expected = pictures.map(outputs: channels) { picture, y, x, c in
            let sum = pictures.sum(picture, y, x, channels: c..<c + 1) { i, j, c in w[i * window.kernel.x + j, c] }
            return min(6, max(0, sum + Double(bias[c])))
        }
        let places = rows * window.outX
        expectClose(read(output, rows: places, columns: channels, distance: ldo), expected, tolerance: 2e-6)
        let between = read(output + channels, rows: places, columns: ldo - channels, distance: ldo)
        #expect(!between.contains { !$0.isNaN })
    }
}
