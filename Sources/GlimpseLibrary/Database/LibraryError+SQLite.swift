import Foundation
import GRDB

extension LibraryError {
    /// Says what an error of the database means to the person whose library it is.
    ///
    /// - Parameters:
    ///   - error: What the database layer threw; a `LibraryError` is passed on as it is.
    ///   - path: The path of the database.
    package init(translating error: any Error, at path: String) {
        if let error = error as? LibraryError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.database, error.localizedDescription, location: path)
            return
        }
        let detail = error.message.map { " (SQLite: \($0))" } ?? ""
        switch error.extendedResultCode {
        case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE:
            self.init(
                .diskFull, "the disk is full", location: path,
                remedy: "Free space and run again; what was indexed is kept.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .corrupt, "the library is damaged or is not a database" + detail, location: path,
                remedy: "Move this file and those beside it whose names begin the same out of the folder, "
                    + "then index again: pictures are never changed, only their vectors are computed anew.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .locked, "another process keeps the library busy", location: path,
                remedy: "Wait until it has finished, or stop it, and run again.")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .cannotOpen, "the library cannot be opened for writing" + detail, location: path,
                remedy: "Check that you own the folder and may write to it, and that its disk is not mounted read-only."
            )
        case .SQLITE_IOERR:
            self.init(
                .cannotOpen, "the disk failed to read or write the library" + detail, location: path,
                remedy: "Check the disk and run again; what was indexed before is kept.")
        default:
            self.init(.database, "the database refused" + detail, location: path)
        }
    }
}
