import Foundation
import GlimpseFormats
import GlimpseServer
import Testing

/// What requests ask for, in whichever way they say it.
struct ArgumentsTests {
    private enum Season: String, CaseIterable {
        case spring, autumn
    }

    /// Arguments as they come in a query string.
    private static func texts(_ pairs: (String, String)...) -> Arguments {
        var arguments = Arguments()
        for (name, text) in pairs { arguments.add(text, for: name) }
        return arguments
    }

    /// Arguments as they come in an object of JSON.
    private static func members(_ text: String, on arguments: Arguments = Arguments()) throws -> Arguments {
        var arguments = arguments
        arguments.take(try #require(try json(text).members))
        return arguments
    }

    @Test func textsAreReadAsWhatIsExpected() throws {
        let arguments = Self.texts(("top", "7"), ("score", "0.25"), ("all", "true"), ("season", "autumn"), ("q", "1"))
        #expect(try arguments.integer("top", in: 1...10, otherwise: 5) == 7)
        #expect(try arguments.number("score") == 0.25)
        #expect(try arguments.boolean("all"))
        #expect(try arguments.choice("season", Season.self) == .autumn)
        #expect(try arguments.string("q") == "1")
    }

    @Test func valuesOfJSONAreOfTheKindThatIsExpected() throws {
        let arguments = try Self.members(
            #"{"top": 7, "score": 0.25, "whole": 2, "all": true, "season": "autumn", "q": "1", "list": ["a", "b"]}"#)
        #expect(try arguments.integer("top", in: 1...10, otherwise: 5) == 7)
        #expect(try arguments.number("score") == 0.25)
        #expect(try arguments.number("whole") == 2)
        #expect(try arguments.boolean("all"))
        #expect(try arguments.choice("season", Season.self) == .autumn)
        #expect(try arguments.strings("list") == ["a", "b"])
        for name in ["top", "score", "all"] {
            expectServerError(.invalidInput, name) { _ = try arguments.string(name) }
            expectServerError(.invalidInput, name) { _ = try arguments.strings(name) }
        }
        for name in ["score", "all", "season"] {
            expectServerError(.invalidInput, name) { _ = try arguments.integer(name, in: 0...10, otherwise: 5) }
        }
        expectServerError(.invalidInput) { _ = try arguments.number("all") }
        expectServerError(.invalidInput) { _ = try arguments.boolean("top") }
    }

    @Test func whatIsMissingHasItsStandard() throws {
        let arguments = Arguments()
        #expect(try arguments.string("x") == nil)
        #expect(try arguments.strings("x").isEmpty)
        #expect(try arguments.integer("x", in: 1...10, otherwise: 5) == 5)
        #expect(try arguments.number("x") == nil)
        #expect(try !arguments.boolean("x"))
        #expect(try arguments.choice("x", Season.self) == nil)
        #expect(arguments.all("x").isEmpty)
        try arguments.requireKnown([])
        expectServerError(.invalidInput) { _ = try arguments.requiredString("x") }
        expectServerError(.invalidInput) { _ = try Self.texts(("x", "")).requiredString("x") }
    }

    @Test(arguments: ["0", "11", "-1", "7.0", " 7", "7 ", "", "seven", "1e1", "99999999999999999999", "0x7"])
    func wholeNumbersAreInTheirRange(text: String) {
        let error = expectServerError(.invalidInput, text) {
            _ = try Self.texts(("top", text)).integer("top", in: 1...10, otherwise: 5)
        }
        #expect(error?.message == "top: expected a whole number from 1 to 10")
    }

    @Test func theEndsOfARangeBelongToIt() throws {
        for number in [1, 10] {
            #expect(try Self.texts(("top", "\(number)")).integer("top", in: 1...10, otherwise: 5) == number)
        }
        let text = "9223372036854775807"
        #expect(try Self.texts(("offset", text)).integer("offset", in: 0...Int.max, otherwise: 0) == Int.max)
    }

    @Test(arguments: ["nan", "inf", "-infinity", "1e400", "", "one", "1,5"]) func numbersAreFinite(text: String) {
        expectServerError(.invalidInput, text) { _ = try Self.texts(("score", text)).number("score") }
    }

    @Test(arguments: ["1e400", "-1e999", "\"nan\"", "true", "[1, 2]", "{}"]) func numbersOfJSONAreFinite(text: String)
        throws
    {
        let arguments = try Self.members("{\"score\": \(text)}")
        expectServerError(.invalidInput, text) { _ = try arguments.number("score") }
    }

    @Test func truthsHaveSeveralSpellings() throws {
        for text in ["true", "TRUE", "1", ""] { #expect(try Self.texts(("all", text)).boolean("all"), "\(text)") }
        for text in ["false", "False", "0"] { #expect(try !Self.texts(("all", text)).boolean("all"), "\(text)") }
        for text in ["yes", "2", " true"] {
            expectServerError(.invalidInput, text) { _ = try Self.texts(("all", text)).boolean("all") }
        }
    }

    @Test func choicesNameWhatThereIs() {
        let error = expectServerError(.invalidInput) {
            _ = try Self.texts(("season", "winter")).choice("season", Season.self)
        }
        #expect(error?.message == "season: expected one of spring, autumn")
    }

    @Test func oneValueIsExpectedOnce() throws {
        let arguments = Self.texts(("x", "1"), ("x", "2"))
        #expect(try arguments.strings("x") == ["1", "2"])
        expectServerError(.invalidInput) { _ = try arguments.string("x") }
        expectServerError(.invalidInput) { _ = try arguments.integer("x", in: 1...10, otherwise: 5) }
        expectServerError(.invalidInput) { _ = try arguments.number("x") }
        expectServerError(.invalidInput) { _ = try arguments.boolean("x") }
        expectServerError(.invalidInput) { _ = try arguments.choice("x", Season.self) }
    }

    @Test func membersReplaceWhatTheAddressSays() throws {
        let address = Self.texts(("x", "1"), ("y", "2"), ("z", "3"))
        let arguments = try Self.members(#"{"x": "4", "y": null}"#, on: address)
        #expect(try arguments.string("x") == "4")
        #expect(try arguments.string("y") == nil)
        #expect(try arguments.string("z") == "3")
        try arguments.requireKnown(["x", "z"])
        #expect(!arguments.isText("x") && !arguments.isText("y") && arguments.isText("z"))
    }

    @Test func namesThatMeanNothingAreRefused() throws {
        let arguments = try Self.members(#"{"tpo": 7, "q": "a cat", "nothing": null}"#, on: Self.texts(("x", "1")))
        try arguments.requireKnown(["tpo", "q", "x", "top"])
        let error = expectServerError(.invalidInput) { try arguments.requireKnown(["q", "top", "x"]) }
        #expect(error?.message.contains("\"tpo\"") == true && error?.remedy == "known: q, top, x")
        let long = Self.texts((String(repeating: "y", count: 5000), "1"))
        let other = expectServerError(.invalidInput) { try long.requireKnown([]) }
        #expect(other.map { $0.message.utf8.count < 200 } == true)
    }

    @Test func aListMayBeOneValue() throws {
        #expect(try Self.members(#"{"x": "a"}"#).strings("x") == ["a"])
        #expect(try Self.members(#"{"x": ["a"]}"#).string("x") == "a")
        #expect(try Self.members(#"{"x": []}"#).string("x") == nil)
        let arguments = try Self.members(#"{"x": ["a", 1]}"#)
        expectServerError(.invalidInput) { _ = try arguments.strings("x") }
        #expect(arguments.all("x").count == 2)
    }
}
