public import Foundation
internal import GlimpseMedia

/// A page of HTML to look through groups of duplicates; it needs no other file.
public struct DuplicatePage: Sendable {
    private let rules: [KeepRule]

    /// - Parameter rules: which file of a group is kept.
    public init(keeping rules: [KeepRule]) { self.rules = rules }

    /// Writes the page.
    ///
    /// - Throws: `TaskError` when the file cannot be written.
    public func write(_ groups: [DuplicateGroup], to file: URL) throws {
        try PageOfPictures.write(html(groups), to: file)
    }

    /// The page.
    public func html(_ groups: [DuplicateGroup]) -> String {
        let sections = groups.map(section).joined(separator: "\n")
        let body = groups.isEmpty ? "<p>No duplicates.</p>" : sections
        return PageOfPictures.document(title: "Duplicates", body: body)
    }

    private func section(_ group: DuplicateGroup) -> String {
        let kept = KeepRule.kept(of: group.files, by: rules)
        let figures = ([kept] + group.files.filter { $0.path != kept.path }).map { file in
            let size = file.picture.byteCount.formatted(.byteCount(style: .file))
            let isKept = file.path == kept.path
            return PageOfPictures.figure(
                path: file.path,
                caption: (isKept ? "keep · " : "") + "\(file.picture.width) × \(file.picture.height), \(size)",
                isMarked: isKept)
        }
        return "<h2>\(group.tier.rawValue)</h2>\n<main>\n\(figures.joined(separator: "\n"))\n</main>"
    }
}
