internal import GlimpseLibrary

/// Something to embed: a text, or a picture's path.
public enum EmbeddingInput: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A picture's path.
    case picture(String)

    /// Takes a line for a picture when it names an existing file, or has a slash in it and a picture's extension; else for a text.
    public init(_ line: String, fileExists: (String) -> Bool) {
        let isPicture = fileExists(line) || (line.contains("/") && PictureExtensions.matches(line))
        self = isPicture ? .picture(line) : .text(line)
    }

    /// The text or the path.
    public var value: String {
        switch self {
        case .text(let value), .picture(let value): value
        }
    }
}
