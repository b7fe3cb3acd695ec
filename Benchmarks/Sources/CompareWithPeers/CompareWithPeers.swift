import ArgumentParser

@main
struct CompareWithPeers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure Glimpse beside what else runs the same models.",
        subcommands: [Compare.self, EmbedRepeatedly.self, MakeLibrary.self, MeasureSearch.self, MeasureDuplicates.self])
}
