import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import GlimpseText
import Synchronization
import TestSupport
import Testing

/// Packed weights of an earlier start are used when they are those of the model, and made again when anything is wrong with them.
struct PackedWeightsCacheTests {
    private let folder: TemporaryFolder
    private let compute = Compute(threads: 1)

    init() throws { folder = try TemporaryFolder() }

    private var cache: PackedWeightsCache { PackedWeightsCache(folder: folder.url.appending(path: "packed")) }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path("packed")).sorted()
    }

    /// The vectors of both towers, loaded with what the cache keeps of `fingerprint`.
    private func vectors(_ reference: Reference, _ fingerprint: String = "a") throws -> [[Float]] {
        let loaded = try reference.checkpoint.load(.both, cache: cache.files(ofModel: fingerprint), on: compute)
        let image = try #require(loaded.image)
        let text = try #require(loaded.text)
        return [
            image(try reference.pictures(), on: compute).scalars, text(try reference.texts(), on: compute).scalars,
        ]
    }

    @Test(arguments: FamilyParityTests.families)
    func everyFamilyComesBackAsItWas(family: String) throws {
        let reference = try Reference(family)
        let plain = try reference.checkpoint.load(.both, on: compute)
        let first = try vectors(reference)
        #expect(first[0] == plain.image?(try reference.pictures(), on: compute).scalars)
        #expect(first[1] == plain.text?(try reference.texts(), on: compute).scalars)
        #expect(try files() == ["a-image-f32.safetensors", "a-text-f32.safetensors"])
        #expect(try vectors(reference) == first)
    }

    @Test func whatIsKeptIsUsed() throws {
        let reference = try Reference("hf-clip")
        let first = try vectors(reference)
        // Other weights in the file give other vectors: it is read.
        let path = folder.path("packed/a-text-f32.safetensors")
        let file = try SafetensorsFile(path: path)
        try SafetensorsWriter.write(
            file.names.map { name in
                let tensor = try file.tensor(name)
                return .init(name: name, shape: tensor.shape, values: try tensor.floats().map { -$0 })
            }, metadata: file.metadata, to: path)
        let second = try vectors(reference)
        #expect(second[0] == first[0] && second[1] != first[1])
    }

    @Test(arguments: Precision.allCases)
    func eachPrecisionHasFilesOfItsOwn(precision: Precision) throws {
        let reference = try Reference("openclip-vit")
        let exact = try vectors(reference)
        func tower() throws -> [Float] {
            let loaded = try reference.checkpoint.load(
                .image, precision: precision, cache: cache.files(ofModel: "a"), on: compute)
            let image = try #require(loaded.image)
            return image(try reference.pictures(), on: compute).scalars
        }
        let first = try tower()
        #expect(try tower() == first)
        #expect(try files().contains("a-image-\(precision.rawValue).safetensors"))
        // This checkpoint is stored in halves, which hold it exactly.
        #expect((first == exact[0]) == (precision == .float32 || precision == .float16))
    }

    @Test(arguments: [("hf-clip", true), ("hf-siglip", false)])
    func whatIsStoredInHalvesIsKeptInHalves(family: String, areHalves: Bool) throws {
        _ = try vectors(try Reference(family))
        let names = try SafetensorsFile(path: folder.path("packed/a-image-f32.safetensors")).names
        let packed = names.filter { $0.contains(" packed ") }
        #expect(!packed.isEmpty && packed.allSatisfy { $0.hasSuffix(areHalves ? "f16" : "f32") }, "\(names)")
    }

    @Test func anotherModelHasFilesOfItsOwn() throws {
        let reference = try Reference("hf-clip")
        _ = try vectors(reference, "a")
        _ = try vectors(reference, "b")
        #expect(try files().count == 4)
    }

    @Test(arguments: ["hf-siglip", "openclip-vit-heads"])
    func whatIsOfAnotherTowerIsMadeAgain(other: String) throws {
        let expected = try vectors(try Reference("hf-clip"), "expected")
        _ = try vectors(try Reference(other))
        #expect(try vectors(try Reference("hf-clip")) == expected)
        #expect(try vectors(try Reference("hf-clip")) == expected)
    }

    @Test func whatIsDamagedIsMadeAgain() throws {
        let reference = try Reference("hf-clip")
        let expected = try vectors(reference)
        let path = folder.path("packed/a-image-f32.safetensors")
        let whole = try Data(contentsOf: URL(filePath: path))
        var ofAnotherLayout = whole
        ofAnotherLayout.replaceSubrange(
            try #require(whole.firstRange(of: Data("version 2".utf8))), with: Data("version 0".utf8))
        for damaged in [Data(), whole.prefix(100), whole.dropLast(), ofAnotherLayout] {
            try damaged.write(to: URL(filePath: path))
            #expect(try vectors(reference) == expected)
            #expect(try Data(contentsOf: URL(filePath: path)) == whole, "it was written again")
        }
    }

    @Test func theTokenizerIsKeptToo() throws {
        let reference = try Reference("hf-clip")
        let kept = cache.files(ofModel: "a")
        let first = try reference.checkpoint.tokenizer(keptIn: kept)
        #expect(try files() == ["a-tokenizer.safetensors"])
        let second = try reference.checkpoint.tokenizer(keptIn: kept)
        for text in ["a photo of a cat", "Ünïcode, 123", ""] { #expect(second.encode(text) == first.encode(text)) }

        let folder = ModelFolder(name: "hf-clip", url: Fixtures.url("families/hf-clip"))
        _ = try Model.load(folder: folder, towers: .text, cache: cache, on: compute)
        #expect(try files().count { $0.hasSuffix("-tokenizer.safetensors") } == 2, "with the model's own fingerprint")
    }

    @Test func aFolderThatCannotBeWrittenOnlyCostsTime() throws {
        // A file where the folder should be: refused for everyone, root included.
        try folder.write(Data(), to: "packed")
        let reference = try Reference("hf-clip")
        #expect(try vectors(reference) == vectors(reference))

        let failures = Mutex(0)
        let cache = PackedWeightsCache(folder: folder.url.appending(path: "packed")) { _ in
            failures.withLock { $0 += 1 }
        }
        _ = try reference.checkpoint.load(.text, cache: cache.files(ofModel: "a"), on: compute)
        #expect(failures.withLock(\.self) == 1, "and is reported")
        let tokenizer = try reference.checkpoint.tokenizer(keptIn: cache.files(ofModel: "a"))
        #expect(failures.withLock(\.self) == 2 && !tokenizer.encode("a cat").isEmpty)
    }

    @Test func aTowerThatIsTooLargeIsNotKept() throws {
        let reference = try Reference("hf-clip")
        let small = PackedWeightsCache(folder: folder.url.appending(path: "packed"), byteLimit: 1000)
        _ = try reference.checkpoint.load(.both, cache: small.files(ofModel: "a"), on: compute)
        #expect(!FileManager.default.fileExists(atPath: folder.path("packed")))
    }
}
