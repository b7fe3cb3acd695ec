/// Reads the latitudes and longitudes of EXIF.
enum GeographicAngle {
    /// Degrees, from one to three fractions for degrees, minutes and seconds: "48/1 51/1 2952/100".
    ///
    /// - Parameters:
    ///   - direction: `positive` or `negative`, the letter of a hemisphere. Without it the angle means nothing.
    ///   - limit: The largest angle there is.
    static func degrees(
        _ text: String?, direction: String?, positive: String, negative: String, limit: Double
    ) -> Double? {
        guard let text, let direction else { return nil }
        let letter = String(direction.filter(\.isLetter)).uppercased()
        guard letter == positive || letter == negative else { return nil }
        let parts = text.split(separator: " ").map(fraction)
        guard (1...3).contains(parts.count) else { return nil }
        var degrees = 0.0
        for (part, unit) in zip(parts, [1.0, 60, 3600]) {
            // Sixty is what rounding makes of 59.999.
            guard let part, unit == 1 || part <= 60 else { return nil }
            degrees += part / unit
        }
        guard degrees <= limit else { return nil }
        // Not −0, which is written differently from 0 though it is equal.
        return letter == positive || degrees == 0 ? degrees : -degrees
    }

    /// Reads "2952/100", both numbers of 32 bits without a sign.
    private static func fraction(_ text: Substring) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let numerator = UInt32(parts[0]), let denominator = UInt32(parts[1]), denominator > 0
        else { return nil }
        return Double(numerator) / Double(denominator)
    }
}
