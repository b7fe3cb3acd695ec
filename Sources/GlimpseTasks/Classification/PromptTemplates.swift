public import Foundation
internal import GlimpseResources

/// The sentences a label is put in. Several of them average out what a single wording adds (prompt ensembling; Radford et al.,
/// "Learning Transferable Visual Models From Natural Language Supervision", 2021, §3.1.4).
public struct PromptTemplates: Hashable, Sendable {
    /// Sentences with `{}` where the label goes, in their order, without duplicates.
    public let templates: [String]

    /// Takes templates in the order given; repetitions are left out.
    ///
    /// - Throws: `TaskError` when there is none, or one has no place for a label.
    public init(_ templates: [String]) throws {
        guard !templates.isEmpty else {
            throw TaskError(
                .invalidInput, "there is no template", remedy: "for example: --template \"a photo of a {}\"")
        }
        if let placeless = templates.first(where: { !$0.contains(Self.place) }) {
            throw TaskError(
                .invalidInput, "the template \"\(placeless)\" has no {} where the label goes",
                remedy: "for example: --template \"a photo of a {}\"")
        }
        self.init(distinct: templates)
    }

    private init(distinct templates: [String]) {
        var seen: Set<String> = []
        self.templates = templates.filter { seen.insert($0).inserted }
    }

    /// The one sentence of the reference zero-shot protocol.
    public static let simple = PromptTemplates(distinct: ["a photo of a {}"])

    private static let place = "{}"

    /// One template a line; blank lines and lines that start with `#` are left out.
    ///
    /// - Throws: `TaskError` when the file cannot be read, holds no template, or one without a place for a label.
    public init(contentsOf file: URL) throws {
        try self.init(try TextLines.read(file, as: "templates"))
    }

    /// A label in each of the sentences.
    public func sentences(for label: String) -> [String] {
        templates.map { $0.replacingOccurrences(of: Self.place, with: label) }
    }
}

extension PromptTemplates {
    /// A set of templates that has a name.
    public struct NamedSet: Hashable, Sendable {
        /// What it is chosen by.
        public let name: String
        /// What it is good for.
        public let summary: String
        /// The sentences.
        public let templates: PromptTemplates
    }

    /// The sets that come with Glimpse.
    ///
    /// - Throws: `DecodingError` or `TaskError` when the table that ships with the package is not what it should be.
    public static func namedSets() throws -> [NamedSet] {
        struct Entry: Decodable {
            let name: String
            let summary: String
            let templates: [String]
        }
        return try JSONDecoder().decode([Entry].self, from: Data(Resources.promptTemplates)).map {
            NamedSet(name: $0.name, summary: $0.summary, templates: try PromptTemplates($0.templates))
        }
    }

    /// Takes the name of a set, or else the path of a file of templates.
    ///
    /// - Throws: `TaskError` that says which names there are, when it is neither.
    public init(nameOrPath: String) throws {
        let sets = try Self.namedSets()
        if let set = sets.first(where: { $0.name == nameOrPath }) {
            self = set.templates
        } else if FileManager.default.fileExists(atPath: nameOrPath) {
            try self.init(contentsOf: URL(filePath: nameOrPath))
        } else {
            throw TaskError(
                .invalidInput, "no templates are called \"\(nameOrPath)\", and there is no such file",
                remedy: "known: \(sets.map(\.name).joined(separator: ", "))")
        }
    }
}
