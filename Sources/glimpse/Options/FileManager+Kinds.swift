import Foundation

extension FileManager {
    /// Whether a path names a file, not a folder.
    func isFile(atPath path: String) -> Bool { isFolderIfExists(atPath: path) == false }

    /// Whether a path names a folder.
    func isFolder(atPath path: String) -> Bool { isFolderIfExists(atPath: path) == true }

    private func isFolderIfExists(atPath path: String) -> Bool? {
        var isFolder: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isFolder) ? isFolder.boolValue : nil
    }
}
