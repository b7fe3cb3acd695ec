/// Reads pickles of protocols 2 to 5 as data (opcodes as described in CPython's `pickletools`).
///
/// Only globals of the allow-list may be named, and even those are never called: a call becomes a node, and an object of a
/// class from a module of records becomes a record of its state.
/// `collections.OrderedDict` becomes a dictionary.
struct PickleReader {
    private static let orderedDictionary = Pickle.Global("collections", "OrderedDict")

    private var reader: ByteReader
    private let allowed: Pickle.Allowed
    private let limits: Pickle.Limits
    private var stack: [Pickle.Value] = []
    private var marks: [Int] = []
    private var memo: [Int: Pickle.Value] = [:]
    private var nodes: [Pickle.Node] = []
    /// How many entries of dictionaries were copied from lists of pairs: a list may be given any number of times.
    private var copiedCount = 0
    private var opcodePosition = 0

    private init(_ reader: ByteReader, allowed: Pickle.Allowed, limits: Pickle.Limits) {
        self.reader = reader
        self.allowed = allowed
        self.limits = limits
    }

    /// Reads one pickle at the reader's position and moves it behind.
    ///
    /// - Throws: `FormatError`: `.forbidden` for anything that would run code, `.tooLarge` beyond the limits.
    /// - Complexity: O(bytes) in time and memory, and at most `limits.valueCount` entries more where one list is given
    ///   to many ordered dictionaries.
    static func read(
        _ reader: inout ByteReader, allowed: Pickle.Allowed, limits: Pickle.Limits = Pickle.Limits()
    ) throws -> Pickle {
        var interpreter = PickleReader(reader, allowed: allowed, limits: limits)
        let root = try interpreter.run()
        reader = interpreter.reader
        return Pickle(root: root, nodes: interpreter.nodes)
    }

    private mutating func run() throws -> Pickle.Value {
        let start = reader.position
        while true {
            opcodePosition = reader.base + reader.position
            guard reader.position - start < limits.byteCount else { throw tooLarge("\(limits.byteCount) bytes") }
            guard stack.count < limits.valueCount, memo.count < limits.valueCount, nodes.count < limits.valueCount,
                marks.count < limits.valueCount
            else { throw tooLarge("\(limits.valueCount) values") }
            let code = try reader.byte()
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw failure(
                    .unsupported, "pickle opcode 0x\(String(code, radix: 16)) is not one of those that describe tensors"
                )
            }
            if opcode == .stop { return try pop() }
            try execute(opcode)
        }
    }

    private mutating func execute(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .protocol:
            let version = try reader.byte()
            guard (2...5).contains(version) else { throw failure(.unsupported, "pickle protocol \(version)") }
        case .frame: _ = try reader.size64()
        case .stop: break  // ends the loop in run()
        case .mark: marks.append(stack.count)
        case .none: push(.none)
        case .newTrue: push(.boolean(true))
        case .newFalse: push(.boolean(false))
        case .binaryInteger: push(.integer(Int(try reader.integer(Int32.self))))
        case .binaryInteger1: push(.integer(Int(try reader.byte())))
        case .binaryInteger2: push(.integer(Int(try reader.integer(UInt16.self))))
        case .long1: push(try long(Int(try reader.byte())))
        case .long4: push(try long(Int(try reader.integer(Int32.self))))
        case .binaryFloat: push(.real(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
        case .unicode1, .shortString: push(.string(try reader.string(Int(try reader.byte()))))
        case .unicode4: push(.string(try reader.string(Int(try reader.integer(UInt32.self)))))
        case .unicode8: push(.string(try reader.string(try reader.size64())))
        case .longString: push(.string(try reader.string(Int(try reader.integer(Int32.self)))))
        case .bytes1: push(.bytes(Array(try reader.take(Int(try reader.byte())))))
        case .bytes4: push(.bytes(Array(try reader.take(Int(try reader.integer(UInt32.self))))))
        case .bytes8: push(.bytes(Array(try reader.take(try reader.size64()))))
        case .global: push(try global(module: try text(try reader.line()), name: try text(try reader.line())))
        case .stackGlobal: try stackGlobal()
        case .pop: if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .duplicate: push(try top())
        case .put: memo[Int(try reader.byte())] = try top()
        case .longPut: memo[Int(try reader.integer(UInt32.self))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .get: push(try remembered(Int(try reader.byte())))
        case .longGet: push(try remembered(Int(try reader.integer(UInt32.self))))
        case .emptyList: pushNode(.list([]))
        case .emptyTuple: pushNode(.tuple([]))
        case .emptyDictionary: pushNode(.dictionary([]))
        case .tuple: pushNode(.tuple(try popToMark()))
        case .tuple1: pushNode(.tuple(try pop(count: 1)))
        case .tuple2: pushNode(.tuple(try pop(count: 2)))
        case .tuple3: pushNode(.tuple(try pop(count: 3)))
        case .append: try append(try pop(count: 1))
        case .appends: try append(try popToMark())
        case .setItem: try setItems(try pop(count: 2))
        case .setItems: try setItems(try popToMark())
        case .persistent: pushNode(.persistent(try pop()))
        case .reduce: try reduce()
        case .build: try build()
        case .newObject: try newObject()
        case .newObjectWithKeywords, .instance, .object, .extension1, .extension2, .extension4:
            throw madeObject()
        }
    }

    private static let remedy = "use weights saved as safetensors, or a checkpoint that holds only a state dictionary"

    // MARK: Globals and calls

    private func global(module: String, name: String) throws -> Pickle.Value {
        let global = Pickle.Global(module, name)
        guard allowed.contains(global) else {
            throw failure(
                .forbidden,
                "asks for \(module).\(name), which is not on the list of tensor-building names; "
                    + "no code from a checkpoint is ever run", remedy: Self.remedy)
        }
        return .global(global)
    }

    private mutating func stackGlobal() throws {
        let names = try pop(count: 2)
        guard let module = names[0].string, let name = names[1].string else {
            throw failure(.malformed, "a global whose name is not text")
        }
        push(try global(module: module, name: name))
    }

    private mutating func newObject() throws {
        let operands = try pop(count: 2)
        guard case .global(let type) = operands[0], allowed.isRecord(type), case .node(let index) = operands[1],
            case .tuple(let arguments) = nodes[index], arguments.isEmpty
        else { throw madeObject() }
        pushNode(.record(state: .none))
    }

    private mutating func reduce() throws {
        let operands = try pop(count: 2)
        guard case .global(let callable) = operands[0] else {
            throw failure(.forbidden, "calls what is not a global", remedy: Self.remedy)
        }
        guard case .node(let index) = operands[1], case .tuple(let arguments) = nodes[index] else {
            throw failure(.malformed, "a call whose arguments are not a tuple")
        }
        guard callable == Self.orderedDictionary else {
            return pushNode(.call(callable, arguments: arguments))
        }
        pushNode(.dictionary(try orderedEntries(arguments)))
    }

    /// The entries given to `OrderedDict`: none, or one list of pairs, as Python 2 wrote it.
    private mutating func orderedEntries(
        _ arguments: [Pickle.Value]
    ) throws -> [(key: Pickle.Value, value: Pickle.Value)] {
        guard let first = arguments.first else { return [] }
        guard arguments.count == 1, case .node(let index) = first, case .list(let pairs) = nodes[index] else {
            throw failure(.malformed, "an ordered dictionary that is not given a list of pairs")
        }
        guard pairs.count <= limits.valueCount - copiedCount else { throw tooLarge("\(limits.valueCount) values") }
        copiedCount += pairs.count
        return try pairs.map { pair in
            guard case .node(let index) = pair else { throw failure(.malformed, "an entry that is not a pair") }
            switch nodes[index] {
            case .list(let items) where items.count == 2, .tuple(let items) where items.count == 2:
                return (items[0], items[1])
            default: throw failure(.malformed, "an entry that is not a pair")
            }
        }
    }

    /// Gives a record its state; attributes set on an ordered dictionary (such as a state dictionary's `_metadata`) are passed over.
    private mutating func build() throws {
        let state = try pop()
        guard case .node(let index) = try top() else {
            throw failure(.forbidden, "sets the state of an object", remedy: Self.remedy)
        }
        switch nodes[index] {
        case .record: nodes[index] = .record(state: state)
        case .dictionary: break
        default: throw failure(.forbidden, "sets the state of an object", remedy: Self.remedy)
        }
    }

    // MARK: Containers

    private mutating func append(_ items: [Pickle.Value]) throws {
        guard case .node(let index) = try top(), case .list(var list) = nodes[index] else {
            throw failure(.malformed, "appends to what is not a list")
        }
        // The list is taken out while it grows, so that it is not copied each time.
        nodes[index] = .list([])
        list.append(contentsOf: items)
        nodes[index] = .list(list)
    }

    private mutating func setItems(_ items: [Pickle.Value]) throws {
        guard case .node(let index) = try top(), case .dictionary(var entries) = nodes[index] else {
            throw failure(.malformed, "sets items of what is not a dictionary")
        }
        guard items.count.isMultiple(of: 2) else { throw failure(.malformed, "a key without a value") }
        nodes[index] = .dictionary([])
        for position in stride(from: 0, to: items.count, by: 2) {
            entries.append((items[position], items[position + 1]))
        }
        nodes[index] = .dictionary(entries)
    }

    // MARK: Stack and memo

    private mutating func push(_ value: Pickle.Value) {
        stack.append(value)
    }

    private mutating func pushNode(_ node: Pickle.Node) {
        nodes.append(node)
        stack.append(.node(nodes.count - 1))
    }

    private func top() throws -> Pickle.Value {
        guard let value = stack.last, stack.count > (marks.last ?? 0) else { throw stackUnderflow() }
        return value
    }

    private mutating func pop() throws -> Pickle.Value {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(count: Int) throws -> [Pickle.Value] {
        guard stack.count - (marks.last ?? 0) >= count else { throw stackUnderflow() }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [Pickle.Value] {
        guard let mark = marks.popLast() else { throw stackUnderflow() }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func remembered(_ index: Int) throws -> Pickle.Value {
        guard let value = memo[index] else { throw failure(.malformed, "memo entry \(index) was never stored") }
        return value
    }

    // MARK: Numbers and text

    private mutating func long(_ count: Int) throws -> Pickle.Value {
        let bytes = Array(try reader.take(count))
        guard bytes.count <= 8 else { return .largeInteger(bytes) }
        var value: UInt64 = bytes.last.map { $0 >= 0x80 ? UInt64.max : 0 } ?? 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        return .integer(Int(Int64(bitPattern: value)))
    }

    private func text(_ bytes: UnsafeRawBufferPointer) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure(.malformed, "a name that is not valid UTF-8")
        }
        return text
    }

    // MARK: Errors

    private func failure(_ code: FormatError.Code, _ message: String, remedy: String? = nil) -> FormatError {
        FormatError(code, message, path: reader.path, location: "byte \(opcodePosition)", remedy: remedy)
    }

    private func madeObject() -> FormatError {
        failure(
            .forbidden, "asks for an object of a class to be made; no code from a checkpoint is ever run",
            remedy: Self.remedy)
    }

    private func stackUnderflow() -> FormatError {
        failure(.malformed, "takes more from the pickle's stack than it holds")
    }

    private func tooLarge(_ limit: String) -> FormatError {
        failure(.tooLarge, "the pickle needs more than \(limit)")
    }
}
