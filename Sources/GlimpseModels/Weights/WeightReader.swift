package import GlimpseFormats
internal import GlimpseTensor

/// Fetches tensors by name and demanded shape, and reports everything that is wrong at once.
///
/// A model asks for all its weights while it is built; a missing or misshapen one is remembered and replaced by zeros, so that the
/// building goes on and `finish` can name them all.
package final class WeightReader {
    private let file: any TensorFile
    /// What is made of the weights of the tower that is being built.
    private(set) var packed = PackedWeights()
    private var usedMapped = false
    private let names: Set<String>
    private var asked: Set<String> = []
    private var problems: [String] = []
    /// How many zeros stand for what is missing.
    private var placeholders = 0
    /// How many may; nil until that is of interest.
    private var placeholderLimit: Int?
    /// Every prefix of a name that ends before a dot.
    private lazy var scopes: Set<String> = {
        var scopes: Set<String> = []
        for name in names {
            for dot in name.indices where name[dot] == "." { scopes.insert(String(name[..<dot])) }
        }
        return scopes
    }()

    package init(_ file: any TensorFile) {
        self.file = file
        self.names = Set(file.names)
    }

    /// Builds a tower with what is made of its weights.
    func building<Tower>(from packed: PackedWeights, _ build: () throws -> Tower) rethrows -> Tower {
        self.packed = packed
        defer { self.packed = PackedWeights() }
        let tower = try build()
        usedMapped = usedMapped || packed.isMapped
        return tower
    }

    /// The path of the file.
    var path: String { file.path }

    /// The whole file.
    var root: WeightScope { WeightScope(reader: self, prefix: "") }

    /// The names below `prefix`.
    package func scope(_ prefix: String) -> WeightScope {
        WeightScope(reader: self, prefix: prefix)
    }

    /// Whether the file has a tensor of this name.
    func contains(_ name: String) -> Bool { names.contains(name) }

    /// Whether the file has tensors below `scope`.
    fileprivate func containsScope(_ scope: String) -> Bool { scopes.contains(scope) }

    /// The first extent of a tensor that decides what the model is, where the file and not a configuration does.
    fileprivate func outputs(_ name: String, rank: Int) throws -> Int {
        guard names.contains(name) else { throw contradiction("\(name) is missing") }
        let shape = try file.tensor(name).shape
        guard shape.count == rank, shape.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw contradiction("\(name) is \(shape), expected \(rank) extents of 1 to 1,000,000")
        }
        return shape[0]
    }

    /// A problem after which nothing sensible can be read, with those before it.
    fileprivate func contradiction(_ problem: String) -> ModelError {
        problems.append(problem)
        return mismatch
    }

    /// A tensor whose extents of 1 may be anywhere, or missing, as a vector of `count` numbers.
    fileprivate func flatTensor(_ name: String, count: Int) throws -> Tensor {
        guard names.contains(name) else { return try tensor(name, [count]) }
        let stored = try file.tensor(name)
        guard stored.elementCount == count else { return try tensor(name, [count]) }
        asked.insert(name)
        return Tensor(shape: [count], scalars: try stored.floats())
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
        // Small tensors are copied, so that they do not keep a file of weights mapped.
        if shape.count >= Self.mappedCount, let mapped = try stored.mappedFloats() {
            return Tensor(shape: shape, borrowing: mapped.start, owner: mapped.file)
        }
        return Tensor(shape: shape, scalars: try stored.floats())
    }

    private static let mappedCount = 1 << 14

    fileprivate func table(_ name: String, _ shape: Shape) throws -> Tensor {
        // What is stored in 32 bits is mapped as it is.
        if names.contains(name), try file.tensor(name).mappedFloats() == nil {
            return try packed.tensor(name, shape) { try tensor(name, shape) }
        }
        return try tensor(name, shape)
    }

    private func placeholder(_ problem: String, _ shape: Shape) throws -> Tensor {
        problems.append(problem)
        placeholders += shape.count
        if placeholders > 1 << 20, try placeholders > limitOfPlaceholders() { throw mismatch }
        return Tensor(shape: shape, scalars: Array(repeating: 0, count: shape.count))
    }

    /// A wrong size in a configuration must not ask for all the memory there is, and one that demands more than the file has
    /// is of another model.
    private func limitOfPlaceholders() throws -> Int {
        if let placeholderLimit { return placeholderLimit }
        let most = 1 << 26
        var stored = 0
        for name in names where stored < most { stored += min(try file.tensor(name).elementCount, most) }
        let limit = min(stored, most)
        placeholderLimit = limit
        return limit
    }

    /// Ends the reading: throws when a tensor was missing or misshapen, or when the file has one that nobody asked for.
    ///
    /// - Parameter isExpected: whether a tensor should have been asked for; false for the other tower's, and for what reference
    ///   checkpoints carry but inference does not need.
    package func finish(expecting isExpected: (String) -> Bool = { _ in true }) throws {
        // Of what was packed before, the stored form was held against the model then, and is not asked for now.
        if !usedMapped {
            for name in file.names.sorted() where !asked.contains(name) && isExpected(name) {
                problems.append("\(name) is not part of this model")
            }
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

    /// Whether the file has a tensor of this name.
    func contains(_ name: String) -> Bool { reader.contains(prefix + name) }

    /// Whether the file has tensors in the scope of this name.
    func containsScope(_ name: String) -> Bool { reader.containsScope(prefix + name) }

    /// The scopes called `name.0`, `name.1` and so on, as far as the file has tensors in them.
    func numberedScopes(_ name: String) -> [WeightScope] {
        var scopes: [WeightScope] = []
        while containsScope("\(name).\(scopes.count)") { scopes.append(scope("\(name).\(scopes.count)")) }
        return scopes
    }

    /// The first extent of the tensor of this name, from which the sizes of a layer follow.
    ///
    /// - Throws: `ModelError` when there is none, when it has not `rank` axes, or when one of them is not between 1 and
    ///   1,000,000.
    func outputs(_ name: String, rank: Int) throws -> Int {
        try reader.outputs(prefix + name, rank: rank)
    }

    /// What is wrong with the sizes of the layer in this scope, as an error to throw.
    func contradiction(_ problem: String) -> ModelError {
        reader.contradiction("\(prefix.dropLast()): \(problem)")
    }

    /// The tensor of this name, which must have this many elements, as a vector: libraries store parameters with extents of 1 here
    /// and there.
    func flatTensor(_ name: String, count: Int) throws -> Tensor {
        try reader.flatTensor(prefix + name, count: count)
    }

    /// The same, where the file has a tensor of this name.
    func optionalFlatTensor(_ name: String, count: Int) throws -> Tensor? {
        contains(name) ? try flatTensor(name, count: count) : nil
    }

    /// The tensor of this name, which must have this shape.
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
        try reader.tensor(prefix + name, shape)
    }

    /// The weights [outputs, inputs] of this name, packed for multiplying.
    func matrix(
        _ name: String, outputs: Int, inputs: Int, exactly: Bool = false, on compute: Compute
    ) throws -> PackedMatrix {
        try matrix(name, outputs: outputs, inputs: inputs, exactly: exactly, on: compute) {
            try tensor(name, [outputs, inputs])
        }
    }

    /// Weights [outputs, inputs] that are made of stored ones, packed for multiplying.
    ///
    /// - Parameters:
    ///   - name: not used otherwise in this scope.
    ///   - exactly: whether they keep 32 bits in a model of low precision: the first and the last map of a tower.
    ///   - weights: called where nobody has packed them yet.
    func matrix(
        _ name: String, outputs: Int, inputs: Int, exactly: Bool = false, on compute: Compute,
        _ weights: () throws -> Tensor
    ) throws -> PackedMatrix {
        try reader.packed.matrix(
            prefix + name, outputs: outputs, inputs: inputs, exactly: exactly, on: compute, weights)
    }

    /// A table of which few rows are read at a time, such as the vectors of tokens.
    func table(_ name: String, _ shape: Shape) throws -> Tensor {
        try reader.table(prefix + name, shape)
    }
}
