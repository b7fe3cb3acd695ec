public import Foundation
internal import GlimpseModels

/// The labels a picture is held against, and the sentence each is put in.
public struct LabelSet: Hashable, Sendable {
    /// What people read, in their order, without duplicates.
    public let labels: [String]
    /// A sentence with `{}` where the label goes.
    public let template: String

    /// The template of the reference zero-shot protocol (Radford et al., "Learning Transferable Visual Models From Natural Language
    /// Supervision", 2021).
    public static let defaultTemplate = "a photo of a {}"

    /// Takes labels in the order given; blank ones and repetitions are left out.
    ///
    /// - Throws: `TaskError` when no label is left or the template has no place for one.
    public init(_ labels: [String], template: String = LabelSet.defaultTemplate) throws {
        guard template.contains("{}") else {
            throw TaskError(
                .invalidInput, "the template \"\(template)\" has no {} where the label goes",
                remedy: "for example: --template \"\(Self.defaultTemplate)\"")
        }
        var seen: Set<String> = []
        self.labels = labels.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
        self.template = template
        guard !self.labels.isEmpty else {
            throw TaskError(.invalidInput, "there is no label", remedy: "for example: --labels \"cat,dog,rocket\"")
        }
    }

    /// Labels separated by commas, or the single word `imagenet` for the names of its thousand classes.
    public init(commaSeparated text: String, template: String = LabelSet.defaultTemplate) throws {
        if text.trimmingCharacters(in: .whitespaces).lowercased() == "imagenet" {
            // A bird and a machine share the name crane: who comes second goes by another name, or by what it is a kind of.
            var taken: Set<String> = []
            let names = try ImageNetClass.all().map { imageNetClass in
                let name =
                    imageNetClass.lemmas.first { !taken.contains($0) }
                    ?? (imageNetClass.lemmas.prefix(1) + imageNetClass.hypernyms.prefix(1).flatMap { $0.prefix(1) })
                    .joined(separator: ", ")
                taken.insert(name)
                return name
            }
            try self.init(names, template: template)
        } else {
            try self.init(text.split(separator: ",").map(String.init), template: template)
        }
    }

    /// One label a line; lines that start with `#` are comments.
    public init(contentsOf file: URL, template: String = LabelSet.defaultTemplate) throws {
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw TaskError(
                .unreadableFile,
                "\(file.path(percentEncoded: false)): the labels cannot be read: \(error.localizedDescription)")
        }
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        try self.init(lines.filter { !$0.hasPrefix("#") }, template: template)
    }

    /// The labels in their sentence.
    public var sentences: [String] {
        labels.map { template.replacingOccurrences(of: "{}", with: $0) }
    }
}
