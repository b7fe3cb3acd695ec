import Foundation
import GlimpseModels
import GlimpseTasks
import GlimpseTensor
import TestSupport
import Testing

/// Heads that are kept.
struct ZeroShotHeadCacheTests {
    private let folder: TemporaryFolder
    private let cache: ZeroShotHeadCache
    private let embedder: Embedder
    private let labels: LabelSet

    /// Thrown where the text tower is asked for: the head was not in the cache.
    private struct NotCached: Error {}

    init() throws {
        folder = try TemporaryFolder()
        cache = ZeroShotHeadCache(folder: folder.url.appending(path: "heads"))
        embedder = try TinyModel().embedder()
        labels = try LabelSet(["cat", "dog"])
    }

    private func make(
        _ labels: LabelSet? = nil, _ templates: PromptTemplates = .simple, in cache: ZeroShotHeadCache? = nil
    ) throws -> ZeroShotHeadCache.Lookup {
        try (cache ?? self.cache).head(labels ?? self.labels, templates: templates, model: embedder.model.identity) {
            embedder
        }
    }

    private func isCached(_ labels: LabelSet? = nil, _ templates: PromptTemplates = .simple) throws -> Bool {
        do {
            return try cache.head(labels ?? self.labels, templates: templates, model: embedder.model.identity) {
                throw NotCached()
            }.isCached
        } catch is NotCached {
            return false
        }
    }

    private func files(_ cache: ZeroShotHeadCache? = nil) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: (cache ?? self.cache).folder, includingPropertiesForKeys: nil)
    }

    private func setAge(_ seconds: Double, of file: URL) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: file.path(percentEncoded: false))
    }

    @Test func theSecondTimeNoTextTowerIsNeeded() throws {
        let first = try make()
        #expect(!first.isCached && first.obstacle == nil)
        // A model without its text tower, which could not embed a label.
        let pictures = try TinyModel().embedder(.image)
        #expect(pictures.model.identity == embedder.model.identity)
        let second = try cache.head(labels, model: pictures.model.identity) { throw NotCached() }
        #expect(second.isCached && second.head.labels == labels.labels && second.head.rows == first.head.rows)
        let picture = try pictures.embed(pictures: [TestPictures.waves(1)])[0]
        #expect(second.head.cosines(picture) == first.head.cosines(picture))
    }

    @Test func whatDiffersIsAnotherHead() throws {
        _ = try make()
        #expect(try isCached())
        for other in [["dog", "cat"], ["cat"], ["cat", "dog", "bird"], ["cat dog"], ["Cat", "dog"]] {
            #expect(try !isCached(LabelSet(other)), "\(other)")
        }
        for other in [["a photo of {}"], ["a photo of a {}", "{}"]] {
            #expect(try !isCached(nil, PromptTemplates(other)), "\(other)")
        }
        let retrained = try TinyModel { weights in
            weights["concepts.center"] = Tensor(shape: [32], scalars: Array(repeating: 0.5, count: 32))
        }.embedder(.image)
        #expect(throws: NotCached.self) {
            try cache.head(labels, model: retrained.model.identity) { throw NotCached() }
        }
    }

    @Test func anotherModelsTextTowerIsRefused() throws {
        let other = try TinyModel { weights in
            weights["concepts.center"] = Tensor(shape: [32], scalars: Array(repeating: 0, count: 32))
        }
        let said = message { try cache.head(labels, model: embedder.model.identity) { try other.embedder() } }
        #expect(said.contains("not the same for pictures and for texts"))
    }

    @Test func aDamagedFileIsMadeAgain() throws {
        let rows = try make().head.rows
        let file = try #require(try files().first)
        let whole = try Data(contentsOf: file)
        for count in 0..<whole.count {
            try whole.prefix(count).write(to: file)
            #expect(try !isCached(), "cut after \(count) bytes")
        }
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= 1
            try damaged.write(to: file)
            #expect(try !isCached(), "byte \(place) altered")
        }
        let remade = try make()
        #expect(!remade.isCached && remade.obstacle == nil && remade.head.rows == rows)
        #expect(try Data(contentsOf: file) == whole)
        #expect(try isCached())
    }

    @Test func anotherHeadUnderTheNameIsNotTaken() throws {
        _ = try make()
        let file = try #require(try files().first)
        _ = try make(LabelSet(["dog", "cat"]))
        let other = try #require(try files().first { $0 != file })
        try Data(contentsOf: other).write(to: file)
        #expect(try !isCached())
    }

    @Test func aFolderThatCannotBeWrittenOnlyCostsTime() throws {
        try folder.write(Data(), to: "file")
        let lookup = try make(in: ZeroShotHeadCache(folder: folder.url.appending(path: "file/heads")))
        let rows = try make().head.rows
        #expect(!lookup.isCached && lookup.head.rows == rows)
        #expect(try #require(lookup.obstacle).hasPrefix(folder.path("file/heads")))
    }

    @Test func whatIsNotUsedForLongestGoesFirst() throws {
        let small = ZeroShotHeadCache(folder: folder.url.appending(path: "small"), fileLimit: 3)
        var known: [URL] = []
        for (number, name) in ["cat", "dog", "bird"].enumerated() {
            _ = try make(LabelSet([name]), in: small)
            let file = try #require(try files(small).first { !known.contains($0) })
            try setAge(Double(300 - 100 * number), of: file)
            known.append(file)
        }
        // Used again, the oldest is the newest.
        #expect(try make(LabelSet(["cat"]), in: small).isCached)
        _ = try make(LabelSet(["fish"]), in: small)
        #expect(try files(small).count == 3)
        for (name, isKept) in [("cat", true), ("bird", true), ("fish", true), ("dog", false)] {
            #expect(try make(LabelSet([name]), in: small).isCached == isKept, "\(name)")
        }
    }

    @Test func bytesAreBoundedToo() throws {
        _ = try make(LabelSet(["cat"]))
        let size = try Data(contentsOf: try #require(try files().first)).count
        let small = ZeroShotHeadCache(folder: folder.url.appending(path: "small"), byteLimit: size * 5 / 2)
        for name in ["cat", "dog", "bird", "fish"] { _ = try make(LabelSet([name]), in: small) }
        #expect(try files(small).count == 2)
    }

    @Test func whatKilledWritersLeftIsRemoved() throws {
        _ = try make()
        let file = try #require(try files().first)
        let abandoned = file.appendingPathExtension("1-a.part")
        let underWay = file.appendingPathExtension("2-b.part")
        for part in [abandoned, underWay] { try Data("half".utf8).write(to: part) }
        try setAge(7200, of: abandoned)
        _ = try make(LabelSet(["bird"]))
        let names = try files().map(\.lastPathComponent)
        #expect(names.contains(underWay.lastPathComponent) && !names.contains(abandoned.lastPathComponent))
        #expect(names.count == 3)
    }

    @Test func theFolderIsTheUsersAlone() throws {
        _ = try make()
        let attributes = try FileManager.default.attributesOfItem(atPath: cache.folder.path(percentEncoded: false))
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }
}
