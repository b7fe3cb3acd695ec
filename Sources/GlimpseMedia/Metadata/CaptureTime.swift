import Foundation

/// When a picture was taken, by the clock of the camera.
public struct CaptureTime: Sendable, Hashable {
    /// What the clock showed, in seconds since 1970 as if it had shown UTC: the time of day at the place, mostly.
    public var secondsSince1970: Int
    /// The seconds by which the clock was ahead of UTC, −14…14 hours; nil where the file does not tell, as it seldom
    /// does.
    public var utcOffsetSeconds: Int?

    /// Makes a time from its parts.
    public init(secondsSince1970: Int, utcOffsetSeconds: Int? = nil) {
        self.secondsSince1970 = secondsSince1970
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// The time a picture was taken, else digitized, else changed; each with the offset that belongs to it.
    init?(exif: [ExifField: String]) {
        let choices: [(time: ExifField, offset: ExifField)] = [
            (.takenAt, .takenAtOffset), (.digitizedAt, .digitizedAtOffset), (.changedAt, .changedAtOffset),
        ]
        for choice in choices {
            if let seconds = exif[choice.time].flatMap(Self.seconds) {
                self.init(
                    secondsSince1970: seconds, utcOffsetSeconds: exif[choice.offset].flatMap(Self.utcOffsetSeconds))
                return
            }
        }
        return nil
    }

    /// Reads "2019:05:04 12:33:01"; years before photography are defaults of clocks that were never set.
    private static func seconds(_ text: String) -> Int? {
        guard let numbers = numbers(in: text, like: "dddd:dd:dd dd:dd:dd") else { return nil }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        let (hour, minute, second) = (numbers[3], numbers[4], numbers[5])
        guard year >= 1826, hour < 24, minute < 60, second < 60,
            let days = daysSince1970(year: year, month: month, day: day)
        else { return nil }
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    /// Reads "+02:00", "-03:30" or "Z".
    private static func utcOffsetSeconds(_ text: String) -> Int? {
        if trimmed(text) == "Z" { return 0 }
        for (pattern, sign) in [("+dd:dd", 1), ("-dd:dd", -1)] {
            guard let numbers = numbers(in: text, like: pattern) else { continue }
            let minutes = numbers[0] * 60 + numbers[1]
            return numbers[1] < 60 && minutes <= 14 * 60 ? sign * minutes * 60 : nil
        }
        return nil
    }

    /// The numbers where `pattern` has d for each digit; nil where a character differs.
    private static func numbers(in text: String, like pattern: String) -> [Int]? {
        let (text, pattern) = (Array(trimmed(text).utf8), Array(pattern.utf8))
        guard text.count == pattern.count else { return nil }
        var numbers: [Int] = []
        var isInside = false
        for (character, expected) in zip(text, pattern) {
            let isDigit = expected == UInt8(ascii: "d")
            if isDigit {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
                if !isInside { numbers.append(0) }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(character - UInt8(ascii: "0"))
            } else if character != expected {
                return nil
            }
            isInside = isDigit
        }
        return numbers
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
    }

    /// The days from 1 January 1970 in the Gregorian calendar; nil for a day that no month has.
    ///
    /// The calendars of Foundation would do, but cost more than reading the rest of the header.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard lengths.indices.contains(month - 1), (1...lengths[month - 1]).contains(day) else { return nil }
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400
        let daysToYear = before * 365 + leapDays - 719_162
        return daysToYear + lengths[..<(month - 1)].reduce(0, +) + day - 1
    }
}
