import Foundation

/// The kernels of `Pixels.resized`, each the same as Pillow's of the same name.
public enum ResampleFilter: String, Sendable, Hashable, CaseIterable, Codable {
    /// A triangle, support 1.
    case bilinear
    /// Keys' cubic with a = −0.5, support 2 (R. Keys, "Cubic convolution interpolation for digital image processing", 1981).
    case bicubic
    /// A sinc windowed by its own middle lobe, support 3.
    case lanczos

    /// The distance from the centre at which the kernel ends, at scale 1.
    var support: Double {
        switch self {
        case .bilinear: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The kernel's value at distance `x`. The order of operations is Pillow's: rounding is part of the result.
    func value(at x: Double) -> Double {
        let distance = abs(x)
        switch self {
        case .bilinear:
            return distance < 1 ? 1 - distance : 0
        case .bicubic:
            let a = -0.5
            if distance < 1 { return ((a + 2) * distance - (a + 3)) * distance * distance + 1 }
            if distance < 2 { return (((distance - 5) * distance + 8) * distance - 4) * a }
            return 0
        case .lanczos:
            return -3 <= x && x < 3 ? Self.sinc(x) * Self.sinc(x / 3) : 0
        }
    }

    private static func sinc(_ x: Double) -> Double {
        if x == 0 { return 1 }
        let angle = x * Double.pi
        return sin(angle) / angle
    }
}

/// Which input pixels along one axis make each output pixel, and with which fixed-point weights.
///
/// Shrinking widens the kernel by the scale, so that every input pixel counts (antialiasing). Windows are as Pillow computes
/// them, then filled up with zero weights to one common number of taps.
struct ResampleWindows {
    /// The first input pixel of each output's window, [outputs].
    let starts: [Int32]
    /// The number of input pixels in every window.
    let taps: Int
    /// Weights with 22 fraction bits, [outputs, taps].
    let weights: [Int32]
    /// The input pixels that any window reads.
    let inputs: Range<Int>

    /// Computes the windows of the output pixels in `outputs`, out of `outputSize`, over `inputSize` input pixels.
    ///
    /// - Parameter tapMultiple: Taps are rounded up to a multiple of this where the input is long enough.
    init(inputSize: Int, outputSize: Int, outputs: Range<Int>, filter: ResampleFilter, tapMultiple: Int) {
        let scale = Double(inputSize) / Double(outputSize)
        let filterScale = max(scale, 1)
        let support = filter.support * filterScale
        let bounds = outputs.map { output -> Range<Int> in
            let center = (Double(output) + 0.5) * scale
            let first = max(Int(center - support + 0.5), 0)
            return first..<max(first, min(Int(center + support + 0.5), inputSize))
        }
        let longest = bounds.lazy.map(\.count).max() ?? 0
        let taps = min((longest + tapMultiple - 1) / tapMultiple * tapMultiple, inputSize)
        var weights = [Int32](repeating: 0, count: outputs.count * taps)
        var starts: [Int32] = []
        starts.reserveCapacity(outputs.count)
        for (index, bound) in bounds.enumerated() {
            let center = (Double(outputs.lowerBound + index) + 0.5) * scale
            let start = min(bound.lowerBound, inputSize - taps)
            starts.append(Int32(start))
            let values = bound.map { filter.value(at: (Double($0) - center + 0.5) * (1 / filterScale)) }
            let sum = values.reduce(0, +)
            for (input, value) in zip(bound, values) {
                let normalized = sum == 0 ? value : value / sum
                let fixed = normalized * Double(1 << 22)
                weights[index * taps + input - start] = Int32(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
            }
        }
        self.starts = starts
        self.taps = taps
        self.weights = weights
        inputs = Int(starts.min() ?? 0)..<(Int(starts.max() ?? 0) + taps)
    }
}
