import GlimpseServer
import Testing

/// Headers with parameters.
struct HeaderValueTests {
    @Test func theValueIsInLowerCaseWithoutItsSurroundings() {
        #expect(HeaderValue(" Application/JSON ; charset=UTF-8").value == "application/json")
        #expect(HeaderValue("text/plain").value == "text/plain")
        #expect(HeaderValue("").value == "" && HeaderValue("").parameters.isEmpty)
    }

    @Test func parametersAreNamedInLowerCase() {
        let header = HeaderValue("form-data; Name = \"Image\" ;FILENAME=cat.jpg")
        #expect(header.parameters == ["name": "Image", "filename": "cat.jpg"])
    }

    @Test func quotesKeepWhatIsInThem() {
        #expect(HeaderValue("a; b=\"c; d=e\"; f=g").parameters == ["b": "c; d=e", "f": "g"])
        #expect(HeaderValue("a; b=\" c \"").parameters == ["b": " c "])
        #expect(HeaderValue("a; b=\"\\\"; c=\\\"d\"; e=f").parameters == ["b": "\"; c=\"d", "e": "f"])
        #expect(HeaderValue("a; b=\"c\\\\\"; d=e").parameters == ["b": "c\\", "d": "e"])
        #expect(HeaderValue("a; b=\"\"").parameters == ["b": ""])
    }

    @Test func theFirstOfTwoCounts() {
        #expect(HeaderValue("a; b=1; b=2; B=3").parameters == ["b": "1"])
    }

    @Test(arguments: ["a;", "a;;;", "a; b", "a; \"", "a; b=\"c", ";", "\"", "\\", "=", "a; =b", ";;=\"\\"])
    func whatMakesNoSenseDoesNoHarm(text: String) {
        let header = HeaderValue(text)
        #expect(header.parameters.count <= 1)
    }

    @Test func anEqualsSignInAValueBelongsToIt() {
        #expect(HeaderValue("a; b=c=d; e==").parameters == ["b": "c=d", "e": "="])
    }
}
