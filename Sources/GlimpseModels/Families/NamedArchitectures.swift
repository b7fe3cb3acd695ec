internal import Foundation
internal import GlimpseResources

/// The sizes of open_clip's models by their names, for checkpoints that are a single file.
public enum NamedArchitectures {
    /// The names, sorted.
    ///
    /// - Throws: `ModelError` when the list that ships with the package is damaged.
    public static func names() throws -> [String] { try all().keys.sorted() }

    /// Makes sure that the model of that name can be built.
    ///
    /// - Throws: `ModelError`.
    package static func validate(_ name: String) throws {
        _ = try OpenCLIP(try configuration(named: name), paddingID: 0, at: name)
    }

    /// The configuration of that name, in any case.
    static func configuration(named name: String) throws -> OpenCLIPConfiguration.Model {
        let all = try all()
        if let known = all[name] { return known }
        if let key = all.keys.first(where: { $0.lowercased() == name.lowercased() }), let known = all[key] {
            return known
        }
        throw ModelError(
            .unknownModel, "no architecture \"\(name)\"", remedy: "known: \(all.keys.sorted().joined(separator: ", "))")
    }

    private static func all() throws -> [String: OpenCLIPConfiguration.Model] {
        do {
            return try JSONDecoder().decode(
                [String: OpenCLIPConfiguration.Model].self, from: Data(Resources.architectures))
        } catch let error as DecodingError {
            throw ModelError(.invalidConfiguration, error.explanation, at: "architectures.json")
        }
    }
}
