import Foundation
import GlimpseTasks
import TestSupport
import Testing

/// Where labels come from.
struct LabelSetTests {
    @Test(arguments: [
        ("cat,dog,rocket", ["cat", "dog", "rocket"]),
        (" cat , hot dog ,", ["cat", "hot dog"]),
        ("dog,cat,dog,Dog", ["dog", "cat", "Dog"]),
        ("imagenet,cat", ["imagenet", "cat"]),
        ("Käse,猫", ["Käse", "猫"]),
    ])
    func commasSeparate(text: String, expected: [String]) throws {
        #expect(try LabelSet(commaSeparated: text).labels == expected)
    }

    @Test func aFileHasALabelALine() throws {
        let folder = try TemporaryFolder()
        try folder.write(Data("# animals\ncat\r\n\n  hot dog \ncat\n#rocket\na, b".utf8), to: "labels.txt")
        let labels = try LabelSet(contentsOf: folder.url.appending(path: "labels.txt"))
        #expect(labels.labels == ["cat", "hot dog", "a, b"])
    }

    @Test func imagenetStandsForItsClasses() throws {
        let labels = try LabelSet(commaSeparated: " ImageNet ").labels
        // Two classes are called crane and two maillot.
        #expect(labels.count == 1000 && Set(labels).count == 1000)
        #expect(labels[134] == "crane" && labels[517] == "crane, lifting device" && labels[639] == "tank suit")
        #expect(labels.first == "tench" && labels.last == "toilet tissue")
    }

    @Test(arguments: ["", " , ,", "\n"])
    func noLabelIsRefused(text: String) {
        #expect(message { try LabelSet(commaSeparated: text) }.contains("there is no label"))
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        let folder = try TemporaryFolder()
        let missing = message { try LabelSet(contentsOf: folder.url.appending(path: "none.txt")) }
        #expect(missing.contains("none.txt: the labels cannot be read"))
        try folder.write(Data([0xFF, 0xFE, 0x00, 0xD8]), to: "binary.txt")
        let binary = message { try LabelSet(contentsOf: folder.url.appending(path: "binary.txt")) }
        #expect(binary.contains("binary.txt: the labels cannot be read"))
    }
}
