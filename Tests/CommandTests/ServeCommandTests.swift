import Foundation
import Testing

/// `serve`, as far as it does not listen.
@Suite(.timeLimit(.minutes(1)))
struct ServeCommandTests {
    @Test func aDockerfileStartsTheServerWithItsOptions() async throws {
        let outcome = try await Command.run("serve", "--print-config", "docker", "--port", "9000", "--timeout=30")
        #expect(outcome.status == 0 && outcome.lines.contains("EXPOSE 9000"), "\(outcome)")
        let command = try #require(outcome.lines.first { $0.hasPrefix("CMD ") }?.dropFirst(4))
        let words = try JSONDecoder().decode([String].self, from: Data(command.utf8))
        #expect(words == ["glimpse", "serve", "--host", "0.0.0.0", "--port", "9000", "--timeout=30"])
    }
}
