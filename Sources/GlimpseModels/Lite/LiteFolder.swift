internal import Foundation
internal import GlimpseResources

extension LiteConfiguration {
    /// The configuration of `lite`, around that of its sentence encoder.
    static func lite(text: BertConfiguration) -> LiteConfiguration {
        LiteConfiguration(
            modelType: modelType, vision: .lite0, text: text,
            // Words and looks weigh the same; a text says nothing of looks, so their weight does not change how words rank.
            concepts: Concepts(topClasses: 10, appearanceDimension: 128, appearanceScale: 1),
            // As many tokens as the sentence encoder was trained on.
            contextLength: 256,
            // Measured on photographs with descriptions: at this scale a label's probability is about how often it is right.
            logitScale: 20)
    }
}

extension PreprocessorConfiguration {
    /// The whole picture, squashed, since a crop would lose what stands at its edges; (x − 127) / 128, as the network was trained.
    static let lite = PreprocessorConfiguration(
        size: Size(height: EfficientNetConfiguration.lite0.imageSize, width: EfficientNetConfiguration.lite0.imageSize),
        cropSize: nil, resample: 3, imageMean: Array(repeating: 127.0 / 255, count: 3),
        imageStandardDeviation: Array(repeating: 128.0 / 255, count: 3))
}

/// Writes the files of the `lite` folder that are not weights.
enum LiteFolder {
    static func write(_ configuration: LiteConfiguration, to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(configuration).write(to: folder.appending(path: ModelFolder.configuration))
        try encoder.encode(PreprocessorConfiguration.lite).write(to: folder.appending(path: ModelFolder.preprocessor))
        try Data(Resources.liteNotice).write(to: folder.appending(path: "NOTICE"))
    }
}
