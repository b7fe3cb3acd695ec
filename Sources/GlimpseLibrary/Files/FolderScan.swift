/// The pictures in files and folders, found one at a time.
///
/// Folders are walked depth first, the entries of each in the order of their names' bytes, so that two scans of an
/// unchanged tree give the same sequence. A file given as a root is always taken, whatever its name; in a folder a file
/// is taken when its extension promises a picture. Links to files are followed and listed under their own path; links to
/// folders only when asked. However links lead and roots overlap, no folder is entered twice.
///
/// What cannot be read is an element too, a failure that names the path, and the scan goes on.
///
/// - Complexity: Memory grows with the number of folders and the longest one, not with the number of files.
public struct FolderScan: Sequence, Sendable {
    /// A picture, or what was in the way of looking for one.
    public typealias Element = Result<MediaFile, LibraryError>

    /// What a scan takes and leaves.
    public struct Options: Hashable, Sendable {
        /// Whether names that begin with a dot are taken; AppleDouble files (`._name`) never are inside a folder.
        public var includesHidden: Bool
        /// Whether links to folders inside a root are followed. A root itself may always be a link.
        public var followsFolderLinks: Bool

        /// Chooses what a scan takes.
        public init(includesHidden: Bool = false, followsFolderLinks: Bool = false) {
            self.includesHidden = includesHidden
            self.followsFolderLinks = followsFolderLinks
        }
    }

    let roots: [String]
    let options: Options
    /// The roots that are folders.
    public let folders: [String]

    /// Prepares a scan; nothing but the roots is looked at yet.
    ///
    /// - Parameters:
    ///   - roots: Paths of files and folders; relative ones start at the current directory.
    ///   - options: What is taken and left.
    /// - Throws: `LibraryError` with code `missing` that names the first root that does not exist, or `unreadable`
    ///   for one that cannot be looked at or is neither file nor folder.
    public init(roots: [String], options: Options = Options()) throws(LibraryError) {
        var standardized: [String] = []
        var folders: [String] = []
        for root in roots {
            let path = try MediaPath.standardized(root)
            let kind = try FileStatus(ofPath: path).kind
            if kind == .folder { folders.append(path) }
            guard kind != .other else {
                throw LibraryError(
                    .unreadable, "neither a file nor a folder", location: path, remedy: "Name pictures or folders.")
            }
            standardized.append(path)
        }
        self.roots = standardized
        self.folders = folders
        self.options = options
    }

    /// Starts at the first root.
    public func makeIterator() -> FolderScanIterator { FolderScanIterator(self) }
}
