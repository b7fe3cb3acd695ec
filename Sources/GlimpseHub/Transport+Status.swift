package import Foundation
internal import NIOHTTP1

extension Transport {
    /// What a status other than success or redirection means.
    func statusFailure(_ status: Int, _ headers: HTTPHeaders, _ url: URL) -> any Error {
        let location = url.forMessages
        switch status {
        case 401, 403:
            return refusal(status, headers.first(name: "X-Error-Code"), location)
        case 404, 410:
            return HubError(
                .notFound, Self.missing(headers.first(name: "X-Error-Code")), at: location,
                remedy: "check the spelling of organization, repository and revision")
        case 429:
            return TransientFailure(
                error: HubError(
                    .rateLimited, "the hub asks for fewer requests (status 429)", at: location,
                    remedy: settings.token == nil
                        ? "try again in some minutes, or set HF_TOKEN, for which limits are higher"
                        : "try again in some minutes"),
                retryAfter: RetryAfter.delay(headers.first(name: "Retry-After")))
        case 408, 500...599:
            return TransientFailure(
                error: HubError(
                    .serverFailure, "the hub failed with status \(status)", at: location,
                    remedy: "try again later; what was downloaded is kept"),
                retryAfter: RetryAfter.delay(headers.first(name: "Retry-After")))
        default:
            return HubError(.malformedResponse, "status \(status) was not expected", at: location)
        }
    }

    private static func missing(_ code: String?) -> String {
        switch code {
        case "RepoNotFound": "the hub has no such repository"
        case "RevisionNotFound": "the repository has no such revision"
        case "EntryNotFound": "the revision has no such file"
        default: "not found (status 404)"
        }
    }

    private func refusal(_ status: Int, _ code: String?, _ location: String) -> HubError {
        if code == "GatedRepo" {
            return HubError(
                .gated, "the owner of this model asks for an agreement first (status \(status))", at: location,
                remedy: settings.token == nil
                    ? "accept the licence on the model's page, then set HF_TOKEN"
                    : "accept the licence on the model's page with the account that the access token belongs to")
        }
        guard settings.token != nil else {
            // The hub does not tell strangers whether a repository is private or does not exist.
            return HubError(
                .unauthorized, "no such repository, or one that needs an access token (status \(status))", at: location,
                remedy: "check the spelling; for a private or gated model set HF_TOKEN")
        }
        let isSent = Origin(settings.endpoint)?.isPrivate ?? false
        return HubError(
            .unauthorized,
            isSent
                ? "the access token was not accepted (status \(status))"
                : "an access token is needed, and it is not sent over plain HTTP (status \(status))", at: location,
            remedy: isSent
                ? "check that the token is valid and may read this repository"
                : "use an HTTPS address in HF_ENDPOINT")
    }
}

/// The header by which a server says when to come back (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// The delay, from a number of seconds or a date; nil when it is neither.
    package static func delay(_ header: String?, now: Date = Date()) -> Duration? {
        guard let header = header?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Int(header) {
            // A year is as good as for ever, and stays far from an overflow.
            return seconds < 0 ? nil : .seconds(min(seconds, 31_536_000))
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: header).map { .seconds(max(0, min($0.timeIntervalSince(now), 31_536_000))) }
    }
}
