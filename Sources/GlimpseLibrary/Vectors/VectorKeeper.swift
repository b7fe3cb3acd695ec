import Foundation
import GRDB
import GlimpseModels
import Synchronization

/// Keeps one model's vectors in memory and in their file, and brings both up to date before they are scanned.
final class VectorKeeper: Sendable {
    private struct State {
        var matrix: VectorMatrix?
        /// False once the file could not be written: the vectors then stay in memory for as long as the library is open.
        var writesFile = true
    }

    private let file: VectorFile
    private let dimension: Int
    private let state = Mutex(State())

    init(file: VectorFile) {
        self.file = file
        dimension = file.dimension
    }

    /// The vectors as the database has them, or newer.
    ///
    /// - Parameter isTidying: Whether now is a good time to write the file anew for fewer rows than usual.
    /// - Throws: What the database throws. A file that cannot be written is no error.
    func matrix(_ stored: StoredVectors, isTidying: Bool = false) throws -> VectorMatrix {
        try state.withLock { state in
            if let matrix = state.matrix, stored.version.isPrefix(of: matrix.version), !isTidying { return matrix }
            var matrix = try startingPoint(stored, &state)
            if matrix.version != stored.version {
                matrix = matrix.appending(
                    try stored.segment(after: matrix.version.lastEmbeddingID), version: stored.version)
            }
            if state.writesFile, matrix.tailCount > Self.longestTail(of: matrix, isTidying: isTidying) {
                matrix = try rewriteFile(matrix, &state)
            }
            state.matrix = matrix
            return matrix
        }
    }

    /// How many rows may lie outside the file: writing it anew is put off until it is worth it, so that the cost of all
    /// writing stays in proportion to the number of rows.
    private static func longestTail(of matrix: VectorMatrix, isTidying: Bool) -> Int {
        max(1024, matrix.count / (isTidying ? 64 : 16))
    }

    /// Vectors of this generation to which at most new rows have to be added: from memory, the file, or the database.
    private func startingPoint(_ stored: StoredVectors, _ state: inout State) throws -> VectorMatrix {
        if let matrix = state.matrix, matrix.version.isPrefix(of: stored.version) { return matrix }
        // The old matrix may be large: it goes before another one comes.
        state.matrix = nil
        let empty = VectorMatrix(
            dimension: dimension,
            version: VectorVersion(generation: stored.version.generation, lastEmbeddingID: 0), segments: [])
        guard stored.version.lastEmbeddingID > 0 else { return empty }
        if let matrix = try loadFile(stored) { return matrix }
        guard state.writesFile else { return empty }
        return try writing(&state) {
            // Another process may have written it while this one waited for the lock.
            if let matrix = try loadFile(stored) { return matrix }
            try file.replace(count: try stored.count(after: 0), version: stored.version) { writer in
                try stored.forEach(after: 0) { contentID, blob in
                    try writer.append(contentID: contentID) { try VectorBlob.decode(blob, into: $0) }
                }
            }
            return try loadFile(stored)
        } ?? empty
    }

    /// Puts all rows into the file and maps it, so that the memory of the newer ones is free again.
    private func rewriteFile(_ matrix: VectorMatrix, _ state: inout State) throws -> VectorMatrix {
        try writing(&state) {
            try file.replace(count: matrix.count, version: matrix.version) { writer in
                for segment in matrix.segments { try writer.append(segment) }
            }
            guard let loaded = file.load(), loaded.version == matrix.version else { return nil }
            return VectorMatrix(dimension: dimension, version: loaded.version, segments: [loaded.segment])
        } ?? matrix
    }

    /// Runs `body` under the file's lock; nil, and no further attempt, when the file cannot be written.
    private func writing(_ state: inout State, _ body: () throws -> VectorMatrix?) throws -> VectorMatrix? {
        do {
            return try file.withLock(body)
        } catch is LibraryError {
            // A full disk or a folder that is read-only must not keep anyone from searching.
            state.writesFile = false
            return nil
        }
    }

    private func loadFile(_ stored: StoredVectors) throws -> VectorMatrix? {
        guard
            let (segment, version) = file.load(), version.isPrefix(of: stored.version),
            // Finds out a library that was restored from a backup and has since grown other rows with the same ids.
            try stored.isLastRow(of: segment, embeddingID: version.lastEmbeddingID)
        else { return nil }
        return VectorMatrix(dimension: dimension, version: version, segments: [segment])
    }
}
