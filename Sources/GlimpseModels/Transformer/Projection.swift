internal import GlimpseTensor

/// How the map from a tower's width to the common space is stored.
enum ProjectionKeys: Hashable, Sendable {
    /// A parameter [D, E], multiplied from the right.
    case parameter(String)
    /// A linear layer [E, D] without a bias.
    case linear(String)
    /// A linear layer [E, D] with a bias.
    case linearWithBias(String)
    /// There is none: D = E.
    case none
}

/// The map from a tower's width to the common space.
///
/// x: [B, D] → [B, E].
struct Projection: Sendable {
    private let linear: Linear?

    init(_ keys: ProjectionKeys, _ scope: WeightScope, inputs: Int, outputs: Int, on compute: Compute) throws {
        switch keys {
        case .parameter(let name):
            let weights = try scope.matrix(name, outputs: outputs, inputs: inputs, exactly: true, on: compute) {
                try scope.tensor(name, [inputs, outputs]).transposed()
            }
            linear = Linear(weights: weights, bias: nil)
        case .linear(let name):
            linear = Linear(
                weights: try scope.scope(name).matrix(
                    "weight", outputs: outputs, inputs: inputs, exactly: true, on: compute),
                bias: nil)
        case .linearWithBias(let name):
            linear = try Linear(scope.scope(name), inputs: inputs, outputs: outputs, on: compute)
        case .none:
            linear = nil
        }
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        linear.map { $0(x, on: compute) } ?? x
    }
}
