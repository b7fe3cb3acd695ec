import GlimpseHub
import Testing

struct ListingTests {
    private static let commit = String(repeating: "a", count: 40)
    private static let digest = String(repeating: "d", count: 64)
    private static let blob = String(repeating: "b", count: 40)

    private static func listing(_ siblings: String, commit: String = commit) -> String {
        #"{"sha": "\#(commit)", "siblings": [\#(siblings)]}"#
    }

    private func parse(_ text: String, limits: HubPolicy.Limits = .init()) throws -> HubListing {
        try HubListing(parsing: Array(text.utf8), from: "http://hub/api", limits: limits)
    }

    @Test func filesHaveNamesSizesAndDigests() throws {
        let listing = try parse(
            Self.listing(
                """
                {"rfilename": "config.json", "size": 7, "blobId": "\(Self.blob)"},
                {"rfilename": "sub/model.safetensors", "size": 9, "blobId": "\(Self.blob)",
                 "lfs": {"sha256": "\(Self.digest)", "size": 9, "pointerSize": 134}},
                {"rfilename": "x", "size": 0, "lfs": null}
                """))
        #expect(
            listing.files == [
                HubFile(name: "config.json", size: 7, digest: .gitBlob(Self.blob)),
                HubFile(name: "sub/model.safetensors", size: 9, digest: .sha256(Self.digest)),
                HubFile(name: "x", size: 0),
            ])
        #expect(listing.commit == Self.commit)
    }

    @Test(arguments: [
        "..", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "a/", "./a", "", "a\\\\b", "..\\\\x", "a\\u0000b",
        "a\\nb", "a\\u007fb", String(repeating: "x", count: 256), String(repeating: "abcdefg/", count: 129) + "x",
    ])
    func hostileNamesAreRefused(name: String) throws {
        let error = try #require(throws: HubError.self) {
            try parse(Self.listing(#"{"rfilename": "\#(name)", "size": 1}"#))
        }
        #expect(error.code == .malformedResponse && error.message.contains("file name"), "\(error)")
        #expect(!"\(error)".unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "fit for a terminal")
    }

    @Test(arguments: [
        #"{"size": 1}"#, #"{"rfilename": 3, "size": 1}"#, #"{"rfilename": "x"}"#, #"{"rfilename": "x", "size": -1}"#,
        #"{"rfilename": "x", "size": 1.5}"#, #"{"rfilename": "x", "size": 99999999999999999999}"#,
        #"{"rfilename": "x", "size": 9000000000000000000}"#, #"{"rfilename": "x", "size": "1"}"#, "7", "null",
        #"{"rfilename": "x", "size": 1}, {"rfilename": "x", "size": 1}"#,
        #"{"rfilename": "x", "size": 1, "blobId": "../../x"}"#, #"{"rfilename": "x", "size": 1, "blobId": "abc"}"#,
        #"{"rfilename": "x", "size": 1, "lfs": {"sha256": "../../../../etc/passwd", "size": 1}}"#,
    ])
    func contradictionsAreRefused(sibling: String) throws {
        #expect(throws: HubError.self) { try parse(Self.listing(sibling)) }
    }

    @Test(arguments: ["..", "main", "", "../../x", String(repeating: "A", count: 40)])
    func theCommitBecomesAFolderAndIsChecked(commit: String) throws {
        #expect(throws: HubError.self) { try parse(Self.listing("", commit: commit)) }
    }

    @Test func everyTruncationIsRefused() throws {
        let whole = Self.listing(#"{"rfilename": "config.json", "size": 7, "blobId": "\#(Self.blob)"}"#)
        _ = try parse(whole)
        for length in 0..<whole.utf8.count {
            let error = try #require(throws: HubError.self) { try parse(String(whole.prefix(length))) }
            #expect(error.code == .malformedResponse)
        }
    }

    @Test func numbersAreBounded() throws {
        var limits = HubPolicy.Limits()
        limits.fileCount = 1
        limits.fileBytes = 10
        _ = try parse(Self.listing(#"{"rfilename": "x", "size": 10}"#), limits: limits)
        let two = #"{"rfilename": "x", "size": 1}, {"rfilename": "y", "size": 1}"#
        for siblings in [two, #"{"rfilename": "x", "size": 11}"#] {
            let error = try #require(throws: HubError.self) { try parse(Self.listing(siblings), limits: limits) }
            #expect(error.code == .tooLarge)
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: HubError.self) { try parse(Self.listing(deep)) }
    }
}
