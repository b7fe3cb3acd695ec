public import Foundation

/// What is done with the files of a group that are not kept.
public enum DuplicateAction: Hashable, Sendable {
    /// They become further names of the kept file's bytes (hard links). For identical files on one disk only.
    case link
    /// They are moved into a folder, below which they keep their whole path.
    case move(URL)
    /// They are put into the user's trash.
    case trash

    /// How it stands in the journal.
    var name: String {
        switch self {
        case .link: "link"
        case .move: "move"
        case .trash: "trash"
        }
    }
}
