public import Foundation
internal import GlimpseModels

/// The labels a picture is held against.
public struct LabelSet: Hashable, Sendable {
    /// What people read, in their order, without duplicates.
    public let labels: [String]

    /// Takes labels in the order given; blank ones and repetitions are left out.
    ///
    /// - Throws: `TaskError` when no label is left.
    public init(_ labels: [String]) throws {
        var seen: Set<String> = []
        self.labels = labels.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
        guard !self.labels.isEmpty else {
            throw TaskError(.invalidInput, "there is no label", remedy: "for example: --labels \"cat,dog,rocket\"")
        }
    }

    /// Labels separated by commas, or the single word `imagenet` for the names of its thousand classes.
    public init(commaSeparated text: String) throws {
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
            try self.init(names)
        } else {
            try self.init(text.split(separator: ",").map(String.init))
        }
    }

    /// One label a line; lines that start with `#` are comments.
    ///
    /// - Throws: `TaskError` when the file cannot be read or holds no label.
    public init(contentsOf file: URL) throws {
        try self.init(try TextLines.read(file, as: "labels"))
    }
}
