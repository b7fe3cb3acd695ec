/// Which file names promise a camera's raw photograph.
enum RawExtensions {
    /// The extensions, in lower case and without the dot.
    static let all: Set<String> = [
        "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "iiq", "k25", "kdc", "mef", "mos", "mrw", "nef",
        "nrw",
        "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
    ]

    /// Whether the name ends in one of the extensions, in whatever case.
    static func matches(_ path: String) -> Bool {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return all.contains(path[path.utf8.index(after: dot)...].lowercased())
    }
}
