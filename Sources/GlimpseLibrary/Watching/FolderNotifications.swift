#if os(Linux)
    import Foundation
    import Glibc

    /// The system's notices of changes in folders (inotify(7)): a watch for every folder.
    final class FolderNotifications {
        private let descriptor: Int32
        private let includesHidden: Bool
        private let roots: [String]
        private var folders: [Int32: String] = [:]
        /// Whether every folder is watched; the system may have no room for new ones.
        private(set) var isComplete = true

        private static let events = UInt32(
            IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR)
        private static let headerByteCount = MemoryLayout<inotify_event>.size

        /// Watches folders and all in them; nil when the system has not enough watches (`fs.inotify.max_user_watches`).
        init?(folders: [String], includesHidden: Bool) {
            descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
            self.includesHidden = includesHidden
            roots = folders
            guard descriptor >= 0, folders.allSatisfy(watch) else { return nil }
        }

        deinit { close(descriptor) }

        /// Waits for changes.
        ///
        /// - Returns: The folders in which something changed; all roots when the system could not keep up.
        func wait(milliseconds: Int32) -> Set<String> {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, milliseconds) > 0 else { return [] }
            var changed: Set<String> = []
            withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: MemoryLayout<inotify_event>.alignment) {
                buffer in
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                var offset = 0
                while offset + Self.headerByteCount <= count {
                    let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let name = UnsafeRawBufferPointer(buffer)[offset + Self.headerByteCount..<count].prefix(
                        Int(event.len)
                    )
                    .prefix { $0 != 0 }
                    handle(event, name: String(decoding: name, as: UTF8.self), &changed)
                    offset += Self.headerByteCount + Int(event.len)
                }
            }
            return changed
        }

        private func handle(_ event: inotify_event, name: String, _ changed: inout Set<String>) {
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { changed.formUnion(roots) }
            guard let folder = folders[event.wd] else { return }
            if event.mask & UInt32(IN_IGNORED) != 0 {
                folders[event.wd] = nil
                return
            }
            let isHidden = name.hasPrefix(".") && !includesHidden
            guard !isHidden else { return }
            let isFolder = event.mask & UInt32(IN_ISDIR) != 0
            if isFolder, event.mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 {
                // What was written before the watch began shows in the scan of the new folder.
                if !watch(folder == "/" ? "/" + name : folder + "/" + name) { isComplete = false }
            }
            // A file that is being written tells again when it is closed.
            if isFolder || event.mask & UInt32(IN_CREATE) == 0 { changed.insert(folder) }
        }

        /// Watches a folder and those in it; false when the system has no room for more.
        private func watch(_ folder: String) -> Bool {
            var pending = [folder]
            while let folder = pending.popLast() {
                let watch = inotify_add_watch(descriptor, folder, Self.events)
                guard watch >= 0 else {
                    // What vanished meanwhile, or may not be read, is none of ours.
                    if errno == ENOSPC { return false }
                    continue
                }
                folders[watch] = folder
                // Nothing in a folder that may not be read can be indexed.
                guard let entries = try? FolderEntry.all(in: folder, includingHidden: includesHidden) else { continue }
                for entry in entries where entry.kind == .folder || entry.kind == .unknown {
                    guard let name = entry.name else { continue }
                    pending.append(folder == "/" ? "/" + name : folder + "/" + name)
                }
            }
            return true
        }
    }
#endif
