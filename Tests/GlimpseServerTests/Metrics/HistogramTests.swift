import GlimpseServer
import Testing

/// How values are counted.
struct HistogramTests {
    @Test func valuesAreCountedInTheFirstBucketTheyFit() {
        var histogram = Histogram(bounds: [1, 2, 4])
        for value in [0, 1, 1.5, 2, 3, 4, -7] { histogram.record(value) }
        #expect(histogram.counts == [3, 2, 2])
        #expect(histogram.count == 7)
        #expect(histogram.sum == 4.5)
    }

    @Test func valuesBeyondTheLastBoundAreCountedToo() {
        var histogram = Histogram(bounds: [1, 2])
        histogram.record(2.000_001)
        histogram.record(1e9)
        #expect(histogram.counts == [0, 0])
        #expect(histogram.count == 2)
    }

    @Test func nothingIsNothing() {
        let histogram = Histogram(bounds: [1, 2])
        #expect(histogram.counts == [0, 0] && histogram.count == 0 && histogram.sum == 0)
    }
}
