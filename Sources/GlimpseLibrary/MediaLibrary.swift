public import Foundation
package import GRDB
import Synchronization

/// A person's pictures: which files there are, which contents they hold, and where each model puts those contents.
///
/// A library is a folder. `library.sqlite` in it is the truth; `vectors/` holds copies of the vectors in a form that is
/// fast to scan, and may be deleted at any time. Contents are known by their SHA-256, so that a file that was renamed or
/// copied is not embedded again.
///
/// Any number of threads and processes may use a library at once: SQLite lets readers go on while one writes. Every
/// change is one transaction, so that a process may be killed at any moment and run again. All functions block the
/// calling thread while they work.
public final class MediaLibrary: Sendable {
    /// The folder that holds the library.
    public let folder: URL
    package let pool: DatabasePool
    /// Tells the copies of this library's vectors from those of another, 16 bytes.
    let identity: [UInt8]
    /// By model fingerprint, what keeps the vectors of a model in memory.
    let vectorKeepers = Mutex<[String: VectorKeeper]>([:])

    /// Opens the library in `folder`, and creates both when they are missing; a folder it creates is the user's alone.
    ///
    /// - Throws: `LibraryError`: `notADirectory` when a file is in the way, `cannotOpen` without permission, `corrupt`
    ///   when `library.sqlite` is damaged or no database, `notALibrary` when it is another program's database,
    ///   `newerSchema` when a later version of Glimpse wrote it, `locked`, `diskFull`.
    public init(folder: URL) throws(LibraryError) {
        let folder = folder.standardizedFileURL
        let path = folder.path(percentEncoded: false)
        let database = Self.database(in: folder)
        do {
            try Self.createFolder(at: path)
            let lock = folder.appending(path: "library.lock").path(percentEncoded: false)
            // Two processes that create the library at once would both begin its first migration.
            (pool, identity) = try FileLock.withLock(at: lock) {
                try Self.createPrivateFile(at: database)
                return try Self.openDatabase(at: database)
            }
        } catch {
            throw LibraryError(translating: error, at: database)
        }
        self.folder = folder
    }

    /// Whether there is a library in `folder`; it is not opened.
    public static func exists(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: database(in: folder))
    }

    private static func database(in folder: URL) -> String {
        folder.appending(path: "library.sqlite").path(percentEncoded: false)
    }

    private static func createFolder(at path: String) throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw LibraryError(
                    .notADirectory, "the library needs a folder, this is a file", location: path,
                    remedy: "Choose another folder.")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw LibraryError(
                .cannotOpen, "cannot create the library's folder: \(error.localizedDescription)", location: path,
                remedy: "Choose a folder whose parent you may write to.")
        }
    }

    /// SQLite gives its other files the permissions of this one.
    private static func createPrivateFile(at path: String) throws {
        // An existing database is never opened here: closing it would drop the locks SQLite holds on it in this process.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw LibraryError(systemError: errno, action: "create the library", path: path)
        }
    }

    private static func openDatabase(at path: String) throws -> (DatabasePool, identity: [UInt8]) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            if !db.configuration.readonly { try claim(db, path: path) }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        let migrations = Migrations.all
        guard try !pool.read(migrations.hasBeenSuperseded) else {
            throw LibraryError(
                .newerSchema, "a newer version of Glimpse wrote this library", location: path,
                remedy: "Update Glimpse, or choose another folder for the library.")
        }
        try migrations.migrate(pool)
        guard let identity = try pool.read({ try Data.fetchOne($0, sql: "SELECT identity FROM library") }) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the library has lost its identity")
        }
        return (pool, Array(identity))
    }

    /// Marks an empty database as Glimpse's, and refuses one with the tables of another program before changing it.
    private static func claim(_ db: Database, path: String) throws {
        guard try Int64.fetchOne(db, sql: "PRAGMA application_id") != Migrations.applicationID else { return }
        guard try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") == 0 else {
            throw LibraryError(
                .notALibrary, "this database belongs to another program", location: path,
                remedy: "Choose another folder for the library.")
        }
        // A vector of 512 numbers takes 2 kB: seven fit a page of 16 kB, only one a page of SQLite's usual 4 kB.
        try db.execute(sql: "PRAGMA page_size = 16384")
        try db.execute(sql: "PRAGMA application_id = \(Migrations.applicationID)")
    }

    /// Runs `body` on one unchanging state of the library.
    func read<Result>(_ body: (Database) throws -> Result) throws(LibraryError) -> Result {
        do {
            return try pool.read(body)
        } catch {
            throw LibraryError(translating: error, at: pool.path)
        }
    }

    /// Runs `body` as one transaction: all of it is kept or nothing.
    func write<Result>(_ body: (Database) throws -> Result) throws(LibraryError) -> Result {
        do {
            return try pool.write(body)
        } catch {
            throw LibraryError(translating: error, at: pool.path)
        }
    }
}
