import Foundation
import GlimpseResources
import GlimpseServer
import TestSupport
import Testing

/// What the server says of itself is what it does.
struct DescriptionTests {
    private static let file = Fixtures.package.appending(path: "Sources/GlimpseServer/Resources/openapi.json")
    private static let methods: Set = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    /// The description's operations, as "GET /path".
    private static func described() throws -> Set<String> {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let paths = try #require(document?["paths"] as? [String: [String: Any]])
        var operations: Set<String> = []
        for (path, item) in paths {
            for method in item.keys where methods.contains(method) {
                operations.insert("\(method.uppercased()) \(path)")
            }
        }
        return operations
    }

    /// The server's operations, without the files of the page.
    private static func routed() async throws -> Set<String> {
        let place = try ServerPlace()
        let server = try await place.server()
        var operations: Set<String> = []
        for route in server.routes where !route.hasPrefix("HEAD ") {
            let parts = route.split(separator: " ", maxSplits: 1).map(String.init)
            let path = parts[1].hasPrefix("/") ? parts[1] : "/" + parts[1]
            if Resources.page[path] == nil { operations.insert("\(parts[0]) \(path)") }
        }
        return operations
    }

    @Test func everyOperationIsDescribedAndThere() async throws {
        let (described, routed) = (try Self.described(), try await Self.routed())
        #expect(described.count > 30)
        #expect(described.subtracting(routed).isEmpty, "described, but not there")
        #expect(routed.subtracting(described).isEmpty, "there, but not described")
    }

    @Test func whatAsksAModelIsThere() async throws {
        let routed = try await Self.routed()
        #expect(Server.engineRoutes.subtracting(routed).isEmpty, "turned away when much waits, but not there")
    }

    @Test func everyOperationSaysWhatItAnswers() throws {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file)) as? [String: Any]
        let paths = try #require(document?["paths"] as? [String: [String: Any]])
        for (path, item) in paths {
            for (method, operation) in item where Self.methods.contains(method) {
                let responses = (operation as? [String: Any])?["responses"] as? [String: Any]
                #expect(responses?.keys.contains { $0.hasPrefix("2") } == true, "\(method) \(path)")
            }
        }
    }
}
