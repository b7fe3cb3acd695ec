import Foundation
import GlimpseResources
import GlimpseServer
import TestSupport
import Testing

/// The page in the program is the page in its folder.
struct PageFilesTests {
    private static let folder = Fixtures.package.appending(path: "Sources/GlimpseServer/Resources/web")

    private static func names() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)))
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// What a file names of the others.
    private static func references(in name: String) throws -> Set<String> {
        let text = try text(name)
        if name.hasSuffix(".html") {
            return Set(text.matches(of: /(?:src|href)="\/([^"#]+)"/).map { String($0.output.1) })
        }
        guard name.hasSuffix(".js") else { return [] }
        let whole = text.matches(of: /from "\.\/([^"]+)"/).map { String($0.output.1) }
        let late = text.matches(of: /import\("\.\/([^"]+)"\)/).map { String($0.output.1) }
        return Set(whole + late)
    }

    @Test func theProgramHasAllFilesAndNoOthers() throws {
        let paths = try Self.names().map { "/" + $0 }
        #expect(Set(Resources.page.keys) == Set(paths))
    }

    @Test func theirBytesAreThose() throws {
        for (path, bytes) in Resources.page {
            let expected = try Data(contentsOf: Self.folder.appending(path: String(path.dropFirst())))
            #expect(Data(bytes) == expected, "\(path)")
        }
    }

    @Test func everythingThatIsNamedIsThere() throws {
        let names = try Self.names()
        for name in names {
            let missing = try Self.references(in: name).subtracting(names)
            #expect(missing.isEmpty, "\(name) names \(missing.sorted())")
        }
    }

    @Test func everythingThatIsThereIsUsed() throws {
        var seen: Set<String> = []
        var open: Set<String> = ["index.html"]
        while let name = open.popFirst() {
            seen.insert(name)
            open.formUnion(try Self.references(in: name).subtracting(seen))
        }
        #expect(seen.count > 20)
        #expect(try Self.names().subtracting(seen).isEmpty)
    }

    /// The server's policy lets nothing of other places run.
    @Test func nothingComesFromElsewhere() throws {
        for name in try Self.names() where !name.hasSuffix(".svg") {
            let text = try Self.text(name)
            #expect(text.matches(of: /(?:src|href)="(?:https?:)?\/\/[^"]*"/).isEmpty, "\(name)")
            #expect(!text.contains("@import url(http"), "\(name)")
        }
    }
}
