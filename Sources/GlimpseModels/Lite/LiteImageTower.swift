internal import GlimpseTensor

/// A picture as the words of its classes, and beside them what it looks like.
///
/// Words: the class vectors of the most probable classes, weighted by their probabilities (ConSE; Norouzi et al., "Zero-Shot Learning by
/// Convex Combination of Semantic Embeddings", 2014). Looks: the pooled features projected on the directions in which the classifier's
/// weights differ most. Each part is scaled to a fixed length, so that words rank and look-alikes still differ.
struct LiteImageTower: ImageTower {
    private let network: EfficientNet
    private let concepts: LiteConfiguration.Concepts
    /// [classes, D], rows of length 1.
    private let classVectors: Tensor
    /// Features [headChannels] → looks [appearanceDimension].
    private let appearance: Linear

    init(_ configuration: LiteConfiguration, _ root: WeightReader, on compute: Compute) throws {
        network = try EfficientNet(configuration.vision, root.scope(LiteWeights.vision), on: compute)
        concepts = configuration.concepts
        let scope = root.scope(LiteWeights.concepts)
        classVectors = try scope.tensor("class_vectors", [configuration.vision.labelCount, configuration.text.width])
        appearance = Linear(
            weights: try scope.tensor(
                "appearance.weight", [concepts.appearanceDimension, configuration.vision.headChannels]),
            bias: nil, on: compute)
    }

    func callAsFunction(_ pictures: Tensor, on compute: Compute) -> Tensor {
        let features = network.features(pictures, on: compute)
        let probabilities = compute.softmax(network.logits(features, on: compute))
        let looks = appearance(features, on: compute)
        let width = classVectors.shape[1]
        let rows = (0..<pictures.shape[0]).flatMap { picture in
            words(probabilities.row(picture), width: width).normalized()
                + looks.row(picture).normalized().map { $0 * concepts.appearanceScale }
        }
        return Tensor(shape: [pictures.shape[0], width + concepts.appearanceDimension], scalars: rows)
    }

    /// Σ p(class) · vector(class) over the most probable classes.
    private func words(_ probabilities: [Float], width: Int) -> [Float] {
        let best = mostProbable(probabilities)
        var sum = [Float](repeating: 0, count: width)
        classVectors.withUnsafeScalars { vectors in
            for index in best {
                for column in 0..<width { sum[column] += probabilities[index] * vectors[index * width + column] }
            }
        }
        return sum
    }

    /// The most probable classes, the best first; of equal ones the first.
    private func mostProbable(_ probabilities: [Float]) -> [Int] {
        var best: [Int] = []
        for (index, probability) in probabilities.enumerated() {
            if best.count == concepts.topClasses {
                guard probability > probabilities[best[best.count - 1]] else { continue }
                best.removeLast()
            }
            best.insert(index, at: best.firstIndex { probability > probabilities[$0] } ?? best.count)
        }
        return best
    }
}

/// Where the parts of the `lite` model stand in its file of weights.
enum LiteWeights {
    static let vision = "vision_model."
    static let text = "text_model."
    static let concepts = "concepts."
}
