import Foundation
import GRDB
import GlimpseMedia
import GlimpseTensor
import TestSupport
import Testing

/// A folder with a library in it, a model small enough to index hundreds of pictures a second, and whatever a test adds.
final class Workplace: Sendable {
    let folder: TemporaryFolder
    let library: String
    let pictures: String

    init() throws {
        folder = try TemporaryFolder()
        library = folder.path("library")
        pictures = folder.path("pictures")
        try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
    }

    /// Makes the tiny model and gives its path.
    ///
    /// - Parameter change: alters the weights before they are written.
    func tinyModel(change: (inout [String: Tensor]) -> Void = { _ in }) throws -> String {
        try TinyModels.writeLite(to: folder, below: "tiny", change: change)
        return folder.path("tiny")
    }

    /// Writes many files of different content that all show one picture, and gives their paths.
    @discardableResult
    func writeCopies(_ count: Int) throws -> [String] {
        let picture = try TestPictures.waves(1).encodedJPEG(quality: 90)
        return try (0..<count).map { number in
            // What follows the end of a JPEG's picture belongs to nobody.
            try folder.write(picture + Data("\(number)".utf8), to: "pictures/\(number).jpg")
        }
    }

    /// How many rows a table of the library has.
    func count(_ table: String) throws -> Int {
        try query("SELECT COUNT(*) FROM \(table)").first.flatMap { Int($0) } ?? -1
    }

    /// How many files the library knows; none while there is no library yet.
    func countOfFiles() throws -> Int {
        guard FileManager.default.fileExists(atPath: library + "/library.sqlite") else { return 0 }
        return try query("SELECT name FROM sqlite_master WHERE name = 'file'").isEmpty ? 0 : count("file")
    }

    /// The first column of what a query of the library gives.
    func query(_ sql: String) throws -> [String] {
        // The command may be writing at the same moment.
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let database = try DatabaseQueue(path: library + "/library.sqlite", configuration: configuration)
        return try database.read { try String.fetchAll($0, sql: sql) }
    }
}

/// A result of `search` as JSON.
struct Match: Decodable, Equatable {
    let path: String
    let paths: [String]
    let score: Double
    let width: Int
    let height: Int

    static func lines(_ text: String) throws -> [Match] {
        try text.split(separator: "\n").map { try JSONDecoder().decode(Match.self, from: Data($0.utf8)) }
    }
}

/// Expects an exit status and texts on standard error, all of them in one failure.
func expectFailure(
    _ outcome: Outcome, status: Int32, says texts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
    for text in texts {
        #expect(outcome.errors.contains(text), "\"\(text)\" is not in: \(outcome)", sourceLocation: sourceLocation)
    }
}
