import Foundation

/// The file that keeps a model's vectors ready for scanning: `vectors/<fingerprint>.f32` beside the database.
///
/// It is only ever replaced as a whole, by renaming a finished file over it, so that whoever reads or maps it sees all of
/// one version; and it is believed only when its header fits in every respect.
struct VectorFile: Sendable {
    let folder: String
    let library: [UInt8]
    let modelFingerprint: String
    let dimension: Int

    var path: String { folder + "/" + name + ".f32" }
    private var lockPath: String { folder + "/lock" }

    /// The fingerprint where it can be a file name, a digest of it where it cannot.
    private var name: String {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
        if (1...128).contains(modelFingerprint.utf8.count), modelFingerprint.utf8.allSatisfy(allowed.contains) {
            return modelFingerprint
        }
        return Array(modelFingerprint.utf8).withUnsafeBytes { ContentHash(of: $0).description }
    }

    /// Maps the file; nil when there is none or there is any doubt about it.
    func load() -> (segment: VectorSegment, version: VectorVersion)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var isTaken = false
        defer { if !isTaken { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0, FileStatus(status).kind == .file else { return nil }
        let byteCount = Int(status.st_size)
        guard byteCount >= VectorFileHeader.byteCount else { return nil }
        guard
            let region = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), region != MAP_FAILED
        else { return nil }
        let bytes = UnsafeRawBufferPointer(start: region, count: byteCount)
        guard
            let header = VectorFileHeader(
                of: bytes, library: library, modelFingerprint: modelFingerprint, dimension: dimension)
        else {
            munmap(region, byteCount)
            return nil
        }
        let layout = VectorFileLayout(count: header.count, dimension: dimension)
        // Of a large file the rounded rows are read from end to end, which the system notices, and few of the others.
        if !layout.isQuantized { madvise(region, byteCount, MADV_WILLNEED) }
        isTaken = true
        let segment = VectorSegment(
            mapped: region, of: descriptor, layout, quantizationError: header.quantizationError)
        return (segment, header.version)
    }

    /// Deletes the file, so that it is written anew.
    func remove() throws {
        try withLock {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw LibraryError(systemError: errno, action: "delete a file of vectors", path: path)
            }
        }
    }

    /// Keeps other writers of any model's file out while `body` runs; creates the folder when it is missing.
    func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw LibraryError(systemError: errno, action: "create a folder", path: folder)
        }
        return try FileLock.withLock(at: lockPath, body)
    }

    /// Replaces the file. The caller holds the lock.
    ///
    /// - Parameters:
    ///   - count: The number of rows.
    ///   - version: The version of the vectors.
    ///   - fill: Appends exactly `count` rows.
    func replace(count: Int, version: VectorVersion, fill: (inout VectorFileWriter) throws -> Void) throws {
        let partial = path + ".partial"
        do {
            var writer = try VectorFileWriter(
                path: partial, layout: VectorFileLayout(count: count, dimension: dimension), dimension: dimension)
            try fill(&writer)
            try writer.finish { quantizationError in
                VectorFileHeader(
                    library: library, modelFingerprint: modelFingerprint, dimension: dimension, count: count,
                    version: version, quantizationError: quantizationError)
            }
            guard rename(partial, path) == 0 else {
                throw LibraryError(systemError: errno, action: "rename a file of vectors", path: path)
            }
        } catch {
            unlink(partial)
            throw error
        }
    }
}
