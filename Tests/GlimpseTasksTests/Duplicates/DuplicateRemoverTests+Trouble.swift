import Foundation
import GRDB
import GlimpseLibrary
import GlimpseTasks
import TestSupport
import Testing

/// What goes wrong midway ends the run, and everything that has happened is told.
extension DuplicateRemoverTests {
    /// What was told of files, and what ended it.
    private func told(
        _ body: (_ report: (DuplicateRemover.Outcome) -> Void) throws -> Void
    ) -> (outcomes: [DuplicateRemover.Outcome], error: (any Error)?) {
        var outcomes: [DuplicateRemover.Outcome] = []
        do {
            try body({ outcomes.append($0) })
            return (outcomes, nil)
        } catch {
            return (outcomes, error)
        }
    }

    /// Writes to a disk that is full at some of the writes, counted from 1: it takes a half of these.
    private func disk(fullAt full: Set<Int>) -> FileWriter {
        var number = 0
        var isCut = false
        return FileWriter { descriptor, bytes, count in
            if isCut {
                isCut = false
                errno = ENOSPC
                return -1
            }
            number += 1
            isCut = full.contains(number)
            return write(descriptor, bytes, isCut ? count / 2 : count)
        }
    }

    private func expectUnwritableJournal(_ error: (any Error)?, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect((error as? TaskError)?.code == .unwritableJournal, "\(error as Any)", sourceLocation: sourceLocation)
    }

    private var moved: DuplicateAction { .move(folder.url.appending(path: "moved")) }

    @Test func withoutAJournalNothingIsTouched() throws {
        let before = try contents
        let plan = try plan()
        try FileManager.default.createDirectory(atPath: remover.journalPath, withIntermediateDirectories: true)
        for action in [DuplicateAction.trash, .link, moved] {
            let (outcomes, error) = told { try remover.perform(plan, action, report: $0) }
            expectUnwritableJournal(error)
            #expect(outcomes.isEmpty, "\(action)")
        }
        #expect(try contents == before)
        #expect(try library.statistics().fileCount == 6)
        #expect(throws: TaskError.self) { try remover.canUndo() }
    }

    @Test func aJournalOfAnotherKindIsNotPassedOver() throws {
        #expect(try perform(moved, plan()).count == 3)
        let journal = URL(filePath: remover.journalPath)
        let known = try Data(contentsOf: journal)
        // Cut off, as by a crash.
        try (known + Data("{\"run\": \"a".utf8)).write(to: journal)
        #expect(try remover.canUndo())
        for line in ["{\"run\": \"a\"}", "[]"] {
            try (known + Data((line + "\n").utf8)).write(to: journal)
            #expect(throws: TaskError.self, "\(line)") { try remover.canUndo() }
        }
    }

    #if os(Linux)
        @Test func onAFullDiskNothingIsTouched() throws {
            let before = try contents
            let plan = try plan()
            try FileManager.default.createSymbolicLink(
                atPath: remover.journalPath, withDestinationPath: "/dev/full")
            let (outcomes, error) = told { try remover.perform(plan, .trash, report: $0) }
            expectUnwritableJournal(error)
            #expect(outcomes.isEmpty)
            #expect(try contents == before)
            #expect(try notedPaths.isEmpty, "no place in the trash is taken for what is not there")
        }
    #endif

    /// The disk is full when the first file has been moved, and when the second is to be.
    @Test(arguments: [2, 3])
    func aJournalThatFillsUpEndsTheRun(write: Int) throws {
        let before = try contents
        let plan = try plan()
        let remover = removerWriting(by: disk(fullAt: [write]))
        let (outcomes, error) = told { try remover.perform(plan, moved, report: $0) }
        expectUnwritableJournal(error)
        try #require(outcomes.map(\.path) == [plan.entries[0].surplus.path])
        #expect(outcomes[0].obstacle == nil, "it was moved, whatever the journal says")
        #expect(try contents.count == 5)
        #expect(try library.statistics().fileCount == 5)

        #expect(try undo().map { $0.obstacle == nil } == [true])
        #expect(try contents == before)
        #expect(try library.statistics().fileCount == 6)
    }

    @Test func anObstacleIsToldThoughTheJournalIsFull() throws {
        let before = try contents
        let plan = try plan()
        try folder.write("a file where the folder should be", to: "moved")
        let remover = removerWriting(by: disk(fullAt: [2]))
        let (outcomes, error) = told { try remover.perform(plan, moved, report: $0) }
        expectUnwritableJournal(error)
        #expect(outcomes.count == 1 && outcomes[0].obstacle?.contains("cannot create the folder") == true)
        #expect(try contents == before)
    }

    @Test func whatIsBackIsToldThoughTheJournalIsFull() throws {
        let before = try contents
        #expect(try perform(moved, plan()).count == 3)
        let remover = removerWriting(by: disk(fullAt: [1]))
        let (outcomes, error) = told { try remover.undo(report: $0) }
        expectUnwritableJournal(error)
        #expect(outcomes.map { $0.obstacle == nil } == [true])
        #expect(try contents.count == 4)
        #expect(try library.statistics().fileCount == 4)

        #expect(try undo().allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
        #expect(try !remover.canUndo())
    }

    @Test func whyNothingIsBackIsToldThoughTheJournalIsFull() throws {
        #expect(try perform(moved, plan()).count == 3)
        // As if the trash had been emptied.
        try FileManager.default.removeItem(at: folder.url.appending(path: "moved"))
        let remover = removerWriting(by: disk(fullAt: [1]))
        let (outcomes, error) = told { try remover.undo(report: $0) }
        expectUnwritableJournal(error)
        #expect(outcomes.count == 1 && outcomes[0].obstacle?.contains("is gone") == true)
    }

    @Test func aLibraryThatRefusesEndsTheRun() throws {
        let before = try contents
        let plan = try plan()
        let database = try DatabaseQueue(
            path: library.folder.appending(path: "library.sqlite").path(percentEncoded: false))
        try database.write { database in
            try database.execute(
                sql: "CREATE TRIGGER refusal BEFORE DELETE ON file BEGIN SELECT RAISE(ABORT, 'refused'); END")
        }
        let (outcomes, error) = told { try remover.perform(plan, moved, report: $0) }
        #expect(error is LibraryError, "\(error as Any)")
        #expect(outcomes.map { $0.obstacle == nil } == [true])
        #expect(try contents.count == 5)

        #expect(try undo().map { $0.obstacle == nil } == [true])
        #expect(try contents == before)
    }

    @Test func aSystemThatTakesLittleAtATimeIsAskedAgain() throws {
        let before = try contents
        let plan = try plan()
        let remover = removerWriting(by: FileWriter { write($0, $1, min($2, 7)) })
        var outcomes: [DuplicateRemover.Outcome] = []
        try remover.perform(plan, .trash) { outcomes.append($0) }
        #expect(outcomes.count == 3 && outcomes.allSatisfy { $0.obstacle == nil })
        #expect(try notedPaths == Set(plan.entries.map(\.surplus.path)))
        try remover.undo { outcomes.append($0) }
        #expect(outcomes.count == 6 && outcomes.allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
    }

    #if os(Linux)
        @Test func aNoteThatCannotBeWrittenIsNotLeftBehind() throws {
            let plan = try plan()
            let remover = removerWriting(by: disk(fullAt: [1]))
            var outcomes: [DuplicateRemover.Outcome] = []
            try remover.perform(plan, .trash) { outcomes.append($0) }
            #expect(outcomes.map { $0.obstacle == nil } == [false, true, true])
            #expect(FileManager.default.fileExists(atPath: plan.entries[0].surplus.path))
            #expect(try notedPaths == Set(plan.entries.dropFirst().map(\.surplus.path)))
        }
    #endif
}
