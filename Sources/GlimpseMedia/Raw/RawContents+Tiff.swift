extension TiffFile {
    /// Whether this is a raw photograph rather than a picture: a DNG, or a camera's file with values of a colour filter
    /// array.
    ///
    /// The first bytes of NEF, ARW, DNG, PEF and SRW are those of any TIFF.
    func holdsRawPhotograph() throws -> Bool {
        guard let main = try mainDirectory() else { return false }
        if main.has(.dngVersion) { return true }
        guard main.has(.make) else { return false }
        return try directories().contains { try $0.holdsSensorData() }
    }
}

extension TiffDirectory {
    /// Whether the picture is what a sensor saw: behind a filter array, or linear light.
    fileprivate func holdsSensorData() throws -> Bool {
        [32_803, 34_892].contains(try integer(.photometricInterpretation))
    }

    /// The places of JPEGs in the picture of this directory: by tags of their own, or as its only strip.
    fileprivate func previews() throws -> [Range<Int>] {
        var found: [Range<Int>] = []
        if let offset = try integer(.jpegOffset), let count = try integer(.jpegByteCount) {
            found.append(file.place(offset)..<file.place(offset) + count)
        }
        let (strips, counts) = (try integers(.stripOffsets), try integers(.stripByteCounts))
        if [6, 7].contains(try integer(.compression)), strips.count == 1, counts.count == 1, try !holdsSensorData() {
            found.append(file.place(strips[0])..<file.place(strips[0]) + counts[0])
        }
        // Panasonic's is the value of a tag.
        if let range = range(.jpegFromRaw) { found.append(range) }
        return found
    }
}

extension RawContents {
    /// Any directory may have a preview; Olympus has it in the maker's notes.
    mutating func readTiff(_ file: TiffFile) throws {
        exif = try ExifDirectories(of: file)
        for directory in try file.directories() { previews += try directory.previews() }
        if let preview = try Self.olympusPreview(file) { previews.append(preview) }
    }

    /// The notes have a head of their own, then a directory in which 0x2020 leads to that of the camera's settings,
    /// where 0x101 and 0x102 tell the preview's offset and length. Offsets count from the head.
    private static func olympusPreview(_ file: TiffFile) throws -> Range<Int>? {
        guard let exif = try file.mainDirectory()?.subdirectory(.exifDirectory),
            let note = exif.range(.makerNote)
        else { return nil }
        let head = try file.bytes.read(at: note.lowerBound, count: 16)
        let length = head.starts(with: "OLYMPUS\0".utf8) ? 12 : head.starts(with: "OM SYSTEM\0".utf8) ? 16 : 0
        guard length > 0, head.count == 16, let order = TiffFile.order(head[(length - 4)...]) else { return nil }
        let notes = TiffFile(file.bytes, order: order, start: note.lowerBound, firstDirectory: length)
        guard let settings = try notes.mainDirectory()?.subdirectory(.olympusSettings),
            let offset = try settings.integer(.olympusPreviewOffset),
            let count = try settings.integer(.olympusPreviewByteCount)
        else { return nil }
        return notes.place(offset)..<notes.place(offset) + count
    }
}
