internal import Foundation
internal import GlimpseResources

/// One of the thousand classes of ImageNet: its names and what it is a kind of.
public struct ImageNetClass: Hashable, Sendable {
    /// The WordNet 3.0 synset, such as `n01443537`.
    public let synset: String
    /// Its names, the usual one first.
    public let lemmas: [String]
    /// What it is a kind of, the nearest level first; each level with its names.
    public let hypernyms: [[String]]

    /// The thousand classes in the order of the classifiers trained on them.
    ///
    /// - Throws: `ModelError` when the table that ships with the package is not what it should be.
    public static func all() throws -> [ImageNetClass] {
        let text = String(decoding: Resources.imageNetClasses, as: UTF8.self)
        let classes = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.enumerated().map { row, line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 4, Int(fields[0]) == row, !fields[2].isEmpty else {
                throw ModelError(
                    .invalidConfiguration, "row \(row) has not an index, a synset, lemmas and hypernyms",
                    at: "imagenet1k.tsv")
            }
            return ImageNetClass(
                synset: String(fields[1]), lemmas: fields[2].split(separator: "|").map(String.init),
                hypernyms: fields[3].split(separator: ";").map { $0.split(separator: "|").map(String.init) })
        }
        return classes
    }
}
