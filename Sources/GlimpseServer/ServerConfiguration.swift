public import Foundation
import GlimpseModels
public import GlimpseTensor

/// What a server is told at its start.
public struct ServerConfiguration: Sendable {
    /// The address it listens at.
    public var host = "127.0.0.1"
    /// The port; 0 for one that is free.
    public var port = 7313
    /// Names clients may call the server by, besides addresses and `localhost`.
    public var allowedHosts: [String] = []
    /// What clients have to show; nil for nothing. Not empty.
    public var token: String?
    /// The model that answers where none is named: a name, or a path with a slash in it.
    public var model = "lite"
    /// What a single file of weights is of.
    public var architecture: String?
    /// Of the weights of linear maps.
    public var precision = Precision.float32
    /// Names clients use, and the models that answer to them; `*` stands for all other names.
    public var aliases: [String: String] = [:]
    /// How many models may be in memory at once.
    public var modelLimit = 2
    /// After how long without a request a model is let go of; nil for never.
    public var idleUnload: Duration?
    /// Whether pictures are fetched from addresses that clients name.
    public var fetchesAddresses = false
    /// Whether files may not be moved, nor anything indexed.
    public var isReadOnly = false
    /// The most bytes of one request.
    public var bodyLimit = 64 << 20
    /// The most bytes of all requests that are being worked on.
    public var totalBodyLimit = 256 << 20
    /// The most pixels of a picture.
    public var pixelLimit = 100_000_000
    /// How many inputs may wait for a model.
    public var queueLimit = 1024
    /// How long an answer may take.
    public var requestTimeout: Duration = .seconds(60)
    /// How many connections there may be; others wait.
    public var connectionLimit = 1024
    /// Where thumbnails are kept.
    public var thumbnails = StandardFolders().cache.appending(path: "thumbnails")
    /// Where models are.
    public var models = StandardFolders().models

    /// The usual configuration.
    public init() {}

    /// Whether a text can be a token: what headers and cookies can carry.
    public static func isToken(_ text: String) -> Bool { !text.isEmpty && AccessToken.isSendable(text) }
}

/// Why a server could not begin.
public struct ServerCannotListen: Error, Sendable {
    /// What the system says.
    public let reason: String
}
