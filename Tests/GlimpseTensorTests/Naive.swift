import GlimpseTensor

/// The ops as their definitions say, in double precision, for comparison.
enum Naive {
    static func random(_ shape: Shape, seed: UInt64) -> Tensor {
        var generator = SeededRandom(seed: seed)
        return Tensor(shape: shape, scalars: (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) })
    }

    static func multiply(_ x: Tensor, _ weights: Tensor, bias: Tensor) -> [Float] {
        let (a, w, b) = (x.scalars, weights.scalars, bias.scalars)
        let (rows, inputs, outputs) = (x.shape.rowCount, x.shape[-1], weights.shape[0])
        return (0..<rows).flatMap { row in
            (0..<outputs).map { output in
                Float(
                    (0..<inputs).reduce(Double(b[output])) {
                        $0 + Double(a[row * inputs + $1]) * Double(w[output * inputs + $1])
                    })
            }
        }
    }

    /// Softmax attention of one sequence and one head: q, k, v are [S][d].
    static func attention(_ q: [[Float]], _ k: [[Float]], _ v: [[Float]], causal: Bool) -> [[Float]] {
        q.indices.map { query in
            let seen = causal ? query + 1 : k.count
            let logits = (0..<seen).map { key in
                zip(q[query], k[key]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                    / Double(q[query].count).squareRoot()
            }
            let exponentials = logits.map { Double.exp($0 - (logits.max() ?? 0)) }
            let total = exponentials.reduce(0, +)
            return v[0].indices.map { column in
                Float((0..<seen).reduce(0.0) { $0 + exponentials[$1] / total * Double(v[$1][column]) })
            }
        }
    }

    /// A convolution; weights [N, kernel, kernel, C] or, depthwise, [kernel, kernel, N] with N / C outputs from each channel.
    ///
    /// - Parameter padding: pixels on each side; nil for "same".
    static func convolution(
        _ x: Tensor, _ weights: Tensor, kernel: Int, stride: Int, padding: Int? = nil, isDepthwise: Bool
    ) -> [Float] {
        let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
        let outputs = isDepthwise ? weights.shape[-1] : weights.shape[0]
        let (a, w) = (x.scalars, weights.scalars)
        func steps(_ size: Int) -> (output: Int, before: Int) {
            if let padding { return ((size + 2 * padding - kernel) / stride + 1, padding) }
            let output = (size + stride - 1) / stride
            return (output, max(0, (output - 1) * stride + kernel - size) / 2)
        }
        let (vertical, horizontal) = (steps(height), steps(width))
        var result: [Float] = []
        for picture in 0..<x.shape[0] {
            for y in 0..<vertical.output {
                for column in 0..<horizontal.output {
                    for output in 0..<outputs {
                        var sum = 0.0
                        for i in 0..<kernel {
                            for j in 0..<kernel {
                                let inY = y * stride + i - vertical.before
                                let inX = column * stride + j - horizontal.before
                                guard (0..<height).contains(inY), (0..<width).contains(inX) else { continue }
                                let pixel = ((picture * height + inY) * width + inX) * channels
                                if isDepthwise {
                                    let channel = output / (outputs / channels)
                                    sum += Double(a[pixel + channel]) * Double(w[(i * kernel + j) * outputs + output])
                                } else {
                                    let tap = ((output * kernel + i) * kernel + j) * channels
                                    for c in 0..<channels { sum += Double(a[pixel + c]) * Double(w[tap + c]) }
                                }
                            }
                        }
                        result.append(Float(sum))
                    }
                }
            }
        }
        return result
    }
}

extension Double {
    /// e to the power x, by the definition's series with halving: slow, and independent of what is tested.
    fileprivate static func exp(_ x: Double) -> Double {
        guard abs(x) > 0.5 else { return (1...20).reversed().reduce(1.0) { 1 + x / Double($1) * $0 } }
        let half = exp(x / 2)
        return half * half
    }
}
