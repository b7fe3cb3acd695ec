import Foundation

extension BinaryInteger {
    /// So many things: "1 file", "1,234 files".
    func counted(_ thing: String) -> String { "\(formatted()) \(self == 1 ? thing : thing + "s")" }
}
