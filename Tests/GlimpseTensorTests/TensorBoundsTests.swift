import Foundation
import GlimpseTensor
import Testing

/// What lies outside a tensor is not read.
struct TensorBoundsTests {
    @Test func rowsAreThoseOfTheLastAxis() {
        let tensor = Tensor(shape: [2, 2, 3], scalars: (0..<12).map { Float($0) })
        #expect((0..<4).map(tensor.row) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]])
    }

    @Test func otherRowsAreRefused() async {
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3], scalars: [0, 1, 2, 3, 4, 5]).row(2) }
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3], scalars: [0, 1, 2, 3, 4, 5]).row(-1) }
    }

    @Test func sequencesThatRunBackwardsAreRefused() async {
        let result = await #expect(processExitsWith: .failure) {
            let x = Tensor(shape: [3, 1], scalars: [1, 2, 3])
            _ = Compute(threads: 1).meanOverSequences(x, offsets: [0, 5, 3])
        }
        // Reading whatever lies behind would end the process as well.
        #expect(result?.exitStatus != .signal(SIGSEGV) && result?.exitStatus != .signal(SIGBUS))
    }
}
