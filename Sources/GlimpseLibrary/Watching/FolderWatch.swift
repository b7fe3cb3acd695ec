import Foundation

/// Notices when files in folders come, go or change.
///
/// On Linux the system tells (inotify); elsewhere, and where the system has no room for another watch, everything counts as changed once in
/// a while. Used by one thread at a time.
public final class FolderWatch {
    /// The folders that are watched.
    public let roots: [String]
    #if os(Linux)
        private let notifications: FolderNotifications?
    #endif

    /// After the last change it must have been quiet for so long: files are written in pieces.
    private static let quiet = Duration.milliseconds(700)
    /// Where nobody tells, everything counts as changed so often.
    private static let interval = Duration.seconds(30)

    /// Watches folders and what is in them.
    ///
    /// - Parameters:
    ///   - folders: Paths as a scan gives them (see `MediaPath`).
    ///   - includesHidden: Whether folders whose names begin with a dot are watched.
    public init(folders: [String], includesHidden: Bool = false) {
        roots = folders
        #if os(Linux)
            notifications = FolderNotifications(folders: folders, includesHidden: includesHidden)
        #endif
    }

    /// Whether the system tells of every change at once.
    public var isNotified: Bool {
        #if os(Linux)
            notifications != nil
        #else
            false
        #endif
    }

    /// Waits until something changed and it has been quiet for a moment.
    ///
    /// - Parameter isStopped: Asked several times a second; the wait ends when it says so.
    /// - Returns: The folders in which something changed, each of which is there; empty when the wait was stopped.
    public func changes(isStopped: () -> Bool) -> [String] {
        #if os(Linux)
            if let notifications {
                var changed: Set<String> = []
                var lastChange = ContinuousClock.now
                let start = lastChange
                while !isStopped() {
                    if !notifications.isComplete, start.duration(to: .now) >= Self.interval {
                        return roots.compactMap(existing)
                    }
                    let found = notifications.wait(milliseconds: 200)
                    if !found.isEmpty {
                        changed.formUnion(found)
                        lastChange = .now
                    } else if !changed.isEmpty, lastChange.duration(to: .now) >= Self.quiet {
                        return Self.outermost(changed.compactMap(existing))
                    }
                }
                return []
            }
        #endif
        let start = ContinuousClock.now
        while !isStopped() {
            if start.duration(to: .now) >= Self.interval { return roots.compactMap(existing) }
            usleep(200_000)
        }
        return []
    }

    /// The folder, or the nearest one around it that is still there, within the roots.
    private func existing(_ folder: String) -> String? {
        var folder = folder
        while !FileManager.default.fileExists(atPath: folder) {
            if roots.contains(folder) || folder == "/" { return nil }
            folder = MountPoint.parent(of: folder)
        }
        return folder
    }

    /// The folders that lie in no other of them.
    private static func outermost(_ folders: [String]) -> [String] {
        var result: [String] = []
        for folder in Set(folders).sorted() where !result.contains(where: { folder.hasPrefix($0 + "/") || $0 == "/" }) {
            result.append(folder)
        }
        return result
    }
}
