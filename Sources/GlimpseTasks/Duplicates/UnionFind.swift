/// Sets that are joined again and again (Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", 1975).
struct UnionFind {
    private var parents: [Int32]
    private var sizes: [Int32]

    /// `count` sets of one element.
    init(count: Int) {
        parents = (0..<count).map(Int32.init)
        sizes = [Int32](repeating: 1, count: count)
    }

    /// Joins the sets of two elements.
    mutating func join(_ a: Int, _ b: Int) {
        var (large, small) = (root(of: a), root(of: b))
        guard large != small else { return }
        if sizes[large] < sizes[small] { swap(&large, &small) }
        parents[small] = Int32(large)
        sizes[large] += sizes[small]
    }

    /// The element that stands for the set of another.
    ///
    /// - Complexity: nearly constant, amortised; paths are halved on the way.
    mutating func root(of element: Int) -> Int {
        var element = element
        while Int(parents[element]) != element {
            parents[element] = parents[Int(parents[element])]
            element = Int(parents[element])
        }
        return element
    }
}
