import Foundation
import GlimpseLibrary
import TestSupport
import Testing

@Suite struct FolderScanTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private func scan(
        _ roots: [String]? = nil, options: FolderScan.Options = FolderScan.Options()
    ) throws -> (names: [String], problems: [LibraryError]) {
        var names: [String] = []
        var problems: [LibraryError] = []
        for element in try FolderScan(roots: roots ?? [temporary.path], options: options) {
            switch element {
            case .success(let file):
                #expect(file.path.hasPrefix(temporary.path + "/"))
                names.append(String(file.path.dropFirst(temporary.path.count + 1)))
            case .failure(let problem): problems.append(problem)
            }
        }
        return (names, problems)
    }

    private func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: temporary.path(name), withDestinationPath: destination)
    }

    @Test func findsPicturesInTheOrderOfNames() throws {
        for name in [
            "b/2.PNG", "b/1.jpg", "b/c/3.Jpeg", "a.webp", "z.heic", "b.gif", "notes.txt", "jpg", "b/noextension",
        ] {
            try temporary.write(name)
        }
        let found = try scan()
        #expect(found.names == ["a.webp", "b/1.jpg", "b/2.PNG", "b/c/3.Jpeg", "b.gif", "z.heic"])
        #expect(found.problems.isEmpty)
    }

    @Test(arguments: PictureExtensions.all) func takes(pictureExtension: String) throws {
        #expect(PictureExtensions.matches("a.\(pictureExtension)"))
        #expect(PictureExtensions.matches("a.b.\(pictureExtension.uppercased())"))
        #expect(!PictureExtensions.matches(pictureExtension))
        #expect(!PictureExtensions.matches(".\(pictureExtension)"))
        #expect(!PictureExtensions.matches("a.\(pictureExtension).txt"))
    }

    @Test func tellsLengthAndTime() throws {
        let path = try temporary.write("a.jpg", "12345")
        let date = Date(timeIntervalSince1970: 1_600_000_000.25)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        let file = try #require(try Array(FolderScan(roots: [temporary.path])).first?.get())
        #expect(file.byteCount == 5)
        #expect(abs(file.modifiedNanoseconds - 1_600_000_000_250_000_000) < 1_000)
    }

    @Test func leavesHiddenNamesUnlessAsked() throws {
        for name in [".hidden.jpg", "._a.jpg", "a.jpg", ".git/b.jpg", "c/.d/e.jpg"] { try temporary.write(name) }
        #expect(try scan().names == ["a.jpg"])
        let all = try scan(options: FolderScan.Options(includesHidden: true))
        #expect(all.names == [".git/b.jpg", ".hidden.jpg", "a.jpg", "c/.d/e.jpg"])
        #expect(try scan([temporary.path("._a.jpg"), temporary.path(".git")]).names == ["._a.jpg", ".git/b.jpg"])
    }

    @Test func aFileThatIsNamedIsTakenWhateverItsExtension() throws {
        try temporary.write("scan.dat")
        try temporary.write("a.jpg")
        let roots = [temporary.path("scan.dat"), temporary.path("a.jpg"), temporary.path]
        // And it is listed once, though the folder has it too.
        #expect(try scan(roots).names == ["scan.dat", "a.jpg"])
        #expect(try scan(roots + roots).names == ["scan.dat", "a.jpg"])
    }

    @Test func aMissingRootIsNamed() throws {
        let path = temporary.path("not here")
        let error = #expect(throws: LibraryError.self) { try FolderScan(roots: [temporary.path, path]) }
        #expect(error?.code == .missing)
        #expect(error?.description.contains(path) == true)
        #expect(throws: LibraryError.self) { try FolderScan(roots: [""]) }
        #expect(try Array(FolderScan(roots: [])).isEmpty)
    }

    @Test func loopsOfLinksEnd() throws {
        try temporary.write("a/b/1.jpg")
        try link("a/b/up", to: "..")
        try link("a/self", to: "self")
        try link("a/album", to: temporary.path("a/b"))
        #expect(try scan().names == ["a/b/1.jpg"])
        #expect(try scan().problems.isEmpty)
        let followed = try scan(options: FolderScan.Options(followsFolderLinks: true))
        // Whichever path comes first leads into a folder; no folder is entered twice.
        #expect(followed.names == ["a/album/1.jpg"])
        #expect(followed.problems.map(\.location) == [temporary.path("a/self")])
    }

    @Test func linksToFilesAreFollowed() throws {
        try temporary.write("store/1", "1234")
        try link("a.jpg", to: "store/1")
        try link("b.jpg", to: "store/gone")
        try link("notes", to: "store/gone")
        let found = try scan()
        #expect(found.names == ["a.jpg"])
        #expect(found.problems.map(\.location) == [temporary.path("b.jpg")])
        #expect(try Array(FolderScan(roots: [temporary.path("a.jpg")])).first?.get().byteCount == 4)
    }

    @Test func aRootMayBeALink() throws {
        try temporary.write("store/1.jpg")
        try link("album", to: "store")
        #expect(try scan([temporary.path("album")]).names == ["album/1.jpg"])
    }

    @Test func overlappingRootsListNothingTwice() throws {
        try temporary.write("a/b/1.jpg")
        try temporary.write("a/2.jpg")
        #expect(
            try scan([temporary.path("a/b"), temporary.path("a"), temporary.path]).names == ["a/b/1.jpg", "a/2.jpg"])
    }

    @Test func pathsAreStandardized() throws {
        try temporary.write("a/b/1.jpg")
        try temporary.write("elsewhere/deep/2.jpg")
        try link("a/link", to: temporary.path("elsewhere/deep"))
        for root in ["/a//b/./", "/a/./b/", "//a/b/../b"] {
            #expect(try scan([temporary.path + root]).names == ["a/b/1.jpg"])
        }
        // `..` leaves the folder that the link leads to, not the one the link is in.
        #expect(try scan([temporary.path("a/link/..")]).names == ["elsewhere/deep/2.jpg"])
        #expect(try MediaPath.standardized("/") == "/")
        #expect(try MediaPath.standardized("x.jpg") == FileManager.default.currentDirectoryPath + "/x.jpg")
    }

    @Test func oddNamesAreNames() throws {
        let names = ["a b.jpg", "-rf.jpg", "new\nline.jpg", "\u{1F431}.jpg", "100%20.jpg", "quote'\".jpg", "tab\t.jpg"]
        for name in names { try temporary.write(name) }
        let found = try scan()
        #expect(Set(found.names) == Set(names))
        #expect(found.problems.isEmpty)
        for name in names { #expect(try ContentHash(ofFileAt: temporary.path(name)) == .sample("picture")) }
    }

    #if os(Linux)
        @Test func namesThatAreNotTextAreReported() throws {
            // Latin-1 for "é", which is no UTF-8.
            for suffix in [".jpg", ".txt"] {
                let path = Array(temporary.path("caf").utf8) + [0xE9] + Array(suffix.utf8) + [0]
                let descriptor = open(path.map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o600)
                try #require(descriptor >= 0)
                close(descriptor)
            }
            try temporary.write("a.jpg")
            let found = try scan()
            #expect(found.names == ["a.jpg"])
            #expect(found.problems.count == 1)
            #expect(found.problems.first?.description.contains("Rename it") == true)
        }
    #endif

    @Test func whatIsNeitherFileNorFolderIsLeft() throws {
        try #require(mkfifo(temporary.path("pipe.jpg"), 0o600) == 0)
        #expect(try scan().names.isEmpty)
        #expect(throws: LibraryError.self) { try FolderScan(roots: [temporary.path("pipe.jpg")]) }
        #expect(throws: LibraryError.self) { try ContentHash(ofFileAt: temporary.path("pipe.jpg")) }
    }

    @Test(.enabled(if: geteuid() != 0, "permissions do not bind the superuser"))
    func aFolderThatCannotBeReadIsReportedAndPassed() throws {
        try temporary.write("a/1.jpg")
        try temporary.write("b/2.jpg")
        try temporary.write("c/3.jpg")
        try #require(chmod(temporary.path("b"), 0) == 0)
        defer { chmod(temporary.path("b"), 0o700) }
        let found = try scan()
        #expect(found.names == ["a/1.jpg", "c/3.jpg"])
        #expect(found.problems.map(\.code) == [.unreadable])
        #expect(found.problems.map(\.location) == [temporary.path("b")])
    }

    @Test func aFolderThatVanishesIsReportedAndPassed() throws {
        try temporary.write("a/1.jpg")
        try temporary.write("b/2.jpg")
        try temporary.write("c/3.jpg")
        var iterator = try FolderScan(roots: [temporary.path]).makeIterator()
        #expect(try iterator.next()?.get().path == temporary.path("a/1.jpg"))
        try FileManager.default.removeItem(atPath: temporary.path("b"))
        let problem = #expect(throws: LibraryError.self) { try iterator.next()?.get() }
        #expect(problem?.location == temporary.path("b"))
        #expect(try iterator.next()?.get().path == temporary.path("c/3.jpg"))
        #expect(iterator.next() == nil)
    }
}
