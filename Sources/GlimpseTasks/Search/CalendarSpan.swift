public import Foundation
public import GlimpseLibrary

/// A year, month, day or minute as people write it, from its first moment to the first one after it.
public struct CalendarSpan: Hashable, Sendable {
    /// Its first moment.
    public let start: SearchFilter.Moment
    /// The first moment after it.
    public let end: SearchFilter.Moment

    /// Reads `2024`, `2024-05`, `2024-05-31`, `2024-05-31T18:30` (or with a space), or `7d`, `3w`, `6m`, `2y`: the day so long ago.
    ///
    /// - Parameters:
    ///   - text: what somebody wrote.
    ///   - now: the present.
    ///   - timeZone: where the user is: file times are moments, cameras' clocks are taken to show the user's time.
    /// - Throws: `TaskError` that says what is understood.
    public init(_ text: String, now: Date = Date(), timeZone: TimeZone = .current) throws {
        var local = Calendar(identifier: .gregorian)
        local.timeZone = timeZone
        guard let (components, unit) = Self.parse(text, now: now, calendar: local) else {
            throw TaskError(
                .invalidInput, "\"\(text)\" is no date",
                remedy: "write 2024, 2024-05, 2024-05-31, 2024-05-31T18:30, or 7d, 3w, 6m, 2y for so long ago")
        }
        var camera = Calendar(identifier: .gregorian)
        camera.timeZone = .gmt
        func moments(_ calendar: Calendar) throws -> (Date, Date) {
            // A date that the calendar moves elsewhere, such as February 31, is none.
            guard let start = calendar.date(from: components),
                let end = calendar.date(byAdding: unit, value: 1, to: start),
                components.month.map({ calendar.component(.month, from: start) == $0 }) ?? true,
                components.day.map({ calendar.component(.day, from: start) == $0 }) ?? true
            else { throw TaskError(.invalidInput, "there is no \(text) in the calendar") }
            return (start, end)
        }
        let (cameraStart, cameraEnd) = try moments(camera)
        let (localStart, localEnd) = try moments(local)
        start = SearchFilter.Moment(camera: cameraStart, file: localStart)
        end = SearchFilter.Moment(camera: cameraEnd, file: localEnd)
    }

    private static func parse(
        _ text: String, now: Date, calendar: Calendar
    ) -> (DateComponents, Calendar.Component)? {
        if let (count, unit) = age(text) {
            // Before the year 1, years are counted backwards.
            guard let date = calendar.date(byAdding: unit, value: -count, to: now),
                calendar.component(.era, from: date) == 1
            else { return nil }
            return (calendar.dateComponents([.year, .month, .day], from: date), .day)
        }
        let halves = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "T" || $0 == " " })
        guard let day = halves.first, halves.count <= 2, let date = numbers(day, "-", digits: [4, 2, 2]) else {
            return nil
        }
        var components = DateComponents(year: date[0])
        if date.count > 1 { components.month = date[1] }
        if date.count > 2 { components.day = date[2] }
        guard halves.count == 2 else { return (components, [.year, .month, .day][date.count - 1]) }
        guard date.count == 3, let time = numbers(halves[1], ":", digits: [2, 2, 2]), time.count > 1, time[0] < 24,
            time[1] < 60, time.count < 3 || time[2] < 60
        else { return nil }
        components.hour = time[0]
        components.minute = time[1]
        if time.count == 3 { components.second = time[2] }
        return (components, time.count == 3 ? .second : .minute)
    }

    private static func age(_ text: String) -> (Int, Calendar.Component)? {
        let units: [Character: (Calendar.Component, Int)] = [
            "d": (.day, 1), "w": (.day, 7), "m": (.month, 1), "y": (.year, 1),
        ]
        guard let letter = text.last, let (unit, factor) = units[letter], let count = Int(text.dropLast()),
            (0...100_000).contains(count)
        else { return nil }
        return (count * factor, unit)
    }

    private static func numbers(_ text: Substring, _ separator: Character, digits: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard (1...digits.count).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for (part, count) in zip(parts, digits) {
            guard part.utf8.count == count, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part)
            else {
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }
}

extension SearchFilter.Moment {
    fileprivate init(camera: Date, file: Date) {
        let (nanoseconds, isBeyond) = Int64(file.timeIntervalSince1970).multipliedReportingOverflow(by: 1_000_000_000)
        self.init(
            cameraSeconds: Int64(camera.timeIntervalSince1970),
            // No file is from before 1678 or after 2262, where 64 bits of nanoseconds end.
            fileNanoseconds: isBeyond ? (file.timeIntervalSince1970 < 0 ? .min : .max) : nanoseconds)
    }
}
