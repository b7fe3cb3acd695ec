/// What a check of a library found.
public struct LibraryCheck: Hashable, Sendable {
    /// Something that is not as it should be.
    public struct Problem: Hashable, Sendable {
        /// What is wrong.
        public let message: String
        /// Whether it was set right.
        public let isRepaired: Bool
    }

    /// What is wrong, in the order found.
    public internal(set) var problems: [Problem] = []
    /// How many vectors were compared with the copy that searches read.
    public internal(set) var vectorCount = 0

    /// Whether something is wrong that was not set right.
    public var isDamaged: Bool { problems.contains { !$0.isRepaired } }

    mutating func add(_ message: String, isRepaired: Bool) {
        problems.append(Problem(message: message, isRepaired: isRepaired))
    }
}
