import GlimpseFormats

/// A model file of SentencePiece (`spiece.model`), of which the unigram kind is read.
struct SentencePieceFile {
    /// What a piece is for.
    enum Kind: UInt64 {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    /// A piece; its id is its place.
    struct Piece {
        var text: [UInt8] = []
        var score: Float = 0
        var kind = Kind.normal
    }

    let path: String
    private(set) var pieces: [Piece] = []
    private(set) var characterMap: CharacterMap?
    private(set) var addsPrefix = true
    private(set) var removesExtraSpaces = true
    private(set) var escapesSpaces = true
    private(set) var usesByteFallback = false

    /// Reads the file.
    ///
    /// - Throws: `TextError`: `.unsupported` for other than unigram models.
    init(path: String) throws {
        self.path = path
        let content: [UInt8]
        do {
            content = try MappedFile(path: path).withUnsafeBytes { Array($0) }
        } catch let error as FormatError {
            throw TextError(error)
        }
        do {
            try read(content[...])
        } catch let error as ProtobufReader.Malformed {
            throw TextError(
                .malformed, "not a SentencePiece model, or a damaged one", path: path,
                location: "byte \(error.position)")
        }
        guard !pieces.isEmpty else { throw TextError(.malformed, "a SentencePiece model without pieces", path: path) }
    }

    private mutating func read(_ message: ArraySlice<UInt8>) throws {
        var reader = ProtobufReader(message)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let piece)): try pieces.append(readPiece(piece))
            case (2, .bytes(let trainer)): try readTrainer(trainer)
            case (3, .bytes(let normalizer)): try readNormalizer(normalizer)
            default: break
            }
        }
    }

    private func readPiece(_ message: ArraySlice<UInt8>) throws -> Piece {
        var reader = ProtobufReader(message)
        var piece = Piece()
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): piece.text = Array(text)
            case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
            case (3, .integer(let kind)):
                guard let kind = Kind(rawValue: kind) else {
                    throw ProtobufReader.Malformed(position: reader.position)
                }
                piece.kind = kind
            default: break
            }
        }
        guard piece.score.isFinite else { throw ProtobufReader.Malformed(position: reader.position) }
        return piece
    }

    private mutating func readTrainer(_ message: ArraySlice<UInt8>) throws {
        var reader = ProtobufReader(message)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (3, .integer(let type)):
                guard type == 1 else {
                    throw TextError(
                        .unsupported, "a SentencePiece model of type \(type), unigram (1) expected", path: path,
                        location: "trainer_spec.model_type", remedy: "use the model's tokenizer.json")
                }
            case (24, .integer(let isSuffix)):
                guard isSuffix == 0 else {
                    throw TextError(
                        .unsupported, "white space at the end of pieces", path: path,
                        location: "trainer_spec.treat_whitespace_as_suffix")
                }
            case (35, .integer(let isOn)): usesByteFallback = isOn != 0
            default: break
            }
        }
    }

    private mutating func readNormalizer(_ message: ArraySlice<UInt8>) throws {
        var reader = ProtobufReader(message)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (2, .bytes(let map)) where !map.isEmpty:
                characterMap = try CharacterMap(Array(map), path: path, location: "normalizer_spec")
            case (3, .integer(let isOn)): addsPrefix = isOn != 0
            case (4, .integer(let isOn)): removesExtraSpaces = isOn != 0
            case (5, .integer(let isOn)): escapesSpaces = isOn != 0
            default: break
            }
        }
    }
}
