public import Foundation

/// Where Glimpse keeps what is the user's: XDG folders on Linux, Application Support and Caches on macOS.
public struct StandardFolders: Sendable {
    /// Models and the default library are below this folder.
    public let data: URL
    /// What can be made again is below this folder; the user may empty it at any time.
    public let cache: URL

    /// Reads the environment once.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home = FileManager.default.homeDirectoryForCurrentUser
        #if os(macOS)
            data = home.appending(path: "Library/Application Support/Glimpse")
            cache = home.appending(path: "Library/Caches/Glimpse")
        #else
            func folder(_ variable: String, orBelowHome path: String) -> URL {
                // The XDG specification says to ignore a relative path.
                let root = environment[variable].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
                return (root ?? home.appending(path: path)).appending(path: "glimpse")
            }
            data = folder("XDG_DATA_HOME", orBelowHome: ".local/share")
            cache = folder("XDG_CACHE_HOME", orBelowHome: ".cache")
        #endif
    }

    /// Where models are installed, a folder each.
    public var models: URL { data.appending(path: "models") }
    /// The library that is used when none is named.
    public var library: URL { data.appending(path: "library") }
}
