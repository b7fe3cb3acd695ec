internal import Foundation

extension Transport {
    /// Asks what a repository holds, as often as the policy allows.
    func listing(of reference: HubReference, _ ledger: ProgressLedger) async throws -> HubListing {
        let revision = reference.revision.percentEncodedComponent
        let url = try address("/api/models/\(reference.name)/revision/\(revision)?blobs=true")
        var budget = RetryBudget(policy)
        while true {
            do {
                let bytes = try await contents(of: url, limit: policy.limits.listingBytes)
                return try HubListing(parsing: bytes, from: url.forMessages, limits: policy.limits)
            } catch let failure as TransientFailure {
                let delay = try budget.delay(after: failure)
                ledger.tell(.retrying(after: delay, because: failure.error))
                try await Task.sleep(for: delay)
            }
        }
    }

    /// Where the hub serves a file, at a commit, so that a branch that moves does not mix two states.
    func url(of file: String, in reference: HubReference, at commit: String) throws -> URL {
        let path = file.split(separator: "/").map { String($0).percentEncodedComponent }.joined(separator: "/")
        return try address("/\(reference.name)/resolve/\(commit)/\(path)")
    }

    private func address(_ path: String) throws -> URL {
        guard let url = URL(string: settings.endpoint.absoluteString + path) else {
            throw HubError(.invalidSettings, "not the address of a hub", at: "HF_ENDPOINT")
        }
        return url
    }
}
