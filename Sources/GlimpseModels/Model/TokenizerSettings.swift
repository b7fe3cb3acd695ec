internal import Foundation
internal import GlimpseFormats

/// What `tokenizer_config.json` says beside the tokenizer itself.
struct TokenizerSettings: Decodable, Hashable, Sendable {
    static let fileName = "tokenizer_config.json"

    private let paddingToken: Token?
    private let decoder: [String: Token]?

    enum CodingKeys: String, CodingKey {
        case paddingToken = "pad_token"
        case decoder = "added_tokens_decoder"
    }

    /// A token, by its text or with how it is found.
    private struct Token: Decodable, Hashable, Sendable {
        let content: String

        enum CodingKeys: String, CodingKey { case content }

        init(from decoder: any Decoder) throws {
            do {
                content = try decoder.singleValueContainer().decode(String.self)
            } catch DecodingError.typeMismatch {
                content = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .content)
            }
        }
    }

    /// The id of the token that fills texts up, where the settings name one.
    ///
    /// - Parameter tokenizerPath: the `tokenizer.json` that gives ids to tokens, where the settings themselves do not.
    func paddingID(tokenizerPath: String?) throws -> Int32? {
        guard let content = paddingToken?.content else { return nil }
        if let id = decoder?.first(where: { $0.value.content == content }).flatMap({ Int32($0.key) }) { return id }
        guard let tokenizerPath else { return nil }
        let file = try MappedFile(path: tokenizerPath).withUnsafeBytes { try JSON.parse($0, path: tokenizerPath) }
        let token = file["added_tokens"]?.array?.first { $0["content"]?.string == content }
        return token?["id"]?.integer.flatMap(Int32.init(exactly:))
    }
}

extension ModelFolder {
    /// The id of the token that fills texts up; nil where the folder does not say.
    func paddingID() throws -> Int32? {
        guard contains(TokenizerSettings.fileName) else { return nil }
        return try decode(TokenizerSettings.self, from: TokenizerSettings.fileName)
            .paddingID(tokenizerPath: contains(Self.tokenizer) ? path(Self.tokenizer) : nil)
    }
}
