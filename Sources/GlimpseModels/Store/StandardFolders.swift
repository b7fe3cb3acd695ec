public import Foundation

/// Where Glimpse keeps what is the user's: XDG folders on Linux, Application Support on macOS.
public struct StandardFolders: Sendable {
    /// Models and the default library are below this folder.
    public let data: URL

    /// Reads the environment once.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home = FileManager.default.homeDirectoryForCurrentUser
        #if os(macOS)
            data = home.appending(path: "Library/Application Support/Glimpse")
        #else
            // The XDG specification says to ignore a relative path.
            let root = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
            data = (root ?? home.appending(path: ".local/share")).appending(path: "glimpse")
        #endif
    }

    /// Where models are installed, a folder each.
    public var models: URL { data.appending(path: "models") }
    /// The library that is used when none is named.
    public var library: URL { data.appending(path: "library") }
}
