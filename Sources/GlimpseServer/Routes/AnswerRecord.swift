import Foundation
import GlimpseLibrary
import GlimpseTasks

/// A picture of the library, as clients are told.
struct PictureRecord: Encodable, Sendable {
    let id: String
    let path: String
    let paths: [String]
    let width: Int
    let height: Int
    let format: String
    @Nullable var capturedAt: String?
    @Nullable var camera: String?
    let thumbnail: String
    let picture: String

    init(_ hash: ContentHash, paths: [String], _ description: ContentDescription) {
        id = hash.description
        path = paths.first ?? ""
        self.paths = paths
        width = description.width
        height = description.height
        format = description.format ?? "unknown"
        capturedAt = description.cameraTime
        camera = description.camera
        picture = "/api/v1/pictures/\(hash)"
        thumbnail = "/api/v1/pictures/\(hash)/thumbnail"
    }
}

/// A picture that answers a search, as clients are told.
struct AnswerRecord: Encodable, Sendable {
    private let record: PictureRecord
    private let score: Float
    @Nullable private var presence: Float?
    @Nullable private var tier: String?

    init(_ answer: SearchAnswer) {
        self.init(answer.match, presence: answer.presence, tier: nil)
    }

    init(_ picture: SimilarPicture) {
        self.init(picture.match, presence: nil, tier: picture.tier)
    }

    private init(_ match: SearchMatch, presence: Float?, tier: DuplicateTier?) {
        record = PictureRecord(match.contentHash, paths: match.paths, match.description)
        score = match.score
        self.presence = presence
        self.tier = tier?.rawValue
    }

    private enum CodingKeys: CodingKey {
        case score, presence, tier
    }

    func encode(to encoder: any Encoder) throws {
        try record.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(score, forKey: .score)
        try container.encode(presence, forKey: .presence)
        try container.encode(tier, forKey: .tier)
    }
}

/// The answers to a search, as clients are told.
struct AnswerList: Encodable, Sendable {
    let model: String
    let isFound: Bool
    let answers: [AnswerRecord]
}
