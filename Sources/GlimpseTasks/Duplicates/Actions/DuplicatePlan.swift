/// Which files are kept, and which are not needed beside them.
public struct DuplicatePlan: Hashable, Sendable {
    /// A file that is not needed.
    public struct Entry: Hashable, Sendable {
        /// The file.
        public let surplus: DuplicateGroup.File
        /// The file that is kept in its place.
        public let kept: DuplicateGroup.File
        /// In which degree they are the same.
        public let tier: DuplicateTier

        /// Gives up one file beside another.
        public init(surplus: DuplicateGroup.File, kept: DuplicateGroup.File, tier: DuplicateTier) {
            self.surplus = surplus
            self.kept = kept
            self.tier = tier
        }
    }

    /// The files that are not needed, each once.
    public let entries: [Entry]

    /// How many bytes the files that are not needed take.
    public var byteCount: Int64 { entries.reduce(0) { $0 + $1.surplus.picture.byteCount } }

    /// Takes choices that were made one by one.
    ///
    /// A file that is kept anywhere is not given up, and none is given up twice.
    public init(_ choices: [Entry]) {
        let kept = Set(choices.map(\.kept.path))
        var given: Set<String> = []
        entries = choices.filter { !kept.contains($0.surplus.path) && given.insert($0.surplus.path).inserted }
    }

    /// Chooses what is kept in each group.
    ///
    /// A file that one group keeps is not given up by another: what is kept anywhere stays.
    ///
    /// - Parameters:
    ///   - groups: of the tiers that are to be acted upon.
    ///   - rules: which file of a group is kept.
    public init(_ groups: [DuplicateGroup], keeping rules: [KeepRule]) {
        let choices = groups.map { (group: $0, kept: KeepRule.kept(of: $0.files, by: rules)) }
        self.init(
            choices.flatMap { choice in
                choice.group.files.filter { $0.path != choice.kept.path }.map { file in
                    Entry(surplus: file, kept: choice.kept, tier: choice.group.tier)
                }
            })
    }
}
