import Foundation

/// What the numbers were measured on.
enum Machine {
    /// The processor's name and number of cores.
    static var processor: String {
        "\(name) × \(ProcessInfo.processInfo.activeProcessorCount)"
    }

    /// How many threads wanted a core, on average over the last 1, 5 and 15 minutes: the measurement's own included.
    static var load: String {
        var averages = [Double](repeating: 0, count: 3)
        guard getloadavg(&averages, 3) == 3 else { return "unknown" }
        return averages.map { String(format: "%.2f", $0) }.joined(separator: " ")
    }

    /// The most memory that this program had at once, in bytes. On Linux `getrusage` would tell that of the program that started it, if
    /// it had more.
    static var peakBytes: Int {
        #if os(macOS)
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #else
            let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
            let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return (line?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 * 1024 } ?? 0
        #endif
    }

    #if os(macOS)
        private static var name: String {
            var size = 0
            guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return "unknown processor" }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else {
                return "unknown processor"
            }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    #else
        private static var name: String {
            let bytes = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            let line = lines.first { $0.hasPrefix("model name") }
            return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
        }
    #endif
}
