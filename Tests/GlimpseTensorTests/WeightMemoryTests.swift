import GlimpseTensor
import Testing

/// Weights that share memory stay what they were, however they are mixed and whichever of them go.
struct WeightMemoryTests {
    private let compute = Compute(threads: 1)

    private func weights(_ outputs: Int, _ inputs: Int) -> Tensor {
        Tensor(shape: [outputs, inputs], scalars: (0..<(outputs * inputs)).map { Float($0) + Float(inputs) / 1000 })
    }

    private func packed(_ weights: Tensor, in memory: WeightMemory) -> PackedMatrix {
        PackedMatrix(weights, precision: .float32, in: memory, on: compute)
    }

    private func isKept(_ weights: Tensor, in packed: PackedMatrix) -> Bool {
        packed.panels.scalars == PackedMatrix(weights, on: compute).panels.scalars
    }

    @Test func weightsOfOneMemoryDoNotOverwriteEachOther() {
        // Several that share a block, one greater than a block, one that has no room in what is left, and one that still has.
        let all = [(3, 5), (40, 33), (17, 64), (100, 90), (1, 1), (64, 90), (64, 31)].map(weights)
        let memory = WeightMemory(blockCount: 8000)
        let kept = all.map { packed($0, in: memory) }
        for (weights, packed) in zip(all, kept) { #expect(isKept(weights, in: packed), "weights \(weights.shape)") }
    }

    /// In a block that is aligned to large pages.
    @Test func weightsBeginWithAPage() {
        let memory = WeightMemory(blockCount: 1 << 20)
        for weights in [(3, 5), (40, 33), (17, 64)].map(weights) {
            let address = packed(weights, in: memory).panels.withUnsafeScalars { Int(bitPattern: $0.baseAddress) }
            #expect(address.isMultiple(of: 4096), "weights \(weights.shape)")
        }
    }

    /// A block of that size is unmapped when it is given back, so that reading it would end the process.
    @Test func weightsOutliveTheOthersAndTheMemoryTheyCameFrom() {
        let weights = weights(40, 33)
        func second(in memory: WeightMemory) -> PackedMatrix {
            _ = packed(weights, in: memory)
            return packed(weights, in: memory)
        }
        #expect(isKept(weights, in: second(in: WeightMemory(blockCount: 16 << 20))))
    }
}
