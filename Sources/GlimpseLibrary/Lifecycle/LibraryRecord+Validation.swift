extension LibraryRecord {
    /// Up to a terabyte: the lengths of millions of files have a sum.
    private static let byteCounts: ClosedRange<Int64> = 0...(1 << 40)
    /// Zero where nobody looked yet; two sides have a product.
    private static let sides = 0...(1 << 30)
    /// The years 1 to 9999, in seconds since 1970: two times have a difference.
    private static let times: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// The digest of the content, once it is known that the record can be one of a library's, whoever wrote it.
    ///
    /// - Throws: `LibraryError` with code `invalidRecord`.
    func validatedHash() throws(LibraryError) -> ContentHash {
        guard let hash = ContentHash(hexadecimal: sha256) else { throw refusal("that is no SHA-256") }
        try demand(Self.byteCounts.contains(byteCount), "a length of \(byteCount) bytes")
        try demand(
            Self.sides.contains(width) && Self.sides.contains(height), "a size of \(width) × \(height) pixels")
        if let capturedAt { try demand(Self.times.contains(capturedAt), "taken \(capturedAt) seconds after 1970") }
        for file in files {
            try demand(
                MediaPath.isStandardized(file.path),
                "the path \"\(file.path)\", expected an absolute one without \".\", \"..\" and doubled slashes")
            try demand(Self.byteCounts.contains(file.byteCount), "a file of \(file.byteCount) bytes")
        }
        return hash
    }

    private func demand(_ holds: Bool, _ message: String) throws(LibraryError) {
        if !holds { throw refusal(message) }
    }

    /// What keeps the record out of a library.
    private func refusal(_ message: String) -> LibraryError {
        LibraryError(.invalidRecord, "the record \"\(sha256)\": \(message)", location: files.first?.path)
    }
}
