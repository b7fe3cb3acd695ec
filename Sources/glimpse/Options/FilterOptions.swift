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
        var filter = FilterDescription()
        filter.under = under
        filter.exclude = exclude
        filter.since = since
        filter.until = until
        filter.camera = camera
        filter.near = near
        filter.within = within
        filter.type = type
        filter.orientation = orientation
        filter.size = size
        return try filter.filter { path throws(LibraryError) in try MediaPath.standardized(path) }
    }
}

extension ContentDescription.MediaType: ExpressibleByArgument {}
extension SearchFilter.Orientation: ExpressibleByArgument {}
