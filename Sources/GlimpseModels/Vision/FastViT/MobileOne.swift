internal import GlimpseTensor

extension ConvolutionWeights {
    /// A block of parallel branches as one convolution: convolutions with the kernel's size, one of a single pixel, and
    /// the identity, each with a batch normalisation of its own; which of them there are, the file tells. Where it has
    /// them joined already, that one.
    ///
    /// Vasu et al., "MobileOne: An Improved One millisecond Mobile Backbone", 2022.
    ///
    /// - Parameters:
    ///   - inputs: how many channels an output sees.
    ///   - channels: how many channels the picture has.
    init(mobileOne scope: WeightScope, outputs: Int, inputs: Int, channels: Int, kernelSize: Int) throws {
        guard !scope.containsScope(Self.joined) else {
            try self.init(scope.scope(Self.joined), outputs: outputs, inputs: inputs, kernelSize: kernelSize)
            return
        }
        func branch(_ scope: WeightScope, _ kernelSize: Int) throws -> ConvolutionWeights {
            try ConvolutionWeights(
                scope.scope("conv"), norm: scope.scope("bn"), outputs: outputs, inputs: inputs, kernelSize: kernelSize)
        }
        var branches = try scope.numberedScopes("conv_kxk").map { try branch($0, kernelSize) }
        if scope.containsScope("conv_scale") { branches.append(try branch(scope.scope("conv_scale"), 1)) }
        if scope.containsScope("identity") {
            // An identity of all channels is as large as a convolution of them: it does not stand alone.
            guard outputs == channels, inputs == 1 || !branches.isEmpty else {
                throw scope.contradiction("an identity from \(channels) channels to \(outputs) outputs of \(inputs)")
            }
            let norm = try BatchNorm(scope.scope("identity"), width: outputs)
            branches.append(ConvolutionWeights(identity: outputs, inputs: inputs).normalized(by: norm))
        }
        guard let first = branches.first else { throw scope.contradiction("a block without branches") }
        self = branches.dropFirst().reduce(first, +)
    }

    /// What timm calls a convolution that several have been joined to.
    static let joined = "reparam_conv"

    /// How many channels come out of a block of parallel branches, or of one convolution that they have been joined to.
    static func outputs(ofMobileOne scope: WeightScope) throws -> Int {
        try scope.outputs(scope.containsScope(joined) ? "\(joined).weight" : "conv_kxk.0.conv.weight", rank: 4)
    }
}
