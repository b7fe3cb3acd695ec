public import GlimpseMedia
internal import GlimpseTensor

/// Makes pictures the size and the numbers a model was trained on.
public struct Preprocessor: Sendable {
    /// How a picture of any proportions becomes a square.
    enum Geometry: Hashable, Sendable {
        /// The whole picture, its proportions lost.
        case squash(side: Int)
        /// The shortest side scaled, the middle cut out.
        case centerCrop(shortestSide: Int, crop: Int)

        /// The side of the square, in pixels.
        var side: Int {
            switch self {
            case .squash(let side), .centerCrop(_, let side): side
            }
        }
    }

    let geometry: Geometry
    private let filter: ResampleFilter
    private let mean: [Float]
    private let standardDeviation: [Float]

    /// - Throws: `ModelError` when the configuration's numbers make no picture.
    init(_ configuration: PreprocessorConfiguration, at location: String) throws {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, message, at: location) }
        }
        switch (configuration.size.shortestEdge, configuration.size.height, configuration.size.width) {
        case (let shortest?, nil, nil):
            let crop = configuration.cropSize?.height ?? shortest
            try demand(crop == configuration.cropSize?.width ?? shortest, "crop_size is not a square")
            try demand(shortest >= crop, "a shortest edge of \(shortest) pixels is shorter than the crop of \(crop)")
            geometry = .centerCrop(shortestSide: shortest, crop: crop)
        case (nil, let height?, let width?) where height == width:
            geometry = .squash(side: height)
        default:
            throw ModelError(
                .invalidConfiguration, "size needs either shortest_edge, or height and width that are equal",
                at: location)
        }
        try demand((1...8192).contains(geometry.side), "a side of \(geometry.side) pixels, expected 1 to 8,192")
        switch configuration.resample {
        case 2: filter = .bilinear
        case 3: filter = .bicubic
        default:
            throw ModelError(
                .invalidConfiguration, "resample \(configuration.resample), expected 2 (bilinear) or 3 (bicubic)",
                at: location)
        }
        mean = configuration.imageMean
        standardDeviation = configuration.imageStandardDeviation
        try demand(
            mean.count == 3 && standardDeviation.count == 3 && standardDeviation.allSatisfy { $0 > 0 },
            "image_mean and image_std need three numbers each, those of image_std above zero")
    }

    /// The shortest side that a decoded picture needs to lose nothing the model would see, in pixels.
    public var resolution: Int {
        switch geometry {
        case .squash(let side): side
        case .centerCrop(let shortestSide, _): shortestSide
        }
    }

    /// The picture as the model sees it, still in bytes.
    ///
    /// - Complexity: O(pixels of the picture).
    public func resized(_ picture: Pixels) -> Pixels {
        switch geometry {
        case .squash(let side): picture.resized(width: side, height: side, filter: filter)
        case .centerCrop(let shortestSide, let crop):
            picture.resizedShortestSide(to: shortestSide, cropTo: crop, filter: filter)
        }
    }

    /// - Parameter pictures: B pictures as `resized` makes them.
    /// - Returns: [B, Y, X, 3].
    func normalized(_ pictures: [Pixels], on compute: Compute) -> Tensor {
        compute.normalizePixels(
            count: pictures.count, height: geometry.side, width: geometry.side, mean: mean,
            standardDeviation: standardDeviation
        ) { picture, use in
            pictures[picture].withUnsafeBytes(use)
        }
    }
}
