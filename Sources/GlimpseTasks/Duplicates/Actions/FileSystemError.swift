internal import Foundation
internal import GlimpseLibrary

/// What is the matter with one file, so that nothing happened to it: an obstacle, never a reason to stop.
package struct FileSystemError: Error, CustomStringConvertible {
    package let description: String

    /// Takes the reason from `errno`.
    init(_ action: String, _ path: String) {
        description = "cannot \(action) (\(path)): \(String(cString: strerror(errno)))"
    }

    init(message: String) { description = message }
}

extension ContentHash {
    /// Hashes a file that something is about to happen to.
    static func reading(_ path: String) throws(FileSystemError) -> ContentHash {
        do {
            return try ContentHash(ofFileAt: path)
        } catch {
            throw FileSystemError(message: error.description)
        }
    }
}
