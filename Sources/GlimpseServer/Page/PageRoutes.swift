import Foundation
import GlimpseDigest
import GlimpseResources
import HTTPTypes
import Hummingbird
import NIOCore

/// `/`: the page, from the files that are part of the program.
struct PageRoutes {
    /// The paths of the files, which show nothing worth a secret.
    static let paths = Set(Resources.page.keys).union(["/"])

    func add(to router: some RouterMethods<ServerContext>) {
        router.get("/") { request, _ in
            // immich asks here whether its machine learning service is there.
            let accepted = request.headers[.accept] ?? ""
            guard accepted.contains("text/html") || accepted.contains("*/*") || accepted.isEmpty else {
                return try JSONAnswer(["message": "Immich ML"]).response
            }
            return Self.response(request, "/index.html")
        }
        for path in Resources.page.keys.sorted() {
            router.get(RouterPath(path)) { request, _ in Self.response(request, path) }
        }
    }

    private static let tags = Resources.page.mapValues { "\"\(Digest.of(Data($0)).prefix(8).hexadecimal)\"" }

    private static let mediaTypes = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    private static func response(_ request: Request, _ path: String) -> Response {
        guard let file = Resources.page[path] else { return Response(status: .notFound) }
        // Kept by browsers, but asked for again each time: a new version of the program shows at once.
        let tag = tags[path] ?? ""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache", .vary: "Accept"]
        if request.hasTag(tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = mediaTypes[String(path.split(separator: ".").last ?? "")] ?? "application/octet-stream"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file)))
    }
}
