import Foundation
import GRDB
import GlimpseModels
import Synchronization

extension MediaLibrary {
    /// Reads everything and holds it against everything else: the database's own structure, every vector, and the copies of the vectors that
    /// searches read.
    ///
    /// - Parameter isRepairing: Whether to set right what can be: vectors that are no vectors are forgotten, so that the next indexing
    ///   makes them anew, and copies that disagree with the database are written again.
    /// - Throws: `LibraryError` when the database is too damaged to be read.
    /// - Complexity: O(library).
    public func check(isRepairing: Bool = false) throws(LibraryError) -> LibraryCheck {
        var check = LibraryCheck()
        let structure = try read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
                + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map {
                    "a row of \($0[0] as String) refers to nothing"
                }
        }
        for message in structure { check.add("the database: \(message)", isRepaired: false) }
        // Vectors in a damaged database prove nothing.
        guard structure.isEmpty else { return check }
        for model in try statistics().models.map(\.model) {
            try checkVectors(of: model, isRepairing: isRepairing, &check)
            try checkFile(of: model, isRepairing: isRepairing, &check)
        }
        return check
    }

    /// Vectors have the model's length, and finite numbers.
    private func checkVectors(
        of model: ModelIdentity, isRepairing: Bool, _ check: inout LibraryCheck
    ) throws(LibraryError) {
        let wrong = try read { db -> [Int64] in
            guard let record = try ModelRecord.find(model, in: db) else { return [] }
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, vector FROM embedding WHERE modelId = ?", arguments: [record.id])
            var wrong: [Int64] = []
            var values = [Float](repeating: 0, count: model.dimension)
            while let row = try rows.next() {
                let blob: Data = row[1]
                guard blob.count == 4 * model.dimension else {
                    wrong.append(row[0])
                    continue
                }
                try values.withUnsafeMutableBufferPointer { try VectorBlob.decode(blob, into: $0) }
                if !values.allSatisfy(\.isFinite) { wrong.append(row[0]) }
            }
            return wrong
        }
        guard !wrong.isEmpty else { return }
        if isRepairing {
            try write { db in
                for id in wrong { try db.execute(sql: "DELETE FROM embedding WHERE id = ?", arguments: [id]) }
            }
        }
        check.add(
            "\(wrong.count) of the vectors of \(model.name) are damaged"
                + (isRepairing ? "; index again to make them anew" : ""),
            isRepaired: isRepairing)
    }

    /// The copy has the database's vectors bit by bit, as far as it goes.
    private func checkFile(
        of model: ModelIdentity, isRepairing: Bool, _ check: inout LibraryCheck
    ) throws(LibraryError) {
        let file = vectorFile(of: model)
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        let difference = try read { db -> String? in
            guard let record = try ModelRecord.find(model, in: db) else { return nil }
            let stored = try StoredVectors(db, model: record, dimension: model.dimension)
            // A copy of an older state is replaced when it is next read, as is one whose header is damaged.
            guard let (segment, version) = file.load(), version.isPrefix(of: stored.version) else { return nil }
            let difference = try segment.firstDifference(from: stored)
            check.vectorCount += segment.count
            return difference
        }
        guard let difference else { return }
        if isRepairing {
            do {
                try file.remove()
            } catch {
                throw LibraryError(translating: error, at: file.path)
            }
            vectorKeepers.withLock { $0[model.fingerprint] = nil }
            try prepareSearch(model: model)
        }
        check.add("the copy of the vectors of \(model.name): \(difference)", isRepaired: isRepairing)
    }
}

extension VectorSegment {
    /// Where the rows, or the rounded ones, are not what the database has; nil when they are.
    fileprivate func firstDifference(from stored: StoredVectors) throws -> String? {
        let dimension = stored.dimension
        let stride = Self.stride(ofDimension: dimension)
        let quantizedStride = QuantizedRows.stride(ofDimension: dimension)
        var values = [Float](repeating: 0, count: dimension)
        var integers = [Int8](repeating: 0, count: quantizedStride)
        var row = 0
        var difference: String?
        try stored.forEach(after: 0) { contentID, blob in
            defer { row += 1 }
            guard difference == nil, row < count else { return }
            try values.withUnsafeMutableBufferPointer { try VectorBlob.decode(blob, into: $0) }
            guard contentIDs[row] == contentID else {
                difference = "row \(row) belongs to another picture"
                return
            }
            let isEqual = values.indices.allSatisfy { values[$0].bitPattern == rows[row * stride + $0].bitPattern }
            guard isEqual else {
                difference = "row \(row) is not the vector in the database"
                return
            }
            guard let quantized else { return }
            let rounding = integers.withUnsafeMutableBufferPointer { integers in
                values.withUnsafeBufferPointer { QuantizedRows.quantize($0, into: integers) }
            }
            let start = quantized.integers + row * quantizedStride
            // Bit by bit: the scale of a vector that is damaged in the database, too, is not a number.
            let isEqualScale = rounding.scale.bitPattern == quantized.scales[row].bitPattern
            if !isEqualScale || !integers.indices.allSatisfy({ integers[$0] == start[$0] }) {
                difference = "row \(row) was rounded to something else"
            }
        }
        return difference ?? (row < count ? "it has \(count) rows, the database \(row)" : nil)
    }
}
