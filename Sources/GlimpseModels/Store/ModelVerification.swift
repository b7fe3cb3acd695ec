internal import GlimpseMedia
public import GlimpseTensor

/// What a check of an installed model found.
public struct ModelVerification: Sendable {
    /// One thing that was checked.
    public struct Check: Hashable, Sendable {
        /// What was checked.
        public let name: String
        /// Whether it holds.
        public let passed: Bool
        /// What was found.
        public let detail: String
    }

    /// The checks, in the order they were made.
    public let checks: [Check]
    /// Whether all hold.
    public var passed: Bool { checks.allSatisfy(\.passed) }

    /// Checks every file's digest, loads both towers, and holds the fast kernels against the plain C ones on a text and a picture, and
    /// the vectors against those of the library the model comes from, where they are known.
    ///
    /// What cannot be read or loaded is a check that failed, so that all that is wrong is told at once.
    public init(_ folder: ModelFolder, reference: ReferenceVectors?, on compute: Compute) {
        do {
            checks = try Self.fileChecks(folder) + Self.towerChecks(folder, reference, on: compute)
        } catch {
            checks = [Check(name: ModelManifest.fileName, passed: false, detail: "\(error)")]
        }
    }

    private static func fileChecks(_ folder: ModelFolder) throws -> [Check] {
        if let manifest = try folder.manifest() {
            return manifest.files.sorted { $0.key < $1.key }.map { name, expected in
                fileCheck(folder, name) { found in
                    found == expected ? nil : "\(expected.bytes) bytes with \(expected.sha256)"
                }
            }
        }
        return try folder.digestsOfHubCache().sorted { $0.key < $1.key }.map { name, digest in
            fileCheck(folder, name) { $0.sha256 == digest ? nil : digest }
        }
    }

    /// Digests a file.
    ///
    /// - Parameter expectation: what was expected in place of what was found; nil where it is that.
    private static func fileCheck(
        _ folder: ModelFolder, _ name: String, expectation: (ModelManifest.Entry) -> String?
    ) -> Check {
        do {
            let found = try ModelManifest.entry(folder, name)
            if let expected = expectation(found) {
                return Check(
                    name: name, passed: false,
                    detail: "\(found.bytes) bytes with SHA-256 \(found.sha256), expected \(expected)")
            }
            return Check(
                name: name, passed: true, detail: "\(found.bytes) bytes, SHA-256 \(found.sha256.prefix(12))…")
        } catch {
            return Check(name: name, passed: false, detail: "\(error)")
        }
    }

    private static func towerChecks(
        _ folder: ModelFolder, _ reference: ReferenceVectors?, on compute: Compute
    ) -> [Check] {
        do {
            let portable = Compute.portable(threads: compute.threadCount)
            let fast = Embedder(model: try Model.load(folder: folder, on: compute), on: compute)
            let plain = Embedder(model: try Model.load(folder: folder, on: portable), on: portable)
            let pairs = [
                ("text tower", try fast.embed(texts: [sentence]), try plain.embed(texts: [sentence])),
                ("image tower", try fast.embed(pictures: [.testCard]), try plain.embed(pictures: [.testCard])),
            ]
            let towers = pairs.map { name, left, right in
                check(name, left[0], right[0].values, "\(compute.instructionSet) against portable C")
            }
            return try towers + (reference.map { try referenceChecks($0, fast) } ?? [])
        } catch {
            return [Check(name: "loading", passed: false, detail: "\(error)")]
        }
    }

    private static func referenceChecks(_ reference: ReferenceVectors, _ embedder: Embedder) throws -> [Check] {
        let pair = "glimpse against \(reference.madeWith)"
        let card = check(
            "test card", try embedder.embed(pictures: [.testCard])[0], reference.testCard.numbers, pair)
        let texts = zip(reference.texts, try embedder.embed(texts: reference.texts.map(\.text))).map {
            check("\"\($0.text)\"", $1, $0.embedding.numbers, pair)
        }
        return [card] + texts
    }

    private static func check(_ name: String, _ found: Embedding, _ expected: [Float], _ pair: String) -> Check {
        guard expected.count == found.model.dimension else {
            return Check(
                name: name, passed: false,
                detail: "\(pair): \(found.model.dimension) numbers, the reference has \(expected.count)")
        }
        let cosine = found.cosine(to: Embedding(normalizing: expected, model: found.model))
        return Check(name: name, passed: cosine >= 0.99999, detail: "\(pair): cosine \(min(1, cosine))")
    }

    private static let sentence = "a photo of a cat on a red sofa"
}
