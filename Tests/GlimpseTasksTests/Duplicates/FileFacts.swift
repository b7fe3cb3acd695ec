import Foundation

/// What a file system says of a file besides its bytes.
struct FileFacts: Equatable {
    let seconds: Int
    let nanoseconds: Int
    let mode: UInt32

    init(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        seconds = Int(modified.tv_sec)
        nanoseconds = Int(modified.tv_nsec)
        mode = UInt32(status.st_mode)
    }

    /// Makes a file as old and as open as few are by themselves.
    ///
    /// - Parameter number: makes files differ, up to 7.
    static func change(_ path: String, number: Int) throws {
        let time = Date(timeIntervalSince1970: 1_000_000_000.25 + Double(number))
        try FileManager.default.setAttributes(
            [.modificationDate: time, .posixPermissions: 0o640 + number], ofItemAtPath: path)
    }
}
