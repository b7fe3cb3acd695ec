import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseTasks
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat

/// `/api/v1/pictures`: the pictures of the library, by what they are known by and never by a path.
struct PictureRoutes {
    let services: Services

    /// Formats that every browser shows as they are.
    private static let mediaTypes: [String: String] = [
        "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif",
        "bmp": "image/bmp",
    ]

    func add(to group: RouterGroup<ServerContext>) {
        group.get("pictures") { request, context in
            try await services.answering(request, context, asksEngine: false) { submission in
                try await newest(submission.arguments)
            }
        }
        group.get("pictures/{sha256}") { request, context in
            try await serving(request, context) { try await picture(request, context) }
        }
        group.get("pictures/{sha256}/thumbnail") { request, context in
            let size = try Arguments(query: request.uri).integer("size", in: 1...4096, otherwise: 320)
            guard ThumbnailCache.sides.contains(size) else {
                let sides = ThumbnailCache.sides.map(String.init).joined(separator: ", ")
                throw ServerError(.invalidInput, "size: expected one of \(sides)")
            }
            return try await serving(request, context) { try await thumbnail(request, context, side: size) }
        }
        group.get("pictures/{sha256}/details") { _, context in
            JSONAnswer(Details(try await content(context)))
        }
    }

    /// The pictures taken last, for those who look for nothing in particular.
    private func newest(_ arguments: Arguments) async throws -> JSONAnswer<[String: [PictureRecord]]> {
        try arguments.requireKnown(FilterDescription.names.union(["top", "offset", "all"]))
        let filter = try FilterDescription(arguments).filter(standardized: SearchRoutes.libraryPath)
        let top = try arguments.integer("top", in: 1...1000, otherwise: 50)
        let offset = try arguments.integer("offset", in: 0...Int.max, otherwise: 0)
        let contents = try await services.blocking { [library = services.library] in
            try library.newestContents(passing: filter, limit: top, offset: offset)
        }
        return JSONAnswer([
            "pictures": contents.map { PictureRecord($0.contentHash, paths: $0.files.map(\.path), $0.description) }
        ])
    }

    private func picture(_ request: Request, _ context: ServerContext) async throws -> Response {
        let content = try await content(context)
        guard let mediaType = content.description.format.flatMap({ Self.mediaTypes[$0] }) else {
            return try await thumbnail(request, context, side: 2560)
        }
        let tag = "\"\(content.contentHash)\""
        if request.hasTag(tag) { return unchanged(tag) }
        let held = try await services.bytes(of: content)
        return Response(
            status: .ok, headers: headers(mediaType, tag: tag),
            body: ResponseBody(contentLength: held.bytes.count) { writer in
                // The bytes count until they are sent.
                defer { withExtendedLifetime(held.lease) {} }
                try await writer.write(ByteBuffer(data: held.bytes))
                try await writer.finish(nil)
            })
    }

    private func thumbnail(_ request: Request, _ context: ServerContext, side: Int) async throws -> Response {
        let content = try await content(context)
        let tag = "\"\(ThumbnailCache.tag(of: content.contentHash, side: side))\""
        if request.hasTag(tag) { return unchanged(tag) }
        let jpeg = try await services.thumbnails.jpeg(of: content, side: side)
        return Response(
            status: .ok, headers: headers("image/jpeg", tag: tag),
            body: ResponseBody(byteBuffer: ByteBuffer(data: jpeg)))
    }

    private func content(_ context: ServerContext) async throws -> LibraryContent {
        let hash = try InputSource.hash(context.parameters.get("sha256") ?? "", at: "sha256")
        guard let content = try await services.blocking({ [library = services.library] in try library.content(hash) })
        else { throw ServerError.unknownPicture }
        return content
    }

    /// Works as long as the client is there: who scrolls on wants other thumbnails.
    private func serving(
        _ request: Request, _ context: ServerContext, _ body: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        try await services.clients.serving(context.channel, until: services.deadline(of: request), body)
    }

    /// The bytes of a hash never change, but who may see them does: where a token is needed, browsers ask each time.
    private var cacheControl: String { services.token == nil ? "private, max-age=3600" : "private, no-cache" }

    private func headers(_ mediaType: String, tag: String) -> HTTPFields {
        var headers = HTTPFields()
        headers[.contentType] = mediaType
        headers[.eTag] = tag
        headers[.cacheControl] = cacheControl
        return headers
    }

    private func unchanged(_ tag: String) -> Response {
        var headers = HTTPFields()
        headers[.eTag] = tag
        headers[.cacheControl] = cacheControl
        return Response(status: .notModified, headers: headers)
    }

    private struct Details: Encodable {
        let record: PictureRecord
        let byteCount: Int64
        @Nullable var latitude: Double?
        @Nullable var longitude: Double?

        init(_ content: LibraryContent) {
            record = PictureRecord(content.contentHash, paths: content.files.map(\.path), content.description)
            byteCount = content.byteCount
            latitude = content.description.place?.latitude
            longitude = content.description.place?.longitude
        }

        private enum CodingKeys: CodingKey {
            case byteCount, latitude, longitude
        }

        func encode(to encoder: any Encoder) throws {
            try record.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(byteCount, forKey: .byteCount)
            try container.encode(latitude, forKey: .latitude)
            try container.encode(longitude, forKey: .longitude)
        }
    }
}
