import Foundation
import GRDB
import TestSupport
import Testing

/// What a person is told when something is wrong, and with which exit status.
@Suite(.timeLimit(.minutes(5)))
struct BadInputTests {
    private let workplace: Workplace

    init() throws { workplace = try Workplace() }

    /// A command line that makes no sense, and what is said of it.
    struct Nonsense: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let message: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Nonsense(arguments: ["search", "cat", "--top", "0"], message: "--top 0 is less than 1"),
        Nonsense(arguments: ["search", "cat", "--top=-3"], message: "--top -3 is less than 1"),
        Nonsense(arguments: ["search", "cat", "--top", "many"], message: "many"),
        Nonsense(arguments: ["search", "cat", "--colour"], message: "Unknown option '--colour'"),
        Nonsense(arguments: ["search", "cat", "--format", "xml"], message: "xml"),
        Nonsense(arguments: ["search"], message: "query"),
        Nonsense(arguments: ["search", "cat", "--near", "here"], message: "\"here\" is no place"),
        Nonsense(arguments: ["search", "cat", "--within", "3"], message: "--within needs --near"),
        Nonsense(arguments: ["search", "cat", "--since", "2024-02-31"], message: "there is no 2024-02-31"),
        Nonsense(arguments: ["search", "cat", "--size", "large"], message: "\"large\" is no size"),
        Nonsense(arguments: ["search", "cat", "--preview", "-0"], message: "--preview belongs to the table"),
        Nonsense(arguments: ["duplicates", "--action", "move"], message: "--action move needs --to FOLDER"),
        Nonsense(arguments: ["duplicates", "--yes"], message: "--yes has nothing to do"),
        Nonsense(arguments: ["duplicates", "--keep", "smallest"], message: "\"smallest\" is no rule"),
        Nonsense(arguments: ["library", "forget"], message: "Name files, folders, or a --model"),
        Nonsense(arguments: ["index", ".", "--jobs", "0"], message: "--jobs 0 is not between 1 and"),
        Nonsense(arguments: ["index", ".", "--colour"], message: "Unknown option '--colour'"),
        Nonsense(arguments: ["index", ".", "-q", "-v"], message: "--quiet and --verbose exclude each other"),
        Nonsense(arguments: ["classify", "."], message: "Give the labels"),
        Nonsense(
            arguments: ["classify", ".", "--labels", "a", "--labels-file", "b"], message: "Give the labels, either"),
        Nonsense(arguments: ["classify", ".", "--labels", "a", "--top", "0"], message: "--top 0 is less than 1"),
        Nonsense(
            arguments: ["classify", ".", "--labels", "a", "--template", "{}", "--templates", "photo"],
            message: "--template and --templates exclude each other"),
        Nonsense(arguments: ["embed", "a", "--text", "--image"], message: "--text and --image exclude each other"),
        Nonsense(arguments: ["embed", "a", "--output", "a.txt"], message: "--output a.txt does not end in .npy"),
        Nonsense(arguments: ["models", "burn"], message: "burn"),
        Nonsense(arguments: ["paint"], message: "paint"),
    ])
    func aCommandLineThatMakesNoSense(nonsense: Nonsense) async throws {
        let outcome = try await Command.run(nonsense.arguments)
        expectFailure(outcome, status: 64, says: nonsense.message, "Usage: glimpse")
        #expect(outcome.output.isEmpty)
    }

    /// Inputs that are well-formed and mean nothing.
    @Test(arguments: [
        Nonsense(arguments: ["search", ""], message: "the query is empty"),
        Nonsense(arguments: ["search", "cat", "-"], message: "nothing follows \"-\""),
        Nonsense(arguments: ["search", "2:"], message: "nothing follows the weight"),
        Nonsense(arguments: ["search", "nan:cat"], message: "not a finite number"),
        Nonsense(arguments: ["classify", ".", "--labels", " , "], message: "there is no label"),
        Nonsense(arguments: ["classify", ".", "--labels", "a", "--template", "x"], message: "has no {}"),
        Nonsense(
            arguments: ["classify", ".", "--labels", "a", "--templates", "sonnets"],
            message: "no templates are called \"sonnets\""),
        Nonsense(
            arguments: ["classify", ".", "--labels-file", "/none.txt"], message: "/none.txt: the labels cannot be"),
    ])
    func anInputThatMeansNothing(nonsense: Nonsense) async throws {
        let outcome = try await Command.run(nonsense.arguments)
        expectFailure(outcome, status: 1, says: nonsense.message)
        #expect(outcome.output.isEmpty)
    }

    @Test func helpAndVersionAreNoErrors() async throws {
        for arguments in [["--help"], ["search", "--help"], ["--version"]] {
            let outcome = try await Command.run(arguments)
            #expect(outcome.status == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
        }
    }

    @Test func aMissingPathIsNamed() async throws {
        let missing = workplace.folder.path("none")
        let index = try await Command.run("index", workplace.pictures, missing, "--library", workplace.library)
        expectFailure(index, status: 1, says: missing)
        let classify = try await Command.run("classify", missing, "--labels", "cat")
        expectFailure(classify, status: 1, says: missing)
        #expect(
            !FileManager.default.fileExists(atPath: workplace.library), "nothing is made before the paths are known")
    }

    @Test func anEmptyFolderIsSaidToBeEmpty() async throws {
        let index = try await Command.run("index", workplace.pictures, "--library", workplace.library)
        expectFailure(index, status: 1, says: "no pictures in \(workplace.pictures)", "names that end in .jpg")
        let classify = try await Command.run("classify", workplace.pictures, "--labels", "cat", "-f", "json")
        #expect(classify.text == "[]\n")
        #expect(classify.status == 1 && classify.errors.contains("no pictures in \(workplace.pictures)"), "\(classify)")
    }

    @Test func badPicturesAreNamedAndTheRestIsIndexed() async throws {
        let whole = try Data(contentsOf: URL(filePath: Fixtures.sample("rocket.jpg")))
        let good = try workplace.folder.write(whole, to: "pictures/good.jpg")
        let text = try workplace.folder.write(Data("A text.".utf8), to: "pictures/text.jpg")
        let cut = try workplace.folder.write(whole.prefix(whole.count / 3), to: "pictures/cut.jpg")
        let huge = try workplace.folder.write(
            TestPictures.promise(width: 50_000, height: 50_000), to: "pictures/huge.png")
        let empty = try workplace.folder.write(Data(), to: "pictures/empty.webp")
        let arguments = ["index", workplace.pictures, "--library", workplace.library]

        let outcome = try await Command.run(arguments)
        expectFailure(
            outcome, status: 2, says: "Indexed 1 in", "4 files could not be read",
            "\(text): this is not a picture Glimpse can read (found text)",
            "\(cut): the JPEG picture of 640 × 427 pixels is cut off",
            "\(huge): 50000 × 50000 are 2500000000 pixels, the limit is", "\(empty): the file is empty")

        let second = try await Command.run(arguments)
        expectFailure(second, status: 2, says: "1 unchanged", "4 files could not be read")
        let search = try await Command.run(
            "search", "a rocket", "--all", "-f", "paths", "--library", workplace.library)
        #expect(search.status == 0 && search.lines == [good], "\(search)")
    }

    @Test func aPictureOfTheQueryThatCannotBeReadIsNamed() async throws {
        try workplace.writeCopies(1)
        let index = try await Command.run("index", workplace.pictures, "--library", workplace.library)
        #expect(index.status == 0, "\(index)")
        let cut = try workplace.folder.write(Data([0xFF, 0xD8, 0xFF, 0xE0, 0]), to: "cut.jpg")
        for path in [cut, workplace.folder.path("none.png")] {
            let outcome = try await Command.run("search", "a cat", "+", path, "--library", workplace.library)
            expectFailure(outcome, status: 1, says: path)
        }
    }

    @Test func aLibraryWithoutPicturesSaysHowToFillIt() async throws {
        let search = ["search", "a cat", "--library", workplace.library]
        let before = try await Command.run(search)
        expectFailure(before, status: 1, says: "there is no library in \(workplace.library)", "glimpse index")
        #expect(!FileManager.default.fileExists(atPath: workplace.library), "a search makes no library")

        let empty = try workplace.folder.write(Data(), to: "empty/.keep")
        let folder = URL(filePath: empty).deletingLastPathComponent().path(percentEncoded: false)
        #expect(try await Command.run("index", folder, "--library", workplace.library).status == 1)
        expectFailure(
            try await Command.run(search), status: 1, says: "the library has no pictures yet", "glimpse index")
    }

    /// What is said beside the results must not end the work.
    @Test func aStandardErrorThatCannotBeWrittenIsNoObstacle() async throws {
        try workplace.writeCopies(2)
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["index", workplace.pictures, "--library", workplace.library]
        process.standardError = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        #expect(status == 0)
        #expect(try workplace.count("file") == 2)
    }

    @Test func aPictureThatIsNotThereIsMissedAndAFolderRefused() async throws {
        try workplace.writeCopies(1)
        let library = ["--library", workplace.library]
        #expect(try await Command.run(["index", workplace.pictures] + library).status == 0)
        let missing = try await Command.run(["search", "nowhere.jpg"] + library)
        expectFailure(missing, status: 1, says: "nowhere.jpg", "there is no such file")
        let folder = try await Command.run(["search", workplace.pictures] + library)
        expectFailure(folder, status: 1, says: workplace.pictures, "is a folder")
    }

    @Test func anEmptyLibraryOptionIsRefused() async throws {
        let outcome = try await Command.run("search", "a cat", "--library", "")
        expectFailure(outcome, status: 64, says: "--library is empty")
    }

    @Test func aLibraryOfAnotherModelSaysSo() async throws {
        let model = try workplace.tinyModel()
        try workplace.writeCopies(2)
        let library = ["--library", workplace.library]
        let index = try await Command.run(["index", workplace.pictures, "--model", model] + library)
        #expect(index.status == 0, "\(index)")
        let search = try await Command.run(["search", "a cat"] + library)
        expectFailure(search, status: 1, says: "no pictures of the model \"lite\", only of tiny", "glimpse index")
    }

    @Test func aDamagedLibraryIsRefusedWithAdvice() async throws {
        let database = try workplace.folder.write(
            Data((0..<50_000).map { UInt8($0 * 7919 % 251) }), to: "library/library.sqlite")
        for arguments in [["search", "a cat"], ["index", workplace.pictures]] {
            let outcome = try await Command.run(arguments + ["--library", workplace.library])
            expectFailure(
                outcome, status: 1, says: database, "damaged or is not a database", "Move this file", "index again")
        }
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() async throws {
        try workplace.folder.write(Data(), to: "library/library.sqlite")
        let path = workplace.library + "/library.sqlite"
        try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE song (title TEXT)") }
        let before = try Data(contentsOf: URL(filePath: path))
        let outcome = try await Command.run("search", "a cat", "--library", workplace.library)
        expectFailure(outcome, status: 1, says: path, "another program", "Choose another folder")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func aFileInTheLibrarysPlaceIsNamed() async throws {
        try workplace.writeCopies(1)
        let file = try workplace.folder.write(Data("text".utf8), to: "library")
        for library in [file, file + "/below"] {
            let outcome = try await Command.run("index", workplace.pictures, "--library", library)
            expectFailure(outcome, status: 1, says: file, "Choose")
        }
    }
}
