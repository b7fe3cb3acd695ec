import GRDB
import GlimpseModels

/// A model as the library knows it.
struct ModelRecord {
    let id: Int64
    /// How often one of its vectors was deleted or changed: a copy of the vectors from another generation is worthless.
    let generation: Int64

    /// Finds the model by its fingerprint; nil when nothing was recorded with it yet.
    ///
    /// - Throws: `LibraryError` with code `invalidVector` when the library has vectors of another length from it.
    static func find(_ model: ModelIdentity, in db: Database) throws -> ModelRecord? {
        let statement = try db.cachedStatement(sql: "SELECT id, generation, dimension FROM model WHERE fingerprint = ?")
        guard let row = try Row.fetchOne(statement, arguments: [model.fingerprint]) else { return nil }
        let dimension: Int = row[2]
        guard dimension == model.dimension else {
            throw LibraryError(
                .invalidVector,
                "the vectors of model \(model.name) have \(model.dimension) numbers, the library has \(dimension) each",
                location: "model \(model.fingerprint)", remedy: "Use the model folder the library was made with.")
        }
        return ModelRecord(id: row[0], generation: row[1])
    }

    /// Finds the model or adds it.
    static func findOrInsert(_ model: ModelIdentity, in db: Database) throws -> ModelRecord {
        if let record = try find(model, in: db) { return record }
        try db.execute(
            sql: "INSERT INTO model (fingerprint, name, dimension) VALUES (?, ?, ?)",
            arguments: [model.fingerprint, model.name, model.dimension])
        return ModelRecord(id: db.lastInsertedRowID, generation: 0)
    }
}
