/// What a Python pickle describes, read as data: no code is run, no object is made.
///
/// The values form a graph that may share parts and contain itself; containers are numbers into a table, so that neither
/// costs anything here. Whoever walks the graph bounds the walk.
package struct Pickle: Sendable {
    /// A class or function the pickle names.
    package struct Global: Hashable, Sendable {
        /// The module, such as `torch._utils`.
        package let module: String
        /// The name in the module.
        package let name: String

        /// Names a global.
        package init(_ module: String, _ name: String) {
            self.module = module
            self.name = name
        }
    }

    /// A value; containers by their number.
    package enum Value: Hashable, Sendable {
        /// Python's `None`.
        case none
        /// `True` or `False`.
        case boolean(Bool)
        /// An integer that fits 64 bits.
        case integer(Int)
        /// A larger integer: two's complement, little-endian.
        case largeInteger([UInt8])
        /// A float.
        case real(Double)
        /// Text.
        case string(String)
        /// Bytes.
        case bytes([UInt8])
        /// A class or function from the allow-list.
        case global(Global)
        /// A list, tuple, dictionary, call or persistent reference.
        case node(Int)
    }

    /// What a container holds.
    package enum Node: Sendable {
        /// Items in order, changeable in Python.
        case list([Value])
        /// Items in order.
        case tuple([Value])
        /// Items in order of insertion; the last of equal keys counts.
        case dictionary([(key: Value, value: Value)])
        /// A call that is not made: the callable and its arguments.
        case call(Global, arguments: [Value])
        /// An object of a class whose code is not looked at, and the state it was given: None until then.
        case record(state: Value)
        /// A reference to something outside the pickle, such as a tensor's storage.
        case persistent(Value)
    }

    /// What a pickle may mention; anything else is refused.
    package struct Allowed: Hashable, Sendable {
        /// Classes and functions by name.
        package let globals: Set<Global>
        /// Modules, with those below them, whose classes may appear as records: TorchScript's `__torch__`.
        package let recordModule: String?

        /// Lists what may be mentioned.
        package init(_ globals: Set<Global> = [], recordModule: String? = nil) {
            self.globals = globals
            self.recordModule = recordModule
        }

        func contains(_ global: Global) -> Bool { globals.contains(global) || isRecord(global) }

        func isRecord(_ global: Global) -> Bool {
            guard let recordModule else { return false }
            return global.module == recordModule || global.module.hasPrefix(recordModule + ".")
        }
    }

    /// Bounds of a read, against small files with large effects.
    package struct Limits: Hashable, Sendable {
        /// The longest pickle in bytes.
        package var byteCount = 1 << 26
        /// The most containers, memo entries, stack slots and copied entries, each.
        package var valueCount = 4_000_000

        /// The usual bounds: far above what a checkpoint of thousands of tensors needs.
        package init() {}
    }

    /// The value of the whole.
    package let root: Value
    /// The containers, by number.
    package let nodes: [Node]

    /// The container behind a value.
    package subscript(_ value: Value) -> Node? {
        guard case .node(let index) = value, nodes.indices.contains(index) else { return nil }
        return nodes[index]
    }

    /// The items of a list or tuple.
    package func items(_ value: Value) -> [Value]? {
        switch self[value] {
        case .list(let items), .tuple(let items): items
        default: nil
        }
    }

    /// The entries of a dictionary.
    package func entries(_ value: Value) -> [(key: Value, value: Value)]? {
        if case .dictionary(let entries) = self[value] { entries } else { nil }
    }

    /// The value of a dictionary's last entry of that key.
    package func value(_ key: String, in dictionary: Value) -> Value? {
        entries(dictionary)?.last { $0.key == .string(key) }?.value
    }
}

extension Pickle.Value {
    /// The value of an integer.
    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The value of a text.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }
}
