import Foundation

/// What this process fuzzes: the environment names it, because libFuzzer has the arguments.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["GLIMPSE_FUZZ"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        preconditionFailure("GLIMPSE_FUZZ is \"\(name)\", expected one of \(known)")
    }
    return target
}()

private let workplace: Workplace = {
    do {
        return try Workplace()
    } catch {
        preconditionFailure("no place to work in: \(error)")
    }
}()

/// libFuzzer's entry: damaged bytes come in, and an error is the right answer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.feed(UnsafeRawBufferPointer(start: start, count: count), workplace)
    } catch {
        // Refused with an error, as it should be.
    }
    return 0
}
