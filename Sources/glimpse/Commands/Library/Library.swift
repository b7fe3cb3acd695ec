import ArgumentParser

struct Library: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See what the library holds, check it, tidy it, move it.",
        subcommands: [
            LibraryInfo.self, CheckLibrary.self, PruneLibrary.self, ForgetInLibrary.self, ExportLibrary.self,
            ImportLibrary.self,
        ], defaultSubcommand: LibraryInfo.self)
}
