import Foundation

/// The form in which paths are compared and stored.
public enum MediaPath {
    /// Makes a path absolute and takes out `.`, `..` and doubled slashes; links stay as they are unless `..` follows one.
    ///
    /// - Parameter path: A path; a relative one starts at the current directory.
    /// - Throws: `LibraryError` with code `missing` when the path is empty, or has `..` and leads nowhere.
    public static func standardized(_ path: String) throws(LibraryError) -> String {
        guard !path.isEmpty else {
            throw LibraryError(.missing, "an empty path", remedy: "Name a file or a folder.")
        }
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        let components = absolute.split(separator: "/").filter { $0 != "." }
        guard components.contains("..") else { return "/" + components.joined(separator: "/") }
        // Where `..` leads depends on the links before it: only the file system knows.
        guard let resolved = realpath(absolute, nil) else { throw LibraryError(reading: path, systemError: errno) }
        defer { free(resolved) }
        guard let result = String(validatingCString: resolved) else { throw .nameIsNotText(path) }
        return result
    }

    /// Whether a path has the form in which files are stored; nothing is looked up.
    static func isStandardized(_ path: String) -> Bool {
        let slash = UInt8(ascii: "/")
        // Bytes, as the file system sees them: a slash and an accent are one character.
        return path.utf8.first == slash && !path.utf8.contains(0)
            && path.utf8.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    }
}

extension LibraryError {
    /// A name that cannot be stored as text, and so could not be found again.
    static func nameIsNotText(_ path: String) -> LibraryError {
        LibraryError(
            .unreadable, "the name is not valid UTF-8", location: path, remedy: "Rename it to have it indexed.")
    }
}
