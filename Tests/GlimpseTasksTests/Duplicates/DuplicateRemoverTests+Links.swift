import Foundation
import GlimpseTasks
import TestSupport
import Testing

/// Files that become links, and come apart again.
extension DuplicateRemoverTests {
    private var facts: [String: FileFacts] {
        get throws { try Dictionary(uniqueKeysWithValues: contents.keys.map { ($0, try FileFacts(path($0))) }) }
    }

    private var inodes: [String: UInt64?] {
        get throws { try Dictionary(uniqueKeysWithValues: contents.keys.map { ($0, try inode($0)) }) }
    }

    @Test func linkedFilesHaveTheirTimesAndPermissionsBack() throws {
        // Found first: files whose times are not those they were indexed with are no duplicates.
        let plan = try plan()
        for (number, name) in try contents.keys.sorted().enumerated() {
            try FileFacts.change(path(name), number: number)
        }
        let before = try facts
        let linked = try perform(.link, plan)
        #expect(linked.count == 3 && linked.allSatisfy { $0.obstacle == nil })
        #expect(try facts != before)
        #expect(try undo().allSatisfy { $0.obstacle == nil })
        #expect(try facts == before)
        #expect(try Set(inodes.values).count == 6)
    }

    @Test func linksThatOlderVersionsMadeComeApart() throws {
        let before = try contents
        #expect(try perform(.link, plan()).count == 3)
        let journal = URL(filePath: remover.journalPath)
        let text = try String(contentsOf: journal, encoding: .utf8)
        let older = text.replacing(/"attributes":\{.*\},"kept"/, with: "\"kept\"")
        #expect(text.contains("\"attributes\"") && !older.contains("\"attributes\""))
        try Data(older.utf8).write(to: journal)
        let undone = try undo()
        #expect(undone.count == 3 && undone.allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
        #expect(try Set(inodes.values).count == 6)
    }

    /// As after a crash between the two.
    @Test func aLinkThatWasOnlyAnnouncedIsNoneToTakeApart() throws {
        #expect(try perform(.link, plan()).count == 3)
        #expect(try undo().count == 3)
        let journal = URL(filePath: remover.journalPath)
        let announcements = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("\"begun\"") }
        #expect(announcements.count == 3)
        try Data((announcements.joined(separator: "\n") + "\n").utf8).write(to: journal)
        for name in try contents.keys { try FileFacts.change(path(name), number: 2) }
        let (before, places) = (try facts, try inodes)
        let undone = try undo()
        #expect(undone.count == 3 && undone.allSatisfy { $0.obstacle == nil })
        #expect(try facts == before)
        #expect(try inodes == places)
    }

    @Test func aLinkThatWasReplacedKeepsWhatItIs() throws {
        let replaced = try #require(try perform(.link, plan()).first).path
        try FileManager.default.removeItem(atPath: replaced)
        try Data("newer".utf8).write(to: URL(filePath: replaced))
        try FileFacts.change(replaced, number: 3)
        let before = try FileFacts(replaced)
        #expect(try undo().allSatisfy { $0.obstacle == nil })
        #expect(try Data(contentsOf: URL(filePath: replaced)) == Data("newer".utf8))
        #expect(try FileFacts(replaced) == before)
    }

    @Test func aLinkThatIsGoneIsToldOfOnce() throws {
        #expect(try perform(.move(folder.url.appending(path: "moved")), plan()).count == 3)
        try add("new.jpg", "three")
        let gone = try #require(try perform(.link, plan()).first).path
        try FileManager.default.removeItem(atPath: gone)
        #expect(try undo().map { $0.obstacle != nil } == [true])
        #expect(try undo().count == 3, "those that were moved before")
    }

    @Test func aSymbolicLinkStaysOne() throws {
        let plan = try plan()
        let surplus = try #require(plan.entries.first).surplus.path
        let elsewhere = try folder.write(Data(contentsOf: URL(filePath: surplus)), to: "elsewhere.jpg")
        try FileManager.default.removeItem(atPath: surplus)
        try FileManager.default.createSymbolicLink(atPath: surplus, withDestinationPath: elsewhere)
        for action in [DuplicateAction.link, .trash] {
            let left = try perform(action, plan).filter { $0.obstacle?.contains("symbolic link") == true }
            #expect(left.map(\.path) == [surplus], "\(action)")
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: surplus) == elsewhere)
    }

    @Test func aKeptSymbolicLinkStandsForItsBytes() throws {
        let entry = try #require(try plan().entries.first)
        let kept = URL(filePath: entry.kept.path)
        let original = kept.deletingLastPathComponent().appending(path: "original")
        try FileManager.default.moveItem(at: kept, to: original)
        try FileManager.default.createSymbolicLink(atPath: entry.kept.path, withDestinationPath: "original")
        let content = try Data(contentsOf: original)
        #expect(try perform(.link, DuplicatePlan([entry])).allSatisfy { $0.obstacle == nil })
        #expect(try FileFacts(entry.surplus.path) == FileFacts(original.path(percentEncoded: false)))
        try FileManager.default.removeItem(at: original)
        #expect(try Data(contentsOf: URL(filePath: entry.surplus.path)) == content)
    }
}
