import ArgumentParser

@main
struct Glimpse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "glimpse",
        abstract: "See your pictures in words.",
        discussion: """
            Search a folder of photographs by description, find copies, tell what is in a picture without training, and turn texts and \
            pictures into vectors. Everything runs on this machine.

            Exit status: 0 when all went well, 1 for an error or when nothing is found, 2 when some files could not be read, 64 for a command line that \
            makes no sense, 130 when interrupted.
            """,
        version: GlimpseVersion.current,
        subcommands: [
            Index.self, Search.self, Similar.self, Duplicates.self, Classify.self, Embed.self, Serve.self, Library.self,
            Models.self,
        ])

    static func main() async {
        StandardOutput.prepare()
        await main(nil)
    }
}

enum GlimpseVersion {
    static let current = "0.1.0"
}
