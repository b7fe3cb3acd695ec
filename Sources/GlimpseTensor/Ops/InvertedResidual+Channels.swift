internal import CKernels

extension Compute {
    /// relu6(depthwise(relu6(expand(x)))), a few channels of a picture at a time: one core makes them and filters them while they are
    /// in its cache.
    ///
    /// - Returns: [B, ⌈Y/stride⌉, ⌈X/stride⌉, W].
    func filteredByChannels(
        _ x: Tensor, _ expand: InvertedResidualWeights.Pointwise, _ block: InvertedResidualWeights
    ) -> Tensor {
        let (pictures, pixels) = (x.shape[0], x.shape[1] * x.shape[2])
        let rows = block.geometry.steps(over: x.shape[1])
        let columns = block.geometry.steps(over: x.shape[2])
        let panels = expand.weights.panelCount
        let groups = channelGroups(panels: panels, pictures: pictures)
        let scratch = scratch(block.wideningSize + pixels * ((panels + groups - 1) / groups) * Int(CK_PANEL))
        return tensor([pictures, rows.output, columns.output, block.width]) { result in
            // The next piece of a worker is the same channels of the next picture, whose weights are in its cache then.
            team.run(groups * pictures) { piece, worker in
                let (group, picture) = (piece / pictures, piece % pictures)
                let first = panels * group / groups * Int(CK_PANEL)
                let channels = first..<min(block.width, panels * (group + 1) / groups * Int(CK_PANEL))
                let wide = scratch[worker] + block.wideningSize
                multiply(
                    x.pointer + picture * pixels * x.shape[3], pixels: pixels, expand, outputs: channels, to: wide,
                    activation: .relu6, widening: scratch[worker])
                var job = block.depthwise(of: channels)
                (job.input, job.ldi) = (UnsafePointer(wide), channels.count)
                job.output = result + picture * rows.output * columns.output * block.width + first
                job.ldo = block.width
                (job.in_y, job.in_x) = (x.shape[1], x.shape[2])
                (job.out_y, job.out_x) = (rows.output, columns.output)
                (job.top, job.left) = (rows.before, columns.before)
                kernels.depthwise(&job, 0, rows.output)
            }
        }
    }

    /// In how many groups the channels go: of two tiles' panels each, or where that gives threads too few pieces, of one tile's and as
    /// many for one thread as for another.
    private func channelGroups(panels: Int, pictures: Int) -> Int {
        let tile = Int(CK_TILE_PANELS)
        let wide = (panels + 2 * tile - 1) / (2 * tile)
        if wide * pictures >= 4 * team.count { return wide }
        return min(panels, ProductPieces.wholeShares((panels + tile - 1) / tile, threads: team.count))
    }
}
