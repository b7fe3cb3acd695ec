import Foundation
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// A model is held against the vectors of the library it comes from: from the picture's pixels and the text's characters on.
struct ReferenceVectorsTests {
    private func verification(of family: String, with reference: String) throws -> ModelVerification {
        let folder = ModelFolder(name: family, url: Fixtures.url("families/\(family)"))
        let vectors = try ReferenceVectors(path: Fixtures.path("references/\(reference).json"))
        return ModelVerification(folder, reference: vectors, on: Compute(threads: 2))
    }

    @Test(arguments: ["hf-clip", "hf-siglip2", "openclip-clipa"])
    func aModelGivesTheVectorsOfItsOriginal(family: String) throws {
        let verification = try verification(of: family, with: family)
        #expect(verification.passed, "\(verification.checks)")
        #expect(verification.checks.count { $0.detail.contains("glimpse against") } == 4)
    }

    @Test func anotherModelDoesNot() throws {
        let sameLength = try verification(of: "hf-clip", with: "openclip-clipa")
        let failures = sameLength.checks.filter { !$0.passed }
        #expect(failures.count == 4 && failures.allSatisfy { $0.detail.contains("cosine") }, "\(sameLength.checks)")
        let otherLength = try verification(of: "hf-clip", with: "hf-siglip2")
        #expect(
            otherLength.checks.filter { !$0.passed }.allSatisfy {
                $0.detail.hasSuffix("16 numbers, the reference has 32")
            })
    }

    @Test func theCatalogueCarriesThoseOfLite() throws {
        #expect(try ReferenceVectors.builtIn(for: "lite") != nil)
        #expect(try ReferenceVectors.builtIn(for: "another") == nil)
    }

    @Test(arguments: [
        ("{}", "\"madeWith\" is missing"),
        ("{\"madeWith\": \"x\", \"testCard\": \"AAA\", \"texts\": []}", "expected the base64 of 32-bit floats"),
        ("{\"madeWith\": \"x\", \"testCard\": 3, \"texts\": []}", "\"testCard\" is not of the expected type"),
        ("", "not valid"),
    ])
    func whatIsNoReferenceIsRefused(text: String, expected: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(Data(text.utf8), to: "reference.json")
        let error = #expect(throws: ModelError.self) { try ReferenceVectors(path: folder.path("reference.json")) }
        #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
    }
}
