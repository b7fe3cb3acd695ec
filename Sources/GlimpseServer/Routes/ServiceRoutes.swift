import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseResources
import HTTPTypes
import Hummingbird
import NIOCore

/// What is about the server itself: whether it is there, its models, its counts, its description, and who may talk to it.
struct ServiceRoutes {
    let services: Services

    /// A token is no longer; who has none yet may not send more.
    private static let sessionLimit = 16 << 10

    func add(to group: RouterGroup<ServerContext>) {
        group.get("health") { _, _ in
            JSONAnswer(
                Health(
                    version: services.version, needsToken: services.token != nil,
                    model: try await services.models.folder(nil).name))
        }
        group.get("models") { _, _ in JSONAnswer(try await models()) }
        group.get("metrics") { _, _ in await metrics() }
        group.get("openapi.json") { _, _ in
            Self.response(Resources.openAPI, type: "application/json")
        }
        group.post("session") { request, context in
            let isSecure = request.isSecure
            return try await services.answering(request, context, asksEngine: false, bodyLimit: Self.sessionLimit) {
                try session($0, isSecure: isSecure)
            }
        }
        group.delete("session") { _, _ in
            Response(
                status: .noContent,
                headers: [.setCookie: "\(AccessMiddleware.cookie)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"])
        }
    }

    private struct Health: Encodable {
        let status = "ok"
        let version: String
        let needsToken: Bool
        let model: String
    }

    private struct ModelList: Encodable {
        struct Entry: Encodable {
            let name: String
            let summary: String
            let licence: String
            let isInstalled: Bool
            let isLoaded: Bool
            let isDefault: Bool
            @Nullable var dimension: Int?
            @Nullable var byteCount: Int?
        }

        let `default`: String
        let models: [Entry]
    }

    private func models() async throws -> ModelList {
        let standard = try await services.models.folder(nil)
        let loaded = await services.models.loaded()
        let installed = try services.store.installed()
        var entries = try Catalogue.builtIn().entries.map { entry in
            let folder = installed.first { $0.name == entry.name }
            return ModelList.Entry(
                name: entry.name, summary: entry.description, licence: entry.licence, isInstalled: folder != nil,
                isLoaded: folder.map { loaded.contains($0.key) } ?? false, isDefault: entry.name == standard.name,
                dimension: entry.dimension, byteCount: entry.approximateByteCount)
        }
        let others = (installed + [standard]).filter { folder in !entries.contains { $0.name == folder.name } }
        for (index, folder) in others.enumerated()
        where !others[..<index].contains(where: { $0.name == folder.name }) {
            entries.append(
                ModelList.Entry(
                    name: folder.name, summary: "Installed on this machine.", licence: "see its folder",
                    isInstalled: true, isLoaded: loaded.contains(folder.key), isDefault: folder.name == standard.name,
                    dimension: nil, byteCount: nil))
        }
        return ModelList(default: standard.name, models: entries)
    }

    /// The counts in Prometheus' format, and how things are at this moment.
    func metrics() async -> Response {
        let text = services.metrics.text(gauges: [
            ("glimpse_waiting_inputs", "Inputs that wait for a model.", Double(services.backlog.waitingCount)),
            ("glimpse_loaded_models", "Models in memory.", Double(await services.models.loaded().count)),
            ("glimpse_upload_bytes", "Bytes of request bodies in memory.", Double(services.budget.heldByteCount)),
        ])
        return Self.response(Array(text.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Gives browsers a cookie for the token, so that pictures and event streams come with it.
    private func session(_ submission: Submission, isSecure: Bool) throws -> Response {
        guard submission.json != nil else {
            throw ServerError(.unsupportedMediaType, "expected a body of the type application/json")
        }
        let shown = try submission.arguments.requiredString("token")
        if let token = services.token, !token.matches(shown) {
            throw ServerError(.unauthorized, "the token is wrong")
        }
        guard let cookie = Self.cookie(shown) else {
            throw ServerError(.invalidInput, "token: characters that no token of this server has")
        }
        return Response(status: .noContent, headers: [.setCookie: cookie + (isSecure ? "; Secure" : "")])
    }

    /// The token as a cookie; nil for characters that a cookie cannot have.
    private static func cookie(_ token: String) -> String? {
        guard AccessToken.isSendable(token) else { return nil }
        return "\(AccessMiddleware.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict"
    }

    private static func response(_ bytes: [UInt8], type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
