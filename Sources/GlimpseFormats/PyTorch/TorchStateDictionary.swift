/// Finds the tensors in what a checkpoint's pickle describes.
struct TorchStateDictionary {
    /// A reference to a storage, as PyTorch's pickler writes it.
    struct Storage: Hashable {
        let key: String
        let elementType: ElementType
        /// The length of the whole storage in elements.
        let count: Int
        /// A part of the storage, in elements, as very old files have it.
        var view: Range<Int>
    }

    /// The names a checkpoint may mention.
    static let allowed = Pickle.Allowed(globals)
    /// The names a TorchScript archive may mention: modules are records, lists of numbers have functions of their own.
    static let allowedInTorchScript = Pickle.Allowed(
        globals.union(
            ["build_intlist", "build_doublelist", "build_boollist", "build_tensorlist"].map {
                Pickle.Global("torch.jit._pickle", $0)
            }), recordModule: "__torch__")

    private static let globals: Set<Pickle.Global> = Set(
        elementTypes.keys.map { Pickle.Global("torch", $0) } + [
            rebuildTensor, rebuildParameter, Pickle.Global("collections", "OrderedDict"),
        ])

    private static let rebuildTensor = Pickle.Global("torch._utils", "_rebuild_tensor_v2")
    private static let rebuildParameter = Pickle.Global("torch._utils", "_rebuild_parameter")
    private static let elementTypes: [String: ElementType] = [
        "FloatStorage": .f32, "DoubleStorage": .f64, "HalfStorage": .f16, "BFloat16Storage": .bf16,
        "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8,
        "BoolStorage": .bool,
    ]

    /// The most dimensions of a tensor, as in PyTorch: any number of tensors may be given the same list of them.
    private static let rankLimit = 64
    /// The longest path through a tree of modules, in bytes.
    private static let pathLimit = 4096

    let pickle: Pickle
    let path: String

    /// All storages the pickle refers to, by key.
    func storages() throws -> [String: Storage] {
        var storages: [String: Storage] = [:]
        for node in pickle.nodes {
            guard case .persistent(let reference) = node else { continue }
            let storage = try storage(reference)
            if let known = storages[storage.key] {
                guard known.elementType == storage.elementType, known.count == storage.count else {
                    throw malformed("storage \(storage.key) is described in two ways")
                }
            }
            storages[storage.key] = storage
        }
        return storages
    }

    /// The tensors by name; `load` fetches a storage's bytes.
    func tensors(
        load: @escaping @Sendable (Storage) throws -> ByteRegion
    ) throws -> [String: StoredTensor] {
        if case .record = pickle[pickle.root] { return try moduleTensors(load: load) }
        let nested = pickle.value("state_dict", in: pickle.root)
        let dictionary = nested.flatMap { pickle.entries($0) == nil ? nil : $0 } ?? pickle.root
        guard let entries = pickle.entries(dictionary) else {
            throw FormatError(
                .unsupported, "the checkpoint is not a dictionary of tensors", path: path,
                remedy: "save model.state_dict() instead of the model")
        }
        var tensors: [String: StoredTensor] = [:]
        for (key, value) in entries {
            guard let name = key.string, case .call(let callable, let arguments) = pickle[value] else { continue }
            tensors[name] = try tensor(name, callable, arguments, load: load)
        }
        guard !tensors.isEmpty else {
            let keys = entries.compactMap(\.key.string).prefix(10).joined(separator: ", ")
            throw FormatError(.missingTensor, "no tensors in the dictionary with the keys \(keys)", path: path)
        }
        return tensors
    }

    /// The tensors of a tree of modules, a name being the path through the tree; all else that modules hold is passed over.
    private func moduleTensors(
        load: @escaping @Sendable (Storage) throws -> ByteRegion
    ) throws -> [String: StoredTensor] {
        var tensors: [String: StoredTensor] = [:]
        var modules: [(value: Pickle.Value, prefix: String)] = [(pickle.root, "")]
        // A tree that shares parts or contains itself would otherwise grow without end.
        var visitsLeft = pickle.nodes.count
        while let (module, prefix) = modules.popLast() {
            guard case .record(let state) = pickle[module], let entries = pickle.entries(state) else { continue }
            for (key, value) in entries {
                guard let key = key.string else { continue }
                switch pickle[value] {
                case .record:
                    visitsLeft -= 1
                    guard visitsLeft > 0, prefix.utf8.count + key.utf8.count < Self.pathLimit else {
                        throw malformed("modules that contain each other")
                    }
                    modules.append((value, prefix + key + "."))
                case .call(let callable, let arguments)
                where callable == Self.rebuildTensor || callable == Self.rebuildParameter:
                    tensors[prefix + key] = try tensor(prefix + key, callable, arguments, load: load)
                default: continue
                }
            }
        }
        guard !tensors.isEmpty else { throw FormatError(.missingTensor, "no tensors in the modules", path: path) }
        return tensors
    }

    private func tensor(
        _ name: String, _ callable: Pickle.Global, _ arguments: [Pickle.Value],
        load: @escaping @Sendable (Storage) throws -> ByteRegion
    ) throws -> StoredTensor {
        var (callable, arguments) = (callable, arguments)
        if callable == Self.rebuildParameter, let data = arguments.first,
            case .call(let inner, let innerArguments) = pickle[data]
        {
            (callable, arguments) = (inner, innerArguments)
        }
        guard callable == Self.rebuildTensor, arguments.count >= 4,
            case .persistent(let reference) = pickle[arguments[0]], let offset = arguments[1].integer,
            let shape = integers(arguments[2]), let strides = integers(arguments[3])
        else { throw malformed("a tensor that is not described by storage, offset, shape and strides", at: name) }
        let storage = try storage(reference)
        do throws(LayoutError) {
            let layout = try StridedLayout(
                shape: shape, strides: strides, offset: offset, storageCount: storage.view.count)
            return StoredTensor(
                name: name, elementType: storage.elementType, path: path, layout: layout,
                storage: { try load(storage) })
        } catch {
            throw malformed(error.message, at: name)
        }
    }

    /// ("storage", type, key, location, count[, (view key, offset, count)])
    private func storage(_ reference: Pickle.Value) throws -> Storage {
        guard let parts = pickle.items(reference), parts.count == 5 || parts.count == 6,
            parts[0] == .string("storage"), case .global(let type) = parts[1], type.module == "torch",
            let elementType = Self.elementTypes[type.name], let key = parts[2].string, let count = parts[4].integer,
            count >= 0, !count.multipliedReportingOverflow(by: elementType.byteCount).overflow
        else { throw malformed("a reference that does not describe a storage") }
        var view = 0..<count
        if parts.count == 6, parts[5] != .none {
            guard let viewParts = pickle.items(parts[5]), viewParts.count == 3, let start = viewParts[1].integer,
                let length = viewParts[2].integer, start >= 0, length >= 0, start <= count, length <= count - start
            else { throw malformed("a view beyond its storage \(key)") }
            view = start..<start + length
        }
        return Storage(key: key, elementType: elementType, count: count, view: view)
    }

    /// A tensor's shape or strides.
    private func integers(_ value: Pickle.Value) -> [Int]? {
        guard let items = pickle.items(value), items.count <= Self.rankLimit else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }

    private func malformed(_ message: String, at location: String? = nil) -> FormatError {
        FormatError(.malformed, message, path: path, location: location)
    }
}

extension TorchStateDictionary.Storage {
    /// The bytes of the view within those of the whole storage.
    func viewed(_ whole: ByteRegion, path: String) throws -> ByteRegion {
        let size = elementType.byteCount
        guard let part = whole.part(offset: view.lowerBound * size, count: view.count * size) else {
            throw FormatError(.truncated, "storage shorter than its \(count) elements", path: path, location: key)
        }
        return part
    }
}
