import GlimpseLibrary
import GlimpseTasks

/// A picture that was found, as programs that read our output are told.
struct MatchRecord: Encodable {
    let path: String
    let paths: [String]
    let score: Float
    let presence: Float?
    let tier: DuplicateTier?
    let sha256: String
    let width: Int
    let height: Int
    let taken: String?
    let camera: String?
    let latitude: Double?
    let longitude: Double?

    init(_ answer: SearchAnswer) {
        self.init(answer.match, presence: answer.presence, tier: nil)
    }

    init(_ picture: SimilarPicture) {
        self.init(picture.match, presence: nil, tier: picture.tier)
    }

    private init(_ match: SearchMatch, presence: Float?, tier: DuplicateTier?) {
        path = match.path
        paths = match.paths
        score = match.score
        self.presence = presence
        self.tier = tier
        sha256 = match.contentHash.description
        width = match.description.width
        height = match.description.height
        taken = match.description.cameraTime
        camera = match.description.camera
        latitude = match.description.place?.latitude
        longitude = match.description.place?.longitude
    }
}
