package import GlimpseFormats
internal import GlimpseTensor

/// Fetches tensors by name and demanded shape, and reports everything that is wrong at once.
///
/// A model asks for all its weights while it is built; a missing or misshapen one is remembered and replaced by zeros, so that the
/// building goes on and `finish` can name them all.
package final class WeightReader {
    private let file: any TensorFile
    private let names: Set<String>
    private var asked: Set<String> = []
    private var problems: [String] = []
    /// How many zeros stand for what is missing. A wrong size in a configuration must not ask for all the memory there is.
    private var placeholders = 0
    private static let placeholderLimit = 1 << 26

    package init(_ file: any TensorFile) {
        self.file = file
        self.names = Set(file.names)
    }

    /// The names below `prefix`.
    package func scope(_ prefix: String) -> WeightScope {
        WeightScope(reader: self, prefix: prefix)
    }

    fileprivate func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
        asked.insert(name)
        guard names.contains(name) else {
            return try placeholder("\(name) is missing, the configuration expects \(shape)", shape)
        }
        let stored = try file.tensor(name)
        guard stored.shape == shape.dimensions else {
            return try placeholder("\(name) is \(stored.shape), the configuration expects \(shape)", shape)
        }
        return Tensor(shape: shape, scalars: try stored.floats())
    }

    private func placeholder(_ problem: String, _ shape: Shape) throws -> Tensor {
        problems.append(problem)
        placeholders += shape.count
        if placeholders > Self.placeholderLimit { throw mismatch }
        return Tensor(shape: shape, scalars: Array(repeating: 0, count: shape.count))
    }

    /// Ends the reading: throws when a tensor was missing or misshapen, or when the file has one that nobody asked for.
    ///
    /// - Parameters:
    ///   - prefixes: the parts of the file that were read; names outside them are not counted as unexpected.
    ///   - ignored: names that reference checkpoints carry but inference does not need.
    package func finish(reading prefixes: [String], ignoring ignored: (String) -> Bool = { _ in false }) throws {
        for name in file.names.sorted()
        where !asked.contains(name) && prefixes.contains(where: name.hasPrefix) && !ignored(name) {
            problems.append("\(name) is not part of this model")
        }
        if !problems.isEmpty { throw mismatch }
    }

    /// All problems so far as one error.
    private var mismatch: ModelError {
        let shown = problems.prefix(12).joined(separator: "; ")
        let more = problems.count > 12 ? "; and \(problems.count - 12) more" : ""
        return ModelError(
            .weightMismatch, shown + more, at: file.path,
            remedy: "the weights and config.json do not belong together; fetch the model again")
    }
}

/// The weights below one prefix.
package struct WeightScope {
    fileprivate let reader: WeightReader
    fileprivate let prefix: String

    /// A scope further down: `encoder.scope("layer.3")`.
    func scope(_ name: String) -> WeightScope {
        WeightScope(reader: reader, prefix: prefix + name + ".")
    }

    /// The tensor of this name, which must have this shape.
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
        try reader.tensor(prefix + name, shape)
    }
}
