import GlimpseServer
import Testing

/// The text that Prometheus reads.
struct PrometheusTextTests {
    private func sample(_ value: Double, _ labels: [(String, String)] = []) -> String {
        var text = PrometheusText()
        text.sample("name", labels, value)
        return text.text
    }

    @Test func aMetricBeginsWithItsHelpAndItsType() {
        var text = PrometheusText()
        text.header("glimpse_things_total", "Things.", .counter)
        text.sample("glimpse_things_total", [], 3)
        #expect(
            text.text
                == "# HELP glimpse_things_total Things.\n# TYPE glimpse_things_total counter\nglimpse_things_total 3\n")
    }

    @Test(arguments: [
        (0.0, "0"), (3, "3"), (-2, "-2"), (0.25, "0.25"), (1e14, "100000000000000"), (1e20, "1e+20"), (1e-7, "1e-07"),
    ]) func numbersAreWrittenShortly(value: Double, text: String) {
        #expect(sample(value) == "name \(text)\n")
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan]) func numbersThatAreNoneCanBeRead(value: Double) throws {
        let text = try #require(sample(value).split(separator: " ").last?.split(separator: "\n").first)
        #expect(Double(String(text)).map { "\($0)" } == "\(value)")
    }

    @Test func labelsAreQuoted() {
        #expect(sample(1, [("a", "x"), ("b", "y z")]) == "name{a=\"x\",b=\"y z\"} 1\n")
        #expect(sample(1, [("a", "\"\\\n")]) == "name{a=\"\\\"\\\\\\n\"} 1\n")
    }

    @Test func bucketsOfAHistogramAddUp() {
        var histogram = Histogram(bounds: [0.5, 1])
        for value in [0.25, 0.75, 0.75, 8] { histogram.record(value) }
        var text = PrometheusText()
        text.histogram("took", [("kind", "text")], histogram)
        let expected = """
            took_bucket{kind="text",le="0.5"} 1
            took_bucket{kind="text",le="1.0"} 3
            took_bucket{kind="text",le="+Inf"} 4
            took_sum{kind="text"} 9.75
            took_count{kind="text"} 4

            """
        #expect(text.text == expected)
    }
}
