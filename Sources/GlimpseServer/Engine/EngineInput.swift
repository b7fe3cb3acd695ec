import Foundation
import GlimpseModels

/// What an engine embeds.
enum EngineInput: Sendable {
    /// A description.
    case text(String)
    /// The bytes of a picture file.
    case picture(Data)

    /// What batches are made of: one pass of a model takes pictures or texts, not both.
    enum Kind: Hashable, Sendable, CaseIterable {
        case text, picture
    }

    var kind: Kind {
        switch self {
        case .text: .text
        case .picture: .picture
        }
    }
}

/// What comes of an input.
struct EngineOutput: Sendable {
    /// The vector as the model gives it, [D], of any length.
    let projection: [Float]
    /// The same point with length 1.
    let embedding: Embedding
    /// The size of the upright picture in pixels; nil for texts.
    let size: PictureSize?

    /// Width and height.
    struct PictureSize: Hashable, Sendable {
        let width: Int
        let height: Int
    }
}
