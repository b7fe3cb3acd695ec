extension String {
    /// Whether this is so many lower-case hexadecimal digits.
    func isHexadecimal(length: Int) -> Bool {
        utf8.count == length
            && utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// Whether this names a git object: SHA-1, or SHA-256 in newer repositories.
    var isObjectName: Bool { isHexadecimal(length: 40) || isHexadecimal(length: 64) }

    /// The text made fit for a line of a terminal: control characters escaped, at most 200 characters.
    var printable: String {
        let shown = unicodeScalars.prefix(200).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }
        return shown.joined() + (unicodeScalars.count > 200 ? "…" : "")
    }

    /// The text as one component of a URL's path: a slash is escaped too.
    var percentEncodedComponent: String {
        utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += byte < 16 ? "%0" : "%"
                text += String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
