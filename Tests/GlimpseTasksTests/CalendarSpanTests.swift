import Foundation
import GlimpseLibrary
import GlimpseTasks
import Testing

/// Dates as people write them.
struct CalendarSpanTests {
    private static let berlin = TimeZone(identifier: "Europe/Berlin") ?? .gmt
    /// 2024-05-31T18:30:15 in Berlin, which is two hours ahead of UTC in summer.
    private static let now = Date(timeIntervalSince1970: 1_717_173_015)

    private static func span(_ text: String) throws -> CalendarSpan {
        try CalendarSpan(text, now: now, timeZone: berlin)
    }

    private static func camera(_ text: String) throws -> (start: String, end: String) {
        let span = try span(text)
        func shown(_ seconds: Int64) -> String {
            Date(timeIntervalSince1970: Double(seconds)).formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: false))
        }
        return (shown(span.start.cameraSeconds), shown(span.end.cameraSeconds))
    }

    @Test(arguments: [
        ("2024", "2024-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("2024-02", "2024-02-01T00:00:00", "2024-03-01T00:00:00"),
        ("2024-02-29", "2024-02-29T00:00:00", "2024-03-01T00:00:00"),
        ("2023-12-31T23:59", "2023-12-31T23:59:00", "2024-01-01T00:00:00"),
        ("2023-12-31 23:59:59", "2023-12-31T23:59:59", "2024-01-01T00:00:00"),
        ("0d", "2024-05-31T00:00:00", "2024-06-01T00:00:00"),
        ("31d", "2024-04-30T00:00:00", "2024-05-01T00:00:00"),
        ("2w", "2024-05-17T00:00:00", "2024-05-18T00:00:00"),
        ("3m", "2024-02-29T00:00:00", "2024-03-01T00:00:00"),
        ("1y", "2023-05-31T00:00:00", "2023-06-01T00:00:00"),
    ])
    func hasAFirstMomentAndAnEnd(text: String, start: String, end: String) throws {
        let span = try Self.camera(text)
        #expect(span.start == start && span.end == end)
    }

    @Test func datesBeyondWhatFilesHaveAreTheFirstOrLastMoment() throws {
        #expect(try Self.span("0000").start.fileNanoseconds == .min)
        #expect(try Self.span("9999").end.fileNanoseconds == .max)
        #expect(try Self.span("9999").start.cameraSeconds > Self.span("2262").end.cameraSeconds)
        #expect(throws: TaskError.self) { try Self.span("100000y") }
    }

    @Test func fileTimesAreMomentsWhereTheUserIs() throws {
        let summer = try Self.span("2024-07-01").start
        #expect(summer.fileNanoseconds == (summer.cameraSeconds - 7200) * 1_000_000_000)
        let winter = try Self.span("2024-01-01").start
        #expect(winter.fileNanoseconds == (winter.cameraSeconds - 3600) * 1_000_000_000)
    }

    @Test(arguments: [
        "", "yesterday", "24", "2024-5", "2024-13", "2024-02-30", "2023-02-29", "2024-05-31T", "2024-05T10:00",
        "2024-05-31T24:00", "2024-05-31T10", "2024-05-31T10:60", "2024-05-31T10:00:00:00", "-1d", "d", "1.5y", "２０２４",
        "2024-05-31T10:00 11:00",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: TaskError.self) { try Self.span(text) }
    }
}

/// Sizes as people write them.
struct SizeRangeTests {
    @Test func aRangeHasOneOrTwoEnds() throws {
        #expect(try SizeRange("8MP") == .pixels(8_000_000...(.max)))
        #expect(try SizeRange("8MP..") == .pixels(8_000_000...(.max)))
        #expect(try SizeRange("..2.5mp") == .pixels(0...2_500_000))
        #expect(try SizeRange("2MP..12MP") == .pixels(2_000_000...12_000_000))
        #expect(try SizeRange("500kB") == .bytes(500_000...(.max)))
        #expect(try SizeRange("1MB..1GB") == .bytes(1_000_000...1_000_000_000))
    }

    @Test(arguments: ["", "..", "8", "MP", "2MP..5MB", "12MP..2MP", "1MP..2MP..3MP", "-1MP", "nanMP", "1e30GB"])
    func anythingElseIsRefused(text: String) {
        #expect(throws: TaskError.self) { try SizeRange(text) }
    }
}
