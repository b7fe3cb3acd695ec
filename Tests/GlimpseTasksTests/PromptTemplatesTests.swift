import Foundation
import GlimpseTasks
import TestSupport
import Testing

/// The sentences labels are put in.
struct PromptTemplatesTests {
    @Test func theLabelGoesWhereThePlaceIs() throws {
        #expect(PromptTemplates.simple.sentences(for: "cat") == ["a photo of a cat"])
        let templates = try PromptTemplates(["{}: look, {}!", "a {}", "{}: look, {}!"])
        #expect(templates.sentences(for: "dog {}") == ["dog {}: look, dog {}!", "a dog {}"])
    }

    @Test func namedSetsAreWhole() throws {
        let sets = try PromptTemplates.namedSets()
        #expect(Set(sets.map(\.name)).count == sets.count)
        #expect(sets.first { $0.name == "simple" }?.templates == .simple)
        #expect(sets.first { $0.name == "photo" }?.templates.templates.count == 30)
        for set in sets {
            #expect(!set.summary.isEmpty)
            for template in set.templates.templates {
                #expect(template.components(separatedBy: "{}").count == 2, "\(set.name): \(template)")
                #expect(template == template.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
    }

    @Test func aNameOrAFileIsTaken() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Data("# mine\n\n  a {} \r\nthe {}\na {}\n".utf8), to: "mine.txt")
        #expect(try PromptTemplates(nameOrPath: path) == PromptTemplates(["a {}", "the {}"]))
        #expect(try PromptTemplates(nameOrPath: "simple") == .simple)
        let unknown = message { try PromptTemplates(nameOrPath: "sonnets") }
        #expect(unknown.contains("no templates are called \"sonnets\"") && unknown.contains("photo"))
    }

    @Test func whatIsNoTemplateIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(message { try PromptTemplates([]) }.contains("there is no template"))
        let placeless = message { try PromptTemplates(["a {}", "a photo"]) }
        #expect(placeless.contains("the template \"a photo\" has no {}") && placeless.contains("--template"))
        let empty = try folder.write(Data("# nothing\n".utf8), to: "empty.txt")
        #expect(message { try PromptTemplates(nameOrPath: empty) }.contains("there is no template"))
        let binary = try folder.write(Data([0xFF, 0xFE, 0x00, 0xD8]), to: "binary.txt")
        #expect(message { try PromptTemplates(nameOrPath: binary) }.contains("the templates cannot be read"))
    }
}
