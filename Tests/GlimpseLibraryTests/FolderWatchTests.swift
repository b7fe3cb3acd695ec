import Foundation
import GlimpseLibrary
import TestSupport
import Testing

#if os(Linux)
    /// The system tells of what changes in folders.
    @Suite(.timeLimit(.minutes(5)))
    struct FolderWatchTests {
        let temporary: TemporaryFolder
        let watch: FolderWatch

        init() throws {
            temporary = try TemporaryFolder()
            try temporary.write("old/1.jpg")
            try temporary.write("deep/er/still/1.jpg")
            try temporary.write(".hidden/1.jpg")
            watch = FolderWatch(folders: [temporary.path])
        }

        /// The folders that changed, for at most a minute, which only a busy machine takes.
        private func changes() -> [String] {
            let end = ContinuousClock.now + .seconds(60)
            return watch.changes(isStopped: { ContinuousClock.now > end })
        }

        @Test func aNewFileIsNoticed() throws {
            #expect(watch.isNotified)
            try temporary.write("deep/er/still/2.jpg")
            #expect(changes() == [temporary.path("deep/er/still")])
        }

        @Test func whatGoesAndIsRenamedIsNoticed() throws {
            try FileManager.default.removeItem(atPath: temporary.path("old/1.jpg"))
            #expect(changes() == [temporary.path("old")])
            try FileManager.default.moveItem(
                atPath: temporary.path("deep/er/still/1.jpg"), toPath: temporary.path("old/2.jpg"))
            #expect(changes() == [temporary.path("deep/er/still"), temporary.path("old")])
        }

        @Test func aNewFolderIsWatchedToo() throws {
            try temporary.write("new/in/new/1.jpg")
            #expect(changes() == [temporary.path])
            try temporary.write("new/in/new/2.jpg")
            #expect(changes() == [temporary.path("new/in/new")])
        }

        @Test func ofAFolderThatIsGoneTheOneAroundItHasChanged() throws {
            try FileManager.default.removeItem(atPath: temporary.path("deep/er"))
            #expect(changes() == [temporary.path("deep")])
        }

        @Test func hiddenFoldersAreNot() throws {
            try temporary.write(".hidden/2.jpg")
            try temporary.write("old/.2.jpg")
            let end = ContinuousClock.now + .seconds(1.5)
            #expect(watch.changes(isStopped: { ContinuousClock.now > end }) == [])
        }
    }
#endif
