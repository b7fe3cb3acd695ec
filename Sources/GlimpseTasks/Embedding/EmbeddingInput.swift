internal import GlimpseLibrary

/// Something to embed: a text, or a picture's path.
public enum EmbeddingInput: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A picture's path.
    case picture(String)

    /// Takes a line for a picture when it names an existing file, or is one word (or has a slash in it) and ends in a picture's
    /// extension; else for a text. So a picture that is not there is missed, not taken for words.
    public init(_ line: String, fileExists: (String) -> Bool) {
        let isPath = line.contains("/") || !line.contains(where: \.isWhitespace)
        self = fileExists(line) || (isPath && PictureExtensions.matches(line)) ? .picture(line) : .text(line)
    }

    /// The path of a picture; nil for a text.
    var path: String? {
        if case .picture(let path) = self { path } else { nil }
    }

    /// The text or the path.
    public var value: String {
        switch self {
        case .text(let value), .picture(let value): value
        }
    }
}
