import Foundation
import GRDB

/// The history of the library's schema. A migration that has shipped is never edited: a change is a new one at the end.
enum Migrations {
    /// Marks the database as Glimpse's own in SQLite's header ("GLMP").
    static let applicationID: Int64 = 0x474C_4D50

    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 contents, files, models, embeddings", migrate: createFirstTables)
        migrator.registerMigration("2 descriptions, roots, volumes", migrate: addDescriptions)
        return migrator
    }

    /// Contents are identified by their bytes and carry the vectors; files are only names of contents.
    ///
    /// Embedding ids are never reused and grow with every commit, and `model.generation` counts deletions and changes:
    /// together they tell a copy of the vectors whether it is whole, lacks only the newest rows, or is worthless.
    private static func createFirstTables(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE library (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    identity BLOB NOT NULL
                ) STRICT;
                CREATE TABLE content (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
                    byteCount INTEGER NOT NULL,
                    width INTEGER NOT NULL,
                    height INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE file (
                    id INTEGER PRIMARY KEY,
                    path TEXT NOT NULL UNIQUE,
                    contentId INTEGER REFERENCES content (id) ON DELETE SET NULL,
                    byteCount INTEGER NOT NULL,
                    modifiedNanoseconds INTEGER NOT NULL,
                    failure TEXT,
                    recordedAt INTEGER NOT NULL,
                    CHECK (contentId IS NULL OR failure IS NULL)
                ) STRICT;
                CREATE INDEX fileOnContent ON file (contentId);
                CREATE INDEX fileOnFailure ON file (path) WHERE failure IS NOT NULL;
                CREATE TABLE model (
                    id INTEGER PRIMARY KEY,
                    fingerprint TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    dimension INTEGER NOT NULL,
                    generation INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                CREATE TABLE embedding (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    contentId INTEGER NOT NULL REFERENCES content (id) ON DELETE CASCADE,
                    modelId INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,
                    vector BLOB NOT NULL,
                    UNIQUE (contentId, modelId)
                ) STRICT;
                CREATE INDEX embeddingOnModel ON embedding (modelId);
                CREATE TRIGGER embeddingDeleted AFTER DELETE ON embedding BEGIN
                    UPDATE model SET generation = generation + 1 WHERE id = OLD.modelId;
                END;
                CREATE TRIGGER embeddingChanged AFTER UPDATE ON embedding BEGIN
                    UPDATE model SET generation = generation + 1 WHERE id IN (OLD.modelId, NEW.modelId);
                END;
                """)
        let identity = withUnsafeBytes(of: UUID().uuid) { Data($0) }
        try db.execute(sql: "INSERT INTO library (id, identity) VALUES (1, ?)", arguments: [identity])
    }

    /// What pictures say of themselves, for filters; the folders that were indexed; and where other disks are mounted.
    ///
    /// `descriptionVersion` is the edition of the code that filled the other columns: contents of an older one are read again. A time of
    /// capture is in seconds since 1970 as if the camera's clock were UTC's. A file below a volume that is not mounted is away, not gone.
    private static func addDescriptions(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE content ADD COLUMN descriptionVersion INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE content ADD COLUMN mediaType TEXT NOT NULL DEFAULT 'photo'
                    CHECK (mediaType IN ('photo', 'video'));
                ALTER TABLE content ADD COLUMN format TEXT;
                ALTER TABLE content ADD COLUMN capturedAt INTEGER;
                ALTER TABLE content ADD COLUMN camera TEXT;
                ALTER TABLE content ADD COLUMN latitude REAL;
                ALTER TABLE content ADD COLUMN longitude REAL;
                ALTER TABLE content ADD COLUMN signature BLOB;
                CREATE INDEX contentOnCapturedAt ON content (capturedAt) WHERE capturedAt IS NOT NULL;
                CREATE TABLE root (
                    path TEXT PRIMARY KEY,
                    recordedAt INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE volume (
                    path TEXT PRIMARY KEY
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
