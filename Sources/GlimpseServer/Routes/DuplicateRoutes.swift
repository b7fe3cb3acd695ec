import Foundation
import GlimpseFormats
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import Hummingbird
import Logging

/// `/api/v1/duplicates`: groups for people to decide about, and what they decide.
struct DuplicateRoutes {
    let services: Services

    func add(to group: RouterGroup<ServerContext>) {
        group.get("duplicates") { request, context in
            try await services.answering(request, context, asksEngine: false) { submission in
                JSONAnswer(try await groups(submission.arguments))
            }
        }
        group.post("duplicates/trash") { request, context in
            // Not by a deadline: what is moved has to be told.
            try await services.budget.collecting(request, until: services.deadline(of: request)) { body, lease in
                try await trash(
                    Submission(
                        body, contentType: request.headers[.contentType], query: Arguments(query: request.uri),
                        lease: lease), context)
            }
        }
        group.post("duplicates/undo") { _, context in
            try await answer(services.duplicates.undo(), context)
        }
    }

    private func groups(_ arguments: Arguments) async throws -> GroupList {
        try arguments.requireKnown(["tier", "keep", "under", "top", "offset"])
        let tiers = try arguments.strings("tier").map { text in
            guard let tier = DuplicateTier(rawValue: text) else {
                let known = DuplicateTier.allCases.map(\.rawValue).joined(separator: ", ")
                throw ServerError(.invalidInput, "tier: expected some of \(known)")
            }
            return tier
        }
        let rules = try KeepRule.parse(try arguments.string("keep") ?? "largest")
        let folders = try arguments.strings("under").map(SearchRoutes.libraryPath)
        let top = try arguments.integer("top", in: 1...1000, otherwise: 100)
        let offset = try arguments.integer("offset", in: 0...Int.max, otherwise: 0)
        let model = try await services.models.engine(nil).model.identity
        let groups = try await services.duplicates.groups(
            model, tiers: tiers.isEmpty ? Set(DuplicateTier.allCases) : Set(tiers), under: folders)
        let canUndo = try await services.duplicates.canUndo()
        return try await services.blocking {
            let plan = DuplicatePlan(groups, keeping: rules)
            return GroupList(
                groupCount: groups.count, surplusCount: plan.entries.count, surplusByteCount: plan.byteCount,
                canUndo: canUndo,
                groups: groups.dropFirst(offset).prefix(top).map { GroupRecord($0, keeping: rules) })
        }
    }

    private func trash(_ submission: Submission, _ context: ServerContext) async throws -> JSONAnswer<Outcomes> {
        try submission.arguments.requireKnown(["groups"])
        let choices = try submission.arguments.all("groups").enumerated().map { place, json in
            guard let keep = json["keep"]?.string, let remove = json["remove"]?.array,
                remove.allSatisfy({ $0.string != nil })
            else {
                throw ServerError(
                    .invalidInput, "groups[\(place)]: expected {\"keep\": \"FILE ID\", \"remove\": [\"FILE ID\"]}")
            }
            return (keep: keep, remove: remove.compactMap(\.string))
        }
        guard !choices.isEmpty else { throw ServerError(.invalidInput, "groups: missing") }
        let model = try await services.models.engine(nil).model.identity
        return try await answer(services.duplicates.trash(choices, model), context)
    }

    /// Tells what came of files, whatever else goes wrong: that goes to the log.
    private func answer(_ deed: DuplicateReview.Deed, _ context: ServerContext) async -> JSONAnswer<Outcomes> {
        var failure = deed.failure
        var canUndo = false
        do {
            canUndo = try await services.duplicates.canUndo()
        } catch {
            failure = failure ?? error
        }
        if let failure { context.logger.error("duplicates: \(failure)") }
        return JSONAnswer(
            Outcomes(
                deed.outcomes, canUndo: canUndo,
                problem: failure.map { _ in "something went wrong in the server before the end; its log says more" }))
    }
}

private struct GroupList: Encodable, Sendable {
    let groupCount: Int
    let surplusCount: Int
    let surplusByteCount: Int64
    let canUndo: Bool
    let groups: [GroupRecord]
}

private struct GroupRecord: Encodable, Sendable {
    struct File: Encodable, Sendable {
        let id: String
        let picture: String
        let path: String
        let width: Int
        let height: Int
        let byteCount: Int64
        let modifiedAt: String
        let isKept: Bool
        let thumbnail: String
    }

    let tier: String
    let files: [File]

    init(_ group: DuplicateGroup, keeping rules: [KeepRule]) {
        let kept = KeepRule.kept(of: group.files, by: rules)
        tier = group.tier.rawValue
        files = group.files.map { file in
            File(
                id: DuplicateReview.id(ofFileAt: file.path), picture: file.picture.contentHash.description,
                path: file.path, width: file.picture.width, height: file.picture.height,
                byteCount: file.picture.byteCount,
                modifiedAt: Date(timeIntervalSince1970: TimeInterval(file.modifiedAt)).formatted(.iso8601),
                isKept: file.path == kept.path, thumbnail: "/api/v1/pictures/\(file.picture.contentHash)/thumbnail")
        }
    }
}

private struct Outcomes: Encodable, Sendable {
    struct Outcome: Encodable, Sendable {
        let id: String
        let path: String
        @Nullable var obstacle: String?
    }

    let canUndo: Bool
    let outcomes: [Outcome]
    @Nullable var problem: String?

    init(_ outcomes: [DuplicateRemover.Outcome], canUndo: Bool, problem: String?) {
        self.canUndo = canUndo
        self.outcomes = outcomes.map {
            Outcome(id: DuplicateReview.id(ofFileAt: $0.path), path: $0.path, obstacle: $0.obstacle)
        }
        self.problem = problem
    }
}
