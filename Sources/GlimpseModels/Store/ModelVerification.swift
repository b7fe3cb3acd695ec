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

    /// Checks every file's digest, loads both towers, and holds the fast kernels against the plain C ones on a text and a picture.
    ///
    /// What cannot be read or loaded is a check that failed, so that all that is wrong is told at once.
    public init(_ folder: ModelFolder, on compute: Compute) {
        do {
            checks = try Self.fileChecks(folder) + Self.towerChecks(folder, on: compute)
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

    private static func towerChecks(_ folder: ModelFolder, on compute: Compute) -> [Check] {
        do {
            let reference = Compute.portable(threads: compute.threadCount)
            let fast = Embedder(model: try Model.load(folder: folder, on: compute), on: compute)
            let plain = Embedder(model: try Model.load(folder: folder, on: reference), on: reference)
            let pairs = [
                ("text tower", try fast.embed(texts: [sentence]), try plain.embed(texts: [sentence])),
                ("image tower", try fast.embed(pictures: [.gradient]), try plain.embed(pictures: [.gradient])),
            ]
            return pairs.map { name, left, right in
                let cosine = left[0].cosine(to: right[0])
                return Check(
                    name: name, passed: cosine >= 0.99999,
                    detail: "\(compute.instructionSet) against portable C: cosine \(min(1, cosine))")
            }
        } catch {
            return [Check(name: "loading", passed: false, detail: "\(error)")]
        }
    }

    private static let sentence = "a photo of a cat on a red sofa"
}

extension Pixels {
    /// A small picture with every colour in it.
    fileprivate static var gradient: Pixels {
        let side = 64
        let bytes = (0..<(side * side)).flatMap { index -> [UInt8] in
            let (y, x) = (index / side, index % side)
            return [UInt8(4 * x), UInt8(4 * y), UInt8(255 - 2 * (x + y))]
        }
        return Pixels(width: side, height: side, bytes: bytes)
    }
}
