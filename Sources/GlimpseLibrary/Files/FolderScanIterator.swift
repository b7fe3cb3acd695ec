import Foundation

/// The walk of a `FolderScan`: a stack of folders, each with the entries still to be visited.
public struct FolderScanIterator: IteratorProtocol {
    private struct Folder {
        let path: String
        let device: UInt64
        /// Sorted descending: the next one is taken from the end.
        var entries: [FolderEntry]
    }

    private let options: FolderScan.Options
    private var roots: [String].Iterator
    private var folders: [Folder] = []
    private var entered: Set<FileStatus.Identity> = []
    /// The roots that are files, as bytes: equal strings may be different names to the file system.
    private let rootPaths: Set<[UInt8]>
    private var listedRoots: Set<[UInt8]> = []
    /// The folders so far at which another disk is mounted.
    public private(set) var mountPoints: Set<String> = []

    init(_ scan: FolderScan) {
        options = scan.options
        roots = scan.roots.makeIterator()
        rootPaths = Set(scan.roots.map { Array($0.utf8) })
    }

    /// The next picture or problem; nil when every root is done.
    public mutating func next() -> Result<MediaFile, LibraryError>? {
        while true {
            if let (folder, entry) = nextEntry() {
                if let element = visit(entry, in: folder) { return element }
            } else if let root = roots.next() {
                if let element = visitRoot(root) { return element }
            } else {
                return nil
            }
        }
    }

    private mutating func nextEntry() -> (folder: String, FolderEntry)? {
        while let last = folders.indices.last {
            if let entry = folders[last].entries.popLast() { return (folders[last].path, entry) }
            folders.removeLast()
        }
        return nil
    }

    private mutating func visitRoot(_ path: String) -> FolderScan.Element? {
        do {
            let status = try FileStatus(ofPath: path)
            if status.kind == .folder { return enter(path, status) }
            guard listedRoots.insert(Array(path.utf8)).inserted else { return nil }
            return .success(MediaFile(path: path, status))
        } catch {
            return .failure(error)
        }
    }

    private mutating func visit(_ entry: FolderEntry, in folder: String) -> FolderScan.Element? {
        guard let name = entry.name else {
            let readable = String(decoding: entry.bytes, as: UTF8.self)
            let matters = entry.kind == .folder || PictureExtensions.matches(readable)
            return matters ? .failure(.nameIsNotText(Self.path(of: readable, in: folder))) : nil
        }
        let isPicture = PictureExtensions.matches(name)
        // Most entries of a folder that is not an album end here, without a question to the file system.
        if !isPicture && (entry.kind == .file || entry.kind == .other) { return nil }
        let path = Self.path(of: name, in: folder)
        do {
            var status = try FileStatus(ofPath: path, followingLinks: false)
            let isLink = status.kind == .link
            if isLink {
                if !isPicture && !options.followsFolderLinks { return nil }
                status = try FileStatus(ofPath: path)
            }
            switch status.kind {
            case .folder:
                return isLink && !options.followsFolderLinks ? nil : enter(path, status)
            case .file:
                let isWanted = isPicture && !rootPaths.contains(Array(path.utf8))
                return isWanted ? .success(MediaFile(path: path, status)) : nil
            case .link, .other:
                return nil
            }
        } catch {
            return .failure(error)
        }
    }

    /// Puts a folder on the stack; the result is nil unless it cannot be read.
    private mutating func enter(_ path: String, _ status: FileStatus) -> FolderScan.Element? {
        guard entered.insert(status.identity).inserted else { return nil }
        do {
            let entries = try FolderEntry.all(in: path, includingHidden: options.includesHidden)
            if let parent = folders.last, parent.device != status.identity.device { mountPoints.insert(path) }
            folders.append(Folder(path: path, device: status.identity.device, entries: entries))
            return nil
        } catch {
            return .failure(error)
        }
    }

    private static func path(of name: String, in folder: String) -> String {
        folder == "/" ? "/" + name : folder + "/" + name
    }
}

extension MediaFile {
    init(path: String, _ status: FileStatus) {
        self.init(path: path, byteCount: status.byteCount, modifiedNanoseconds: status.modifiedNanoseconds)
    }
}
