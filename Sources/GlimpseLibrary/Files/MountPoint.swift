/// Where another disk, share or stick is mounted.
package enum MountPoint {
    /// The mount point that a path lies behind; nil when that is the root of all, which is always there.
    ///
    /// - Throws: `LibraryError` when the path cannot be looked at.
    package static func containing(_ path: String) throws(LibraryError) -> String? {
        var path = path
        var device = try FileStatus(ofPath: path).identity.device
        while path != "/" {
            let parent = Self.parent(of: path)
            let parentDevice = try FileStatus(ofPath: parent).identity.device
            if parentDevice != device { return path }
            (path, device) = (parent, parentDevice)
        }
        return nil
    }

    /// Whether something is mounted at a path: it is there, and on another device than the folder it is in.
    static func isMounted(_ path: String) -> Bool {
        guard let here = try? FileStatus(ofPath: path), let above = try? FileStatus(ofPath: parent(of: path)) else {
            return false
        }
        return here.identity.device != above.identity.device
    }

    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
