/// Rows of fields as comma- or tab-separated text.
enum Delimited {
    /// Fields as in RFC 4180: quoted where a comma, a quote or a line break is in them.
    static func csv(_ fields: [String]) -> String {
        fields.map { field in
            guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
            return "\"" + field.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }

    /// Fields with tabs between them; a tab, line break or backslash in a field is written `\t`, `\n`, `\r`, `\\`.
    static func tsv(_ fields: [String]) -> String {
        fields.map { field in
            field.replacing("\\", with: "\\\\").replacing("\t", with: "\\t").replacing("\n", with: "\\n")
                .replacing("\r", with: "\\r")
        }.joined(separator: "\t")
    }
}
