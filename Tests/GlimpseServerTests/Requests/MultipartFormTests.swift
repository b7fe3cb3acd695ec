import Foundation
import GlimpseServer
import Testing

/// Forms as programs send them.
struct MultipartFormTests {
    private func parse(_ text: String, boundary: String = "B") throws -> [MultipartForm.Part] {
        try MultipartForm(Data(text.utf8), contentType: "multipart/form-data; boundary=\(boundary)").parts
    }

    /// The one part of a form whose part has this header.
    private func part(header: String) throws -> MultipartForm.Part {
        let parts = try parse("--B\r\n\(header)\r\n\r\ncontent\r\n--B--\r\n")
        #expect(parts.count == 1)
        return try #require(parts.first)
    }

    @Test func curlsForm() throws {
        let boundary = "------------------------d74496d66958873e"
        let text = """
            --\(boundary)\r
            Content-Disposition: form-data; name="text"\r
            \r
            a cat\r
            --\(boundary)\r
            Content-Disposition: form-data; name="image"; filename="cat.jpg"\r
            Content-Type: image/jpeg\r
            \r
            JPEG\r
            --\(boundary)--\r\n
            """
        let parts = try parse(text, boundary: boundary)
        #expect(parts.map(\.name) == ["text", "image"])
        #expect(parts.map(\.fileName) == [nil, "cat.jpg"])
        #expect(parts.map(\.contentType) == [nil, "image/jpeg"])
        #expect(parts.map(\.bytes) == [Data("a cat".utf8), Data("JPEG".utf8)])
    }

    @Test func formOfPythonsRequests() throws {
        let boundary = "b0d3c8f5a2e14c7f9a6b1d2e3f405162"
        let text =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n{\"clip\":{}}\r\n--\(boundary)\r\n"
            + "Content-Disposition: form-data; name=\"image\"; filename=\"image\"\r\n\r\n\0\u{1}\r\n--\(boundary)--\r\n"
        let parts = try parse(text, boundary: boundary)
        #expect(parts.map(\.name) == ["entries", "image"])
        #expect(parts.map(\.bytes) == [Data("{\"clip\":{}}".utf8), Data([0, 1])])
    }

    @Test func undicisForm() throws {
        let boundary = "----formdata-undici-029481433328"
        let text = """
            --\(boundary)\r
            Content-Disposition: form-data; name="text"\r
            \r
            eine rote Scheibe, größer als ein Fußball\r
            --\(boundary)\r
            Content-Disposition: form-data; name="image"; filename="blob"\r
            Content-Type: application/octet-stream\r
            \r
            \r
            --\(boundary)--\r\n
            """
        let parts = try parse(text, boundary: boundary)
        #expect(parts.map(\.name) == ["text", "image"])
        #expect(parts[0].bytes == Data("eine rote Scheibe, größer als ein Fußball".utf8))
        #expect(parts[1].bytes.isEmpty && parts[1].fileName == "blob")
        #expect(parts[1].contentType == "application/octet-stream")
    }

    /// What immich has sent, with the picture and the texts that were given to it.
    @Test func recordedForms() throws {
        let picture = try RecordedRequest.picture()
        var count = 0
        for name in try RecordedRequest.names() {
            let request = try RecordedRequest(name)
            guard request.method == "POST" else { continue }
            count += 1
            #expect(request.headers["content-length"] == "\(request.body.count)", "\(name)")
            let type = try #require(request.headers["content-type"], "\(name)")
            let parts = try MultipartForm(request.body, contentType: type).parts
            #expect(parts.count == 2 && parts[0].name == "entries", "\(name)")
            #expect(parts[0].bytes.first == UInt8(ascii: "{") && parts[0].bytes.last == UInt8(ascii: "}"), "\(name)")
            if parts[1].name == "image" {
                #expect(parts[1].bytes == picture, "\(name)")
                #expect(parts[1].fileName == "blob" && parts[1].contentType == "application/octet-stream", "\(name)")
            } else {
                #expect(parts[1].name == "text", "\(name)")
                #expect(parts[1].bytes == Data("eine rote Scheibe, größer als ein Fußball".utf8), "\(name)")
            }
        }
        #expect(count >= 5)
    }

    @Test(arguments: [
        ("name=\"image\"; filename=\"a; b=c.jpg\"", "image", "a; b=c.jpg"),
        ("name=\"image\"; filename=\"say \\\"cheese\\\".jpg\"", "image", "say \"cheese\".jpg"),
        ("name=\"image\"; filename=\"say %22cheese%22.jpg\"", "image", "say %22cheese%22.jpg"),
        ("name=\"image\"; filename=\"C:\\Users\\me\\a.jpg\"", "image", "C:\\Users\\me\\a.jpg"),
        ("filename=\"größe 😀.jpg\"; name=\"image\"", "image", "größe 😀.jpg"),
        ("name=image; filename=a.jpg", "image", "a.jpg"),
        ("Name=\"image\";FileName=\"\"", "image", ""),
        ("name=\"a \\\"quoted\\\" name\"; filename=\"x\"", "a \"quoted\" name", "x"),
        ("name=\"\"; filename=\"x\"", "", "x"),
        // Files from Macs have their accents as characters of their own, and one may come first.
        ("filename=\"\u{301}e.jpg\"; name=\"image\"", "image", "\u{301}e.jpg"),
    ]) func namesInQuotes(parameters: String, name: String, fileName: String) throws {
        let part = try part(header: "Content-Disposition: form-data; \(parameters)")
        #expect(part.name == name && part.fileName == fileName)
        #expect(part.bytes == Data("content".utf8))
    }

    @Test func namesOfHeadersHaveAnyCase() throws {
        let part = try part(header: "CONTENT-TYPE:text/plain\r\ncontent-disposition:form-data;name=x\r\nOther: y")
        #expect(part.name == "x" && part.contentType == "text/plain")
    }

    @Test func emptyPartsAreParts() throws {
        let header = "Content-Disposition: form-data; name="
        let parts = try parse(
            "--B\r\n\(header)a\r\n\r\n\r\n--B\r\n\(header)b\r\n\r\n--B\r\n\(header)c\r\n\r\nd\r\n--B--")
        #expect(parts.map(\.name) == ["a", "b", "c"])
        #expect(parts.map(\.bytes) == [Data(), Data(), Data("d".utf8)])
    }

    @Test func aFormWithoutPartsIsAForm() throws {
        #expect(try parse("--B--\r\n").isEmpty)
    }

    @Test func whatIsBeforeAndAfterTheFormIsNoPart() throws {
        let part = "Content-Disposition: form-data; name=a\r\n\r\n1"
        for text in [
            "This is a form.\r\n--B\r\n\(part)\r\n--B--\r\nThat was a form.\r\n--B\r\nnot a part",
            "\r\n--B\r\n\(part)\r\n--B--", "--B  \t \r\n\(part)\r\n--B--",
        ] {
            #expect(try parse(text).map(\.bytes) == [Data("1".utf8)], "\(text)")
        }
    }

    @Test(arguments: [
        "\r\n", "--", "--A", "\r\n--", "\r\n-\r\n", "--\r\n--\r\n", "\r\n\r\n--A\r\n\r\n", "B--B--B", "\r\n--b--\r\n",
        "\r",
    ]) func contentMayLookLikeABoundary(content: String) throws {
        let parts = try parse("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\(content)\r\n--B--\r\n")
        #expect(parts.map(\.bytes) == [Data(content.utf8)])
    }

    @Test(arguments: [
        "multipart/form-data; boundary=\"gc0p4Jq0M:2Yt08\"", "Multipart/Form-Data;boundary=gc0p4Jq0M:2Yt08",
        "multipart/form-data; charset=utf-8; BOUNDARY=gc0p4Jq0M:2Yt08 ",
    ]) func theBoundaryIsAParameter(contentType: String) throws {
        let body = "--gc0p4Jq0M:2Yt08\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--gc0p4Jq0M:2Yt08--\r\n"
        #expect(try MultipartForm(Data(body.utf8), contentType: contentType).parts.map(\.name) == ["a"])
    }

    @Test func aSliceIsReadAsItsCopy() throws {
        let body = Data("garbage--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--\r\n".utf8).dropFirst(7)
        let contentType = "multipart/form-data; boundary=B"
        let parts = try MultipartForm(body, contentType: contentType).parts
        let copied = try MultipartForm(Data(body), contentType: contentType).parts
        #expect(parts == copied)
        #expect(parts.map(\.bytes) == [Data("1".utf8)])
    }
}
