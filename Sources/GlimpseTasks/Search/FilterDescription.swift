public import GlimpseLibrary
internal import Foundation

/// A filter as people write it, on a command line or in an address.
public struct FilterDescription: Hashable, Sendable {
    /// Folders and files, one of which a file must be or be in; none for anywhere.
    public var under: [String] = []
    /// Folders, files, and patterns with `*`, `?` and `[…]` that a file must not be, be in, or fit.
    public var exclude: [String] = []
    /// The first day; see `CalendarSpan`.
    public var since: String?
    /// The last day.
    public var until: String?
    /// A part of the camera's name.
    public var camera: String?
    /// A place, "LATITUDE,LONGITUDE" in degrees.
    public var near: String?
    /// How far around the place, in kilometres.
    public var within: Double?
    /// Still or moving.
    public var type: ContentDescription.MediaType?
    /// How it lies.
    public var orientation: SearchFilter.Orientation?
    /// How large it is; see `SizeRange`.
    public var size: String?

    /// In kilometres.
    private static let standardRadius = 10.0

    /// Describes a filter that lets everything pass.
    public init() {}

    /// The filter.
    ///
    /// - Parameter standardized: gives a path the form it has in the library.
    /// - Throws: `TaskError` for what makes no sense; what `standardized` throws.
    public func filter(standardized: (String) throws -> String) throws -> SearchFilter {
        var filter = SearchFilter()
        filter.under = try under.map(standardized)
        filter.excluded = try exclude.map { text in
            text.contains { "*?[".contains($0) } ? text : try standardized(text)
        }
        filter.since = try since.map { try CalendarSpan($0).start }
        filter.until = try until.map { try CalendarSpan($0).end }
        filter.camera = camera
        filter.near = try surroundings()
        filter.mediaType = type
        filter.orientation = orientation
        switch try size.map(SizeRange.init) {
        case .pixels(let range): filter.pixelCount = range
        case .bytes(let range): filter.byteCount = range
        case nil: break
        }
        return filter
    }

    private func surroundings() throws -> SearchFilter.Surroundings? {
        guard let near else {
            guard within == nil else {
                throw TaskError(
                    .invalidInput, "a distance without a place", remedy: "say near which latitude and longitude, too")
            }
            return nil
        }
        let numbers = near.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1],
            let center = GeographicPoint(latitude: latitude, longitude: longitude)
        else {
            throw TaskError(
                .invalidInput, "\"\(near)\" is no place",
                remedy: "write LATITUDE,LONGITUDE in degrees, north and east positive: 48.86,2.35")
        }
        let radius = within ?? Self.standardRadius
        guard radius > 0, radius.isFinite else {
            throw TaskError(.invalidInput, "\(radius) is not a distance in kilometres")
        }
        return SearchFilter.Surroundings(center: center, radius: radius)
    }
}
