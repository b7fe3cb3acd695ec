public import Foundation
internal import NIOSSL

/// The certificate authorities that are trusted: those of a company whose proxy looks into TLS, or of a mirror of one's own.
public struct HubAuthorities: Sendable {
    let certificates: [NIOSSLCertificate]

    /// Reads a PEM file.
    ///
    /// - Parameter origin: the variable that names the file, for messages.
    /// - Throws: `HubError` with `.invalidSettings` when it cannot be read or has no certificate.
    public init(_ file: URL, from origin: String? = nil) throws {
        let path = file.path(percentEncoded: false)
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            let place = origin.map { "\($0): \(path)" } ?? path
            throw HubError(
                .invalidSettings, "no certificates can be read", at: place,
                remedy: "name a PEM file of the authorities to trust, or none")
        }
    }
}
