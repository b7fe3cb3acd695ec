/// The directories that hold the fields of EXIF, in files whose EXIF libvips does not read.
struct ExifDirectories {
    private let directories: [ExifField.Directory: TiffDirectory]

    /// The directories that a TIFF file, or a raw photograph built like one, names.
    init(of file: TiffFile) throws {
        let main = try file.mainDirectory()
        self.init(
            main: main, exif: try main?.subdirectory(.exifDirectory), gps: try main?.subdirectory(.gpsDirectory))
    }

    /// Directories found elsewhere.
    init(main: TiffDirectory? = nil, exif: TiffDirectory? = nil, gps: TiffDirectory? = nil) {
        directories = [.main: main, .exif: exif, .gps: gps].compactMapValues(\.self)
    }

    /// How the picture is stored, if it says so.
    func orientation() throws -> Orientation? {
        try directories[.main]?.integer(.orientation).flatMap(Orientation.init)
    }

    /// The texts of the fields that there are.
    func fields() throws -> [ExifField: String] {
        var fields: [ExifField: String] = [:]
        for field in ExifField.allCases {
            let place = field.place
            fields[field] = try directories[place.directory]?.text(place.tag)
        }
        return fields
    }
}
