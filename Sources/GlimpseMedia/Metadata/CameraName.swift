/// Words a camera's name from the make and the model in its files.
enum CameraName {
    private static let longest = 100

    /// What companies add to their names.
    private static let additions: Set<String> = [
        "ag", "camera", "co", "co.", "company", "corp", "corp.", "corporation", "gmbh", "imaging", "inc", "inc.", "ltd",
        "ltd.", "optical",
    ]

    /// "Canon" and "Canon EOS 80D" make "Canon EOS 80D"; "SONY" and "ILCE-7M3" make "SONY ILCE-7M3".
    static func joined(make: String?, model: String?) -> String? {
        var maker = words(make)
        while maker.count > 1, let last = maker.last, additions.contains(last.lowercased()) { maker.removeLast() }
        let model = words(model)
        let first = model.first?.lowercased()
        let isRepeated = maker.contains { $0.lowercased() == first }
        let name = ((isRepeated ? [] : maker) + model).joined(separator: " ")
        let short = words(String(String.UnicodeScalarView(name.unicodeScalars.prefix(longest)))).joined(separator: " ")
        return short.isEmpty ? nil : short
    }

    /// What stands between the spaces and commas of a text, without characters that would disturb a line of output.
    private static func words(_ text: String?) -> [String] {
        let scalars = (text ?? "").unicodeScalars.filter { isVisible($0) || $0 == "\t" || $0 == "\n" }
        return String(String.UnicodeScalarView(scalars)).split { $0.isWhitespace || $0 == "," }.map(String.init)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
        default: true
        }
    }
}
