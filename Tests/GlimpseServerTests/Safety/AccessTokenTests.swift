import GlimpseServer
import Testing

/// The secret is shown, or it is not.
struct AccessTokenTests {
    @Test(arguments: ["secret", "s", "größe 😀", String(repeating: "0123456789abcdef", count: 16)])
    func onlyTheSecretMatches(secret: String) {
        let token = AccessToken(secret)
        #expect(token.matches(secret))
        #expect(token.matches(Substring(secret)))
        for other in ["", "x", secret + "x", secret + secret, "x" + secret, secret + "\0", " " + secret, secret + "\n"]
        {
            #expect(!token.matches(other), "\(other)")
        }
        #expect(!token.matches(secret.dropLast()))
        #expect(!token.matches(secret.dropFirst()))
    }

    @Test func everyByteCounts() {
        let token = AccessToken("abcd")
        for other in ["Abcd", "aBcd", "abCd", "abcD", "dcba"] { #expect(!token.matches(other)) }
    }

    @Test func lettersThatLookTheSameAreNotTheSame() {
        #expect(!AccessToken("\u{E9}").matches("e\u{301}"))
        #expect(!AccessToken("K").matches("\u{212A}"))
    }

    /// Headers and cookies carry them.
    @Test func tokensAreOfLettersAndSigns() {
        for text in ["secret", "s", "a-b_c.d~e+f/g=", "!#$%&'()*:<>?@[]^`{|}"] {
            #expect(AccessToken.isSendable(text) && ServerConfiguration.isToken(text), "\(text)")
        }
        for text in ["a b", "a;b", "a,b", "\"a\"", "a\\b", "größe", "a\n", "\0", "a\u{7F}", "\r\nSet-Cookie: a=b"] {
            #expect(!AccessToken.isSendable(text) && !ServerConfiguration.isToken(text), "\(text)")
        }
        #expect(!ServerConfiguration.isToken(""))
    }
}
