internal import CKernels
public import GlimpseModels

/// Labels as points in a model's space: the matrix that a picture's vector is multiplied by to classify it without training.
///
/// A label's row is the mean of the vectors of its sentences, each of length 1, scaled to length 1 again (Radford et al., "Learning
/// Transferable Visual Models From Natural Language Supervision", 2021, §3.1.4).
public struct ZeroShotHead: Sendable {
    /// The model whose text tower made it.
    public let model: ModelIdentity
    /// The labels, one a row.
    public let labels: [String]
    /// [labels, D], rows of length 1.
    package let rows: [Float]

    /// So many sentences are embedded between two reports of progress.
    private static let batch = 256

    /// Joins labels with their rows.
    ///
    /// - Precondition: `rows.count == labels.count * model.dimension`.
    package init(labels: [String], rows: [Float], model: ModelIdentity) {
        precondition(
            rows.count == labels.count * model.dimension,
            "ZeroShotHead: \(rows.count) numbers for \(labels.count) labels of \(model)")
        self.labels = labels
        self.rows = rows
        self.model = model
    }

    /// Embeds every label in every template. A sentence that several labels share is embedded once.
    ///
    /// - Parameters:
    ///   - labels: what is told apart.
    ///   - templates: the sentences a label is put in.
    ///   - embedder: of a model with its text tower.
    ///   - progress: told how many sentences are embedded, of how many.
    /// - Throws: `ModelError` when the text tower is not loaded, `CancellationError` when the task is cancelled.
    /// - Complexity: O(labels · templates) passes through the text tower.
    public init(
        _ labels: LabelSet, templates: PromptTemplates = .simple, embedder: Embedder,
        progress: (_ completed: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let model = embedder.model.identity
        let sentences = LabelSentences(labels, templates)
        let dimension = model.dimension
        var sums = [Float](repeating: 0, count: labels.labels.count * dimension)
        for start in stride(from: 0, to: sentences.texts.count, by: Self.batch) {
            try Task.checkCancellation()
            progress(start, sentences.texts.count)
            let batch = start..<min(start + Self.batch, sentences.texts.count)
            let embeddings = try embedder.embed(texts: Array(sentences.texts[batch]))
            for (embedding, speakers) in zip(embeddings, sentences.labels[batch]) {
                for label in speakers {
                    for column in 0..<dimension { sums[label * dimension + column] += embedding.values[column] }
                }
            }
        }
        progress(sentences.texts.count, sentences.texts.count)
        let rows = stride(from: 0, to: sums.count, by: dimension).flatMap { start in
            Embedding(normalizing: Array(sums[start..<start + dimension]), model: model).values
        }
        self.init(labels: labels.labels, rows: rows, model: model)
    }

    /// The cosine of a picture with every label, −1…1, in the order of the labels.
    ///
    /// - Precondition: the picture's model is the head's.
    /// - Complexity: O(labels · D).
    public func cosines(_ picture: Embedding) -> [Float] {
        precondition(picture.model == model, "ZeroShotHead: a picture of \(picture.model) with labels of \(model)")
        return [Float](unsafeUninitializedCapacity: labels.count) { output, count in
            ck_kernels_best().pointee.dot_rows(
                rows, model.dimension, model.dimension, picture.values, output.baseAddress, 0, labels.count)
            count = labels.count
        }
    }
}

/// The different sentences of a label set, and which labels speak in each.
private struct LabelSentences {
    /// In alphabetical order, so that sentences that begin alike are embedded together.
    let texts: [String]
    /// A sentence's labels, by their places in the label set.
    let labels: [[Int]]

    init(_ labelSet: LabelSet, _ templates: PromptTemplates) {
        var places: [String: Int] = [:]
        var sentences: [(text: String, labels: [Int])] = []
        for (label, name) in labelSet.labels.enumerated() {
            for text in templates.sentences(for: name) {
                if let place = places[text] {
                    sentences[place].labels.append(label)
                } else {
                    places[text] = sentences.count
                    sentences.append((text, [label]))
                }
            }
        }
        sentences.sort { $0.text < $1.text }
        texts = sentences.map(\.text)
        labels = sentences.map(\.labels)
    }
}
