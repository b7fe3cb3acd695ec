public import Foundation

/// What can go wrong between a model's name and its first vector.
public struct ModelError: Error, Hashable, Sendable, LocalizedError, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Hashable, Sendable {
        /// No model of that name or at that place.
        case unknownModel
        /// The model is in the catalogue but not on this machine.
        case notInstalled
        /// A model folder lacks a file.
        case missingFile
        /// A configuration contradicts itself or names what Glimpse does not have.
        case invalidConfiguration
        /// Weights are missing, unexpected or misshapen.
        case weightMismatch
        /// The model has no tower for what was asked.
        case missingTower
        /// A download failed or is not what it should be.
        case download
        /// A file is not what its digest says.
        case damaged
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong: found and expected.
    public let message: String
    /// The file or folder.
    public let location: String?
    /// What to do.
    public let remedy: String?

    /// Describes a failure.
    public init(_ code: Code, _ message: String, at location: String? = nil, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.remedy = remedy
    }

    /// The failure in one paragraph: where, what, and what to do.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let advice = remedy.map { " (\($0))" } ?? ""
        return place + message + advice
    }

    /// The same text, for code that only knows `Error`.
    public var errorDescription: String? { description }
}
