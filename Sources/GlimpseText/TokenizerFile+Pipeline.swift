import GlimpseFormats

extension TokenizerFile {
    /// The whole way of a text through the file, around a model.
    ///
    /// - Parameter template: the tokens around a text; those of the file where nil.
    func pipeline<Model: SubwordModel>(
        of model: Model, _ contextLength: Int, _ cleaning: TextCleaning, template: TextTemplate? = nil
    ) throws -> TokenizerPipeline<Model> {
        let addedTokens = try addedTokens()
        let ids: (start: [Int32], end: [Int32])
        if let template {
            func id(_ token: String) throws -> Int32 {
                guard let found = addedTokens.last(where: { $0.content.elementsEqual(token.utf8) }) else {
                    throw TextError(
                        .invalidArgument, "the tokenizer has no special token \(token)", path: path,
                        location: "added_tokens")
                }
                return found.id
            }
            ids = (try template.start.map(id), try template.end.map(id))
        } else {
            ids = try self.template()
        }
        return TokenizerPipeline(
            contextLength: contextLength, cleaning: cleaning, addedTokens: addedTokens,
            normalizer: TextNormalizer(steps: try present(root["normalizer"]).map(normalization) ?? []),
            splitters: try wordSplitting().splitters, model: model, startIDs: ids.start, endIDs: ids.end)
    }

    /// What CLIP's file says of normalisation, for models that come without it.
    static let clipNormalization: [TextNormalizer.Step] = [
        .composed(isCompatible: false), .replace(.whitespace, by: [0x20]), .lowercase,
    ]

    // MARK: Normalisation

    private func normalization(_ part: JSON) throws -> [TextNormalizer.Step] {
        let location = "normalizer"
        switch part["type"]?.string {
        case "Sequence":
            guard let parts = part["normalizers"]?.array else { throw malformed("no steps", at: location) }
            return try parts.flatMap(normalization)
        case "NFC": return [.composed(isCompatible: false)]
        case "NFKC": return [.composed(isCompatible: true)]
        case "Lowercase": return [.lowercase]
        case "Strip":
            return [
                .strip(left: part["strip_left"]?.boolean ?? true, right: part["strip_right"]?.boolean ?? true)
            ]
        case "Prepend":
            guard let prefix = part["prepend"]?.string else { throw malformed("nothing to prepend", at: location) }
            return [.prepend(Array(prefix.utf8))]
        case "Replace":
            guard let content = part["content"]?.string else { throw malformed("no replacement", at: location) }
            return [.replace(try replacePattern(part["pattern"]), by: Array(content.utf8))]
        case "Precompiled":
            guard let map = part["precompiled_charsmap"]?.string else {
                throw malformed("no character map", at: location)
            }
            return [.characterMap(try CharacterMap(base64: map, path: path, location: "normalizer"))]
        case let type:
            throw TextError(.unsupported, "normaliser \(type ?? "without type")", path: path, location: location)
        }
    }

    private func replacePattern(_ pattern: JSON?) throws -> ReplacePattern {
        if let text = pattern?["String"]?.string { return ReplacePattern(text: text) }
        guard let expression = pattern?["Regex"]?.string else { throw malformed("no pattern", at: "normalizer") }
        guard let pattern = ReplacePattern(expression: expression) else {
            throw TextError(
                .unsupported, "the regular expression \(expression), a single class with a count expected",
                path: path, location: "normalizer")
        }
        return pattern
    }

    // MARK: Words

    /// The steps that split text into words, and whether words are then written in bytes.
    func wordSplitting() throws -> (splitters: [WordSplitter], isByteLevel: Bool) {
        guard let root = present(root["pre_tokenizer"]) else { return ([], false) }
        var parts = [root]
        if root["type"]?.string == "Sequence" {
            guard let steps = root["pretokenizers"]?.array else { throw malformed("no steps", at: "pre_tokenizer") }
            parts = steps
        }
        guard let last = parts.last, last["type"]?.string == "ByteLevel" else {
            return (try parts.map { try wordSplitter($0, splitsSpecials: false) }, false)
        }
        guard parts.count > 1, last["add_prefix_space"]?.boolean == false else {
            throw TextError(
                .unsupported, "ByteLevel without CLIP's pattern before it", path: path, location: "pre_tokenizer")
        }
        let splitsSpecials = last["use_regex"]?.boolean ?? true
        return (try parts.dropLast().map { try wordSplitter($0, splitsSpecials: splitsSpecials) }, true)
    }

    private static let clipPattern = #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#
    private static let clipSpecials = #"<\|startoftext\|>|<\|endoftext\|>|"#

    private func wordSplitter(_ part: JSON, splitsSpecials: Bool) throws -> WordSplitter {
        let location = "pre_tokenizer"
        switch part["type"]?.string {
        case "WhitespaceSplit": return .whitespace
        case "Metaspace": return .metaspace(try metaspace(part))
        case "Split":
            let behavior = part["behavior"]?.string?.lowercased() ?? "absent"
            let isInverted = part["invert"]?.boolean ?? false
            if let text = part["pattern"]?["String"]?.string, !text.isEmpty, behavior == "mergedwithprevious",
                !isInverted
            {
                return .endedBy(Array(text.utf8))
            }
            let expression = part["pattern"]?["Regex"]?.string ?? part["pattern"]?["String"]?.string ?? "none"
            var words = CLIPWords.tokenizersLibrary
            words.splitsSpecials = splitsSpecials
            if expression == Self.clipPattern { words.specials = [] }
            guard expression == Self.clipPattern || expression == Self.clipSpecials + Self.clipPattern,
                behavior == "removed", isInverted
            else {
                throw TextError(
                    .unsupported, "a split at \(expression) (\(behavior), inverted: \(isInverted))", path: path,
                    location: location)
            }
            return .clip(words)
        case let type:
            throw TextError(.unsupported, "pre-tokeniser \(type ?? "without type")", path: path, location: location)
        }
    }

    private func metaspace(_ part: JSON) throws -> WordSplitter.Metaspace {
        let mark = part["replacement"]?.string ?? "\u{2581}"
        let addsPrefix = part["add_prefix_space"]?.boolean ?? true
        let scheme = part["prepend_scheme"]?.string ?? (addsPrefix ? "always" : "never")
        guard let prefix = WordSplitter.Metaspace.Prefix(rawValue: scheme), mark.unicodeScalars.count == 1 else {
            throw malformed("Metaspace with replacement \"\(mark)\" and scheme \(scheme)", at: "pre_tokenizer")
        }
        return WordSplitter.Metaspace(
            mark: Array(mark.utf8), prefix: prefix, splits: part["split"]?.boolean ?? true)
    }

    // MARK: Models

    /// The model's type, such as `BPE`.
    var modelType: String? { root["model"]?["type"]?.string }

    /// The model, where it is BPE.
    func bytePairModel() throws -> BytePairModel {
        guard let model = root["model"] else { throw malformed("no model", at: "model") }
        try require("BPE", in: model, at: "model")
        if let prefix = present(model["continuing_subword_prefix"])?.string, !prefix.isEmpty {
            throw TextError(
                .unsupported, "pieces that start with \(prefix)", path: path,
                location: "model.continuing_subword_prefix")
        }
        let table = try tokenIDs()
        let endOfWord = present(model["end_of_word_suffix"])?.string ?? ""
        guard let merges else { throw malformed("no merges", at: "model.merges") }
        let alphabet: BytePairModel.Alphabet
        if try wordSplitting().isByteLevel {
            let reader = BytePairReader(path: path, location: "model.merges", vocabulary: table)
            alphabet = try reader.bytes(endOfWord: endOfWord)
        } else {
            let unknown = present(model["unk_token"])?.string
            let unknownID = unknown.flatMap { table.id(of: $0) }
            if let unknown, unknownID == nil {
                throw malformed("the vocabulary lacks the unknown token \(unknown)", at: "model.vocab")
            }
            alphabet = .characters(
                CharacterAlphabet(
                    vocabulary: table, suffix: Array(endOfWord.utf8),
                    byteIDs: model["byte_fallback"]?.boolean == true
                        ? BytePairReader.byteFallbackIDs { table.id(of: $0) } : [],
                    unknownID: unknownID, fusesUnknown: model["fuse_unk"]?.boolean ?? false))
        }
        return BytePairModel(
            alphabet: alphabet, merges: try merges.get(),
            wholeWords: model["ignore_merges"]?.boolean == true ? table : nil)
    }

    /// The model, where it is Unigram.
    func unigramModel() throws -> UnigramModel {
        guard let model = root["model"] else { throw malformed("no model", at: "model") }
        try require("Unigram", in: model, at: "model")
        guard case .pieces(let pieces)? = vocabulary, pieces.count > 0 else {
            throw malformed("no vocabulary", at: "model.vocab")
        }
        guard let unknown = model["unk_id"]?.integer, (0..<pieces.count).contains(unknown) else {
            throw malformed("no valid unk_id", at: "model.unk_id")
        }
        var byteIDs: [Int32] = []
        if model["byte_fallback"]?.boolean == true {
            byteIDs = BytePairReader.byteFallbackIDs { pieces.id(of: $0.utf8) }
        }
        guard !byteIDs.contains(-1) else { throw malformed("the vocabulary lacks bytes", at: "model.byte_fallback") }
        return UnigramModel(
            pieces: pieces, leastScore: pieces.scores.min() ?? 0, unknownID: Int32(unknown),
            byteIDs: byteIDs)
    }
}
