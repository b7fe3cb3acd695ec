import Foundation
import GlimpseFormats
import GlimpseServer
import Testing

/// Expects an error that clients are told, and gives it.
@discardableResult
func expectServerError(
    _ code: ServerError.Code, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) -> ServerError? {
    let error = #expect(throws: ServerError.self, "\(comment)", sourceLocation: sourceLocation) { try body() }
    if let error { #expect(error.code == code, "\(comment): \(error)", sourceLocation: sourceLocation) }
    return error
}

/// A document of JSON.
func json(_ text: String) throws -> JSON {
    try Data(text.utf8).withUnsafeBytes { try JSON.parse($0, path: "the test") }
}

/// Asks again and again, until it is so or half a minute is over.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let start = ContinuousClock.now
    while start.duration(to: .now) < .seconds(120) {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(2))
    }
    return false
}
