import GlimpseLibrary
import GlimpseModels

extension MediaLibrary {
    /// The contents whose vectors are nearest to a query and that have files that are wanted, with those: where files are not, others take
    /// their places.
    ///
    /// - Parameter isWanted: tells by a path whether a file counts.
    /// - Throws: `LibraryError`.
    func search(
        _ query: Embedding, limit: Int, filter: SearchFilter, where isWanted: (String) -> Bool
    ) throws -> [SearchMatch] {
        // One more than is wanted: most often the picture that is asked with is among those that are not.
        var asked = min(limit, .max - 1) + 1
        while true {
            let found = try search(query, limit: asked, filter: filter)
            let matches = found.compactMap { $0.keepingPaths(where: isWanted) }
            if matches.count >= limit || found.count < asked { return Array(matches.prefix(limit)) }
            asked *= 2
        }
    }
}
