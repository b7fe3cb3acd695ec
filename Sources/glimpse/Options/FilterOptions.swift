public import ArgumentParser
import Foundation
public import GlimpseLibrary
import GlimpseTasks

/// Which pictures of the library a command looks at.
struct FilterOptions: ParsableArguments {
    @Option(help: "Only what is in this folder; may be given several times.", completion: .directory)
    var under: [String] = []

    @Option(
        help:
            "Nothing in this folder, or whose path fits this pattern (\"*/screenshots/*\"); may be given several times.",
        completion: .directory)
    var exclude: [String] = []

    @Option(
        help:
            "Taken on or after this date: 2024, 2024-05, 2024-05-31, or 7d, 3w, 6m, 2y ago. The file's time counts where the camera tells none."
    )
    var since: String?

    @Option(help: "Taken up to and including this date.")
    var until: String?

    @Option(help: "A part of the camera's name.")
    var camera: String?

    @Option(help: "Taken around this place, as LATITUDE,LONGITUDE: 48.86,2.35.")
    var near: String?

    @Option(help: "How far around, in kilometres. (default: 10)")
    var within: Double?

    @Option(help: "photo or video.")
    var type: ContentDescription.MediaType?

    @Option(help: "landscape, portrait or square.")
    var orientation: SearchFilter.Orientation?

    @Option(help: "At least 8MP, at most ..2MP, between 2MP..12MP, or the length of the file: 5MB.")
    var size: String?

    func validate() throws {
        if within != nil && near == nil { throw ValidationError("--within needs --near LATITUDE,LONGITUDE.") }
        if let within, !(within > 0 && within.isFinite) {
            throw ValidationError("--within \(within) is not a distance in kilometres.")
        }
        do {
            _ = try filter()
        } catch let error as TaskError {
            throw ValidationError(error.description)
        }
    }

    /// The filter that the options describe.
    ///
    /// - Throws: `TaskError` for an option that makes no sense, `LibraryError` for a path that leads nowhere.
    func filter() throws -> SearchFilter {
        var filter = SearchFilter()
        filter.under = try under.map(MediaPath.standardized)
        filter.excluded = try exclude.map { text in
            text.contains { "*?[".contains($0) } ? text : try MediaPath.standardized(text)
        }
        filter.since = try since.map { try CalendarSpan($0).start }
        filter.until = try until.map { try CalendarSpan($0).end }
        filter.camera = camera
        filter.near = try near.map { try Self.surroundings($0, radius: within ?? 10) }
        filter.mediaType = type
        filter.orientation = orientation
        switch try size.map(SizeRange.init) {
        case .pixels(let range): filter.pixelCount = range
        case .bytes(let range): filter.byteCount = range
        case nil: break
        }
        return filter
    }

    private static func surroundings(_ text: String, radius: Double) throws -> SearchFilter.Surroundings {
        let numbers = text.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1],
            let center = GeographicPoint(latitude: latitude, longitude: longitude)
        else {
            throw TaskError(
                .invalidInput, "\"\(text)\" is no place",
                remedy: "write LATITUDE,LONGITUDE in degrees, north and east positive: --near 48.86,2.35")
        }
        return SearchFilter.Surroundings(center: center, radius: radius)
    }
}

extension ContentDescription.MediaType: ExpressibleByArgument {}
extension SearchFilter.Orientation: ExpressibleByArgument {}
