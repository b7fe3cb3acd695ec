/// How a model wants its pictures, under the names of Hugging Face's `preprocessor_config.json`.
struct PreprocessorConfiguration: Codable, Hashable, Sendable {
    /// A shortest edge, which keeps the proportions; or a height and a width, which do not. Older files have a number in its place.
    struct Size: Codable, Hashable, Sendable {
        var shortestEdge: Int?
        var height: Int?
        var width: Int?
        /// A bare number: of a size the shortest edge, of a crop both sides.
        var side: Int?

        enum CodingKeys: String, CodingKey {
            case shortestEdge = "shortest_edge"
            case height
            case width
        }

        init(shortestEdge: Int? = nil, height: Int? = nil, width: Int? = nil) {
            (self.shortestEdge, self.height, self.width) = (shortestEdge, height, width)
        }

        init(from decoder: any Decoder) throws {
            do {
                side = try decoder.singleValueContainer().decode(Int.self)
            } catch DecodingError.typeMismatch {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                shortestEdge = try container.decodeIfPresent(Int.self, forKey: .shortestEdge)
                height = try container.decodeIfPresent(Int.self, forKey: .height)
                width = try container.decodeIfPresent(Int.self, forKey: .width)
            }
        }
    }

    let size: Size
    let cropSize: Size?
    /// Whether the middle is cut out; where it is not said, whether there is a crop size.
    var cropsCenter: Bool?
    /// Pillow's number of the filter: 2 is bilinear, 3 bicubic.
    let resample: Int
    let imageMean: [Float]
    let imageStandardDeviation: [Float]

    enum CodingKeys: String, CodingKey {
        case size
        case cropSize = "crop_size"
        case cropsCenter = "do_center_crop"
        case resample
        case imageMean = "image_mean"
        case imageStandardDeviation = "image_std"
    }
}
