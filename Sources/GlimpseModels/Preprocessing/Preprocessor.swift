public import GlimpseMedia
internal import GlimpseTensor

/// Makes pictures the size and the numbers a model was trained on.
public struct Preprocessor: Sendable {
    /// How a picture of any proportions becomes a square.
    enum Geometry: Hashable, Sendable {
        /// The whole picture, its proportions lost.
        case squash(side: Int)
        /// The shortest side scaled, the middle cut out.
        case centerCrop(shortestSide: Int, crop: Int, CropConvention)
        /// The longest side scaled, black added around.
        case pad(side: Int)

        /// The side of the square, in pixels.
        var side: Int {
            switch self {
            case .squash(let side), .centerCrop(_, let side, _), .pad(let side): side
            }
        }
    }

    let geometry: Geometry
    private let filter: ResampleFilter
    private let mean: [Float]
    private let standardDeviation: [Float]

    /// The mean and standard deviation of the pictures OpenAI trained on, which most models keep.
    private static let clipMean: [Float] = [0.48145466, 0.4578275, 0.40821073]
    private static let clipStandardDeviation: [Float] = [0.26862954, 0.26130258, 0.27577711]

    private init(
        _ geometry: Geometry, filter: ResampleFilter, mean: [Float], standardDeviation: [Float], at location: String
    ) throws {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, message, at: location) }
        }
        try demand((1...8192).contains(geometry.side), "a side of \(geometry.side) pixels, expected 1 to 8,192")
        if case .centerCrop(let shortest, let crop, _) = geometry {
            try demand(
                (crop...65536).contains(shortest),
                "a shortest edge of \(shortest) pixels is shorter than the crop of \(crop), or too long")
        }
        try demand(
            mean.count == 3 && standardDeviation.count == 3 && standardDeviation.allSatisfy { $0 > 0 },
            "mean and standard deviation need three numbers each, those of the deviation above zero")
        self.geometry = geometry
        self.filter = filter
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Reads how transformers prepares pictures.
    ///
    /// - Throws: `ModelError` when the configuration's numbers make no picture.
    init(_ configuration: PreprocessorConfiguration, at location: String) throws {
        let filter: ResampleFilter
        switch configuration.resample {
        case 2: filter = .bilinear
        case 3: filter = .bicubic
        default:
            throw ModelError(
                .invalidConfiguration, "resample \(configuration.resample), expected 2 (bilinear) or 3 (bicubic)",
                at: location)
        }
        try self.init(
            Self.geometry(configuration, at: location), filter: filter, mean: configuration.imageMean,
            standardDeviation: configuration.imageStandardDeviation, at: location)
    }

    private static func geometry(_ configuration: PreprocessorConfiguration, at location: String) throws -> Geometry {
        let (size, cropSize) = (configuration.size, configuration.cropSize)
        if size.shortestEdge == nil, let height = size.height, height == size.width {
            return .squash(side: height)
        }
        guard let shortest = size.shortestEdge ?? size.side, size.height == nil, size.width == nil else {
            throw ModelError(
                .invalidConfiguration, "size needs either shortest_edge, or height and width that are equal",
                at: location)
        }
        let crop = cropSize?.height ?? cropSize?.side ?? shortest
        guard crop == cropSize?.width ?? cropSize?.side ?? shortest else {
            throw ModelError(.invalidConfiguration, "crop_size is not a square", at: location)
        }
        guard configuration.cropsCenter != false else {
            throw ModelError(
                .invalidConfiguration, "pictures that keep their proportions have to be cropped to a square",
                at: location)
        }
        return .centerCrop(shortestSide: shortest, crop: crop, .transformers)
    }

    /// Reads how open_clip prepares pictures; what is left out is as for OpenAI's models.
    ///
    /// - Throws: `ModelError` when the configuration's numbers make no picture.
    init(_ configuration: OpenCLIPConfiguration.Preprocessing?, imageSide: Int, at location: String) throws {
        let filter: ResampleFilter
        switch configuration?.interpolation ?? "bicubic" {
        case "bicubic": filter = .bicubic
        case "bilinear": filter = .bilinear
        case let name:
            throw ModelError(
                .invalidConfiguration, "interpolation \"\(name)\", expected bicubic or bilinear", at: location)
        }
        let geometry: Geometry
        switch configuration?.resizeMode ?? "shortest" {
        case "shortest": geometry = .centerCrop(shortestSide: imageSide, crop: imageSide, .torchvision)
        case "squash": geometry = .squash(side: imageSide)
        case "longest": geometry = .pad(side: imageSide)
        case let mode:
            throw ModelError(
                .invalidConfiguration, "resize_mode \"\(mode)\", expected shortest, squash or longest", at: location)
        }
        try self.init(
            geometry, filter: filter, mean: configuration?.mean ?? Self.clipMean,
            standardDeviation: configuration?.standardDeviation ?? Self.clipStandardDeviation, at: location)
    }

    /// The shortest side that a decoded picture needs to lose nothing the model would see, in pixels.
    public var resolution: Int {
        switch geometry {
        case .squash(let side), .pad(let side): side
        case .centerCrop(let shortestSide, _, _): shortestSide
        }
    }

    /// The picture as the model sees it, still in bytes.
    ///
    /// - Complexity: O(pixels of the picture).
    public func resized(_ picture: Pixels) -> Pixels {
        switch geometry {
        case .squash(let side): picture.resized(width: side, height: side, filter: filter)
        case .centerCrop(let shortestSide, let crop, let convention):
            picture.resizedShortestSide(to: shortestSide, cropTo: crop, filter: filter, convention: convention)
        case .pad(let side): picture.resizedLongestSide(to: side, filter: filter)
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
