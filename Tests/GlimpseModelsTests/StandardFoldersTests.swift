import Foundation
import GlimpseModels
import Testing

#if !os(macOS)
    /// Where the XDG specification puts things.
    struct StandardFoldersTests {
        private func paths(_ environment: [String: String]) -> [String] {
            let folders = StandardFolders(environment: environment)
            return [folders.data, folders.cache].map { $0.path(percentEncoded: false) }
        }

        @Test func theEnvironmentNamesThem() {
            #expect(paths(["XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/c"]) == ["/d/glimpse", "/c/glimpse"])
        }

        @Test(arguments: [
            [:], ["XDG_DATA_HOME": "d", "XDG_CACHE_HOME": "c"], ["XDG_DATA_HOME": "", "XDG_CACHE_HOME": ""],
        ])
        func withoutAnAbsolutePathTheyAreBelowHome(environment: [String: String]) {
            let found = paths(environment)
            #expect(found[0].hasSuffix("/.local/share/glimpse") && found[0].hasPrefix("/"))
            #expect(found[1].hasSuffix("/.cache/glimpse") && found[1].hasPrefix("/"))
        }
    }
#endif
