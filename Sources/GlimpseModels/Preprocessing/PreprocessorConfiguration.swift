/// How a model wants its pictures, under the names of Hugging Face's `preprocessor_config.json`.
struct PreprocessorConfiguration: Codable, Hashable, Sendable {
    /// Either the shortest edge, which keeps the proportions, or a height and a width, which do not.
    struct Size: Codable, Hashable, Sendable {
        var shortestEdge: Int?
        var height: Int?
        var width: Int?

        enum CodingKeys: String, CodingKey {
            case shortestEdge = "shortest_edge"
            case height
            case width
        }
    }

    let size: Size
    let cropSize: Size?
    /// Pillow's number of the filter: 2 is bilinear, 3 bicubic.
    let resample: Int
    let imageMean: [Float]
    let imageStandardDeviation: [Float]

    enum CodingKeys: String, CodingKey {
        case size
        case cropSize = "crop_size"
        case resample
        case imageMean = "image_mean"
        case imageStandardDeviation = "image_std"
    }
}
