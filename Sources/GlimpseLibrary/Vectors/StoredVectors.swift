import Foundation
import GRDB

/// The state of a model's vectors in the database: grows with every vector, and starts over when one is deleted or changed.
struct VectorVersion: Hashable, Sendable {
    /// How often a vector was deleted or changed.
    let generation: Int64
    /// The id of the newest embedding, 0 when there is none.
    let lastEmbeddingID: Int64

    /// Whether vectors of this version become those of `newer` by adding rows at the end.
    func isPrefix(of newer: VectorVersion) -> Bool {
        generation == newer.generation && lastEmbeddingID <= newer.lastEmbeddingID
    }
}

/// A model's vectors in one unchanging state of the database, in the order they were recorded.
struct StoredVectors {
    let db: Database
    let modelID: Int64
    let dimension: Int
    let version: VectorVersion

    init(_ db: Database, model: ModelRecord, dimension: Int) throws {
        self.db = db
        self.dimension = dimension
        modelID = model.id
        let last = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT MAX(id) FROM embedding WHERE modelId = ?"), arguments: [model.id])
        version = VectorVersion(generation: model.generation, lastEmbeddingID: last ?? 0)
    }

    /// How many vectors came after an embedding id.
    func count(after id: Int64) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT COUNT(*) FROM embedding WHERE modelId = ? AND id > ?")
        return try Int.fetchOne(statement, arguments: [modelID, id]) ?? 0
    }

    /// Visits the vectors that came after an embedding id, exactly as many as were counted; `body` must not keep the blob.
    ///
    /// - Throws: `DatabaseError` with code `SQLITE_CORRUPT` when there are more or fewer; what `body` throws.
    func forEach(after id: Int64, _ body: (_ contentID: Int64, _ blob: Data?) throws -> Void) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT contentId, vector FROM embedding WHERE modelId = ? AND id > ? ORDER BY id")
        var remaining = try count(after: id)
        let rows = try Row.fetchCursor(statement, arguments: [modelID, id])
        while let row = try rows.next() {
            // An index that disagrees with its table must not lead anyone beyond the memory that was counted for.
            guard remaining > 0 else { throw Self.wrongCount }
            remaining -= 1
            try row.withUnsafeData(atIndex: 1) { try body(row[0], $0) }
        }
        guard remaining == 0 else { throw Self.wrongCount }
    }

    private static var wrongCount: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "embeddings and their index disagree")
    }

    /// The vectors that came after an embedding id, in memory.
    func segment(after id: Int64) throws -> VectorSegment {
        let stride = VectorSegment.stride(ofDimension: dimension)
        return try VectorSegment(count: count(after: id), dimension: dimension) { contentIDs, rows in
            var row = 0
            try forEach(after: id) { contentID, blob in
                contentIDs[row] = contentID
                let values = UnsafeMutableBufferPointer(start: rows + row * stride, count: dimension)
                try VectorBlob.decode(blob, into: values)
                row += 1
            }
        }
    }

    /// Whether the last row of a segment is the vector that has this embedding id.
    func isLastRow(of segment: VectorSegment, embeddingID: Int64) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT contentId, vector FROM embedding WHERE modelId = ? AND id = ?")
        guard segment.count > 0, let row = try Row.fetchOne(statement, arguments: [modelID, embeddingID]) else {
            return false
        }
        guard row[0] == segment.contentIDs[segment.count - 1] else { return false }
        var stored = [Float](repeating: 0, count: dimension)
        try stored.withUnsafeMutableBufferPointer { try VectorBlob.decode(row[1], into: $0) }
        let last = segment.rows + (segment.count - 1) * VectorSegment.stride(ofDimension: dimension)
        // Bit by bit: in a damaged vector there may be numbers that do not even equal themselves.
        return stored.elementsEqual(UnsafeBufferPointer(start: last, count: dimension)) {
            $0.bitPattern == $1.bitPattern
        }
    }
}
