internal import GlimpseTensor

extension LiteConfiguration: Architecture {
    var imageSide: Int { vision.imageSize }
    var vocabularySize: Int { text.vocabularySize }

    func tower(ofTensor name: String) -> Model.Towers? {
        name.hasPrefix(LiteWeights.text) || name == LiteWeights.concepts + "center" ? .text : .image
    }

    func imageTower(_ weights: WeightReader, on compute: Compute) throws -> any ImageTower {
        try LiteImageTower(self, weights, on: compute)
    }

    func textTower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower {
        try LiteTextTower(self, weights, on: compute)
    }

    func calibration(_ weights: WeightReader) throws -> Calibration {
        try Calibration(logitScale: logitScale, logitBias: nil, at: weights.path)
    }
}
