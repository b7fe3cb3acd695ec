import ArgumentParser

struct Duplicates: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find pictures that are the same, copies of one another, taken in a burst, or alike.",
        subcommands: [FindDuplicates.self, UndoDuplicates.self],
        defaultSubcommand: FindDuplicates.self)
}
