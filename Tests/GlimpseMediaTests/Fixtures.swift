import Foundation
import GlimpseMedia

/// The committed pictures and what is expected of them; see Tests/Fixtures/generate/media.py.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(components: "Fixtures", "media")

    static func path(_ name: String) -> String { folder.appending(component: name).path }

    static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(component: name)) }

    static func pixels(_ name: String) throws -> Pixels { try ImageDecoder().decode(path: path(name)) }

    /// What the reference makes of the picture `name`.
    static func expected(_ name: String) throws -> Pixels { try pixels("\(name).rgb.png") }
}

extension Pixels {
    var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// The largest difference of any byte; nil when the sizes differ.
    func largestDifference(to other: Pixels) -> Int? {
        guard width == other.width, height == other.height else { return nil }
        return zip(bytes, other.bytes).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
    }
}

/// The error that `body` throws, if it is one of ours.
func mediaError(_ body: () throws -> some Any) -> MediaError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? MediaError
    }
}

/// Numbers that look random and are the same in every run.
struct SmallRandom {
    private var state: UInt64 = 0x2545_F491_4F6C_DD1D

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 17) % bound
    }
}
