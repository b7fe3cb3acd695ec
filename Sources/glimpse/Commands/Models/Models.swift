import ArgumentParser
import GlimpseModels

struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, get and check models.",
        subcommands: [ListModels.self, ModelInfo.self, PullModel.self, VerifyModel.self],
        defaultSubcommand: ListModels.self)
}

extension ModelStore {
    /// The models of this user.
    static var standard: ModelStore { ModelStore(root: StandardFolders().models) }
}
