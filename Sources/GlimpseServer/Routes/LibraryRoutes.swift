import Foundation
import GlimpseLibrary
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat
import ServiceLifecycle

/// `/api/v1/library`: what the library holds, and bringing it up to date.
struct LibraryRoutes {
    let services: Services

    func add(to group: RouterGroup<ServerContext>) {
        group.get("library") { _, _ in JSONAnswer(try await services.indexing.status()) }
        group.get("library/failures") { _, _ in
            let failures = try await services.blocking { [library = services.library] in try library.failures() }
            return JSONAnswer([
                "failures": failures.map { Failure(path: $0.file.path, message: $0.message) }
            ])
        }
        group.post("library/index") { _, _ in
            try await services.indexing.start()
            return JSONAnswer(["isIndexing": true], status: .accepted)
        }
        group.delete("library/index") { _, _ in
            await services.indexing.stop()
            return JSONAnswer(["isIndexing": false], status: .accepted)
        }
        group.get("library/events") { _, _ in
            var headers = HTTPFields()
            headers[.contentType] = "text/event-stream"
            headers[.cacheControl] = "no-store"
            let events = try await services.indexing.events()
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody { writer in
                    for await event in events.cancelOnGracefulShutdown() {
                        try await writer.write(try Self.message(event))
                    }
                    try await writer.finish(nil)
                })
        }
    }

    private struct Failure: Encodable {
        let path: String
        let message: String
    }

    /// An event as the browser's EventSource reads it.
    private static func message(_ event: IndexingDesk.Event) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        let (name, data) =
            switch event {
            case .status(let status): ("status", try encoder.encode(status))
            case .progress(let progress): ("progress", try encoder.encode(ProgressReport(progress)))
            case .finished(let outcome): ("finished", try encoder.encode(outcome))
            case .pulse: ("", Data())
            }
        guard !name.isEmpty else { return ByteBuffer(string: ": still here\n\n") }
        return ByteBuffer(string: "event: \(name)\ndata: \(String(decoding: data, as: UTF8.self))\n\n")
    }
}
