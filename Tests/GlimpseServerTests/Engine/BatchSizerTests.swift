import GlimpseServer
import GlimpseTensor
import Testing

/// How many inputs go together.
struct BatchSizerTests {
    private static let bound = Duration.milliseconds(100)

    @Test func withoutMeasurementsTheMaximumGoes() {
        #expect(BatchSizer(bound: Self.bound, maximum: 64).limit == 64)
        #expect(BatchSizer(bound: .zero, maximum: 8).limit == 8)
    }

    @Test(arguments: 0..<20) func whatIsAllowedIsExpectedToBeDoneInTime(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var sizer = BatchSizer(bound: Self.bound, maximum: Int.random(in: 1...64, using: &random))
        for _ in 0..<50 {
            let duration = Duration.microseconds(Int.random(in: 1...500_000, using: &random))
            sizer.record(duration, inputs: Int.random(in: 1...64, using: &random))
            let seconds = try #require(sizer.secondsPerInput)
            let limit = sizer.limit
            #expect((1...sizer.maximum).contains(limit))
            if limit > 1 { #expect(Double(limit) * seconds <= sizer.bound * 1.000_001) }
            if limit < sizer.maximum { #expect(Double(limit + 1) * seconds > sizer.bound * 0.999_999) }
        }
    }

    @Test func slowInputsGoOneByOne() {
        var sizer = BatchSizer(bound: Self.bound, maximum: 64)
        sizer.record(.seconds(10), inputs: 1)
        #expect(sizer.limit == 1)
    }

    @Test func fastInputsGoInTheMaximum() {
        var sizer = BatchSizer(bound: Self.bound, maximum: 64)
        sizer.record(.microseconds(64), inputs: 64)
        #expect(sizer.limit == 64)
        sizer.record(.zero, inputs: 1)
        #expect(sizer.limit == 64)
    }

    @Test func aMeasurementAloneDoesNotDecide() {
        var sizer = BatchSizer(bound: Self.bound, maximum: 64)
        for _ in 0..<20 { sizer.record(.milliseconds(80), inputs: 32) }
        let before = sizer.limit
        sizer.record(.milliseconds(160), inputs: 32)
        #expect(sizer.limit < before && sizer.limit > before / 2)
        for _ in 0..<60 { sizer.record(.milliseconds(160), inputs: 32) }
        #expect((19...20).contains(sizer.limit))
    }

    @Test func batchesOfNothingAreNoMeasurements() {
        var sizer = BatchSizer(bound: Self.bound, maximum: 64)
        sizer.record(.seconds(10), inputs: 0)
        #expect(sizer.secondsPerInput == nil && sizer.limit == 64)
    }
}
