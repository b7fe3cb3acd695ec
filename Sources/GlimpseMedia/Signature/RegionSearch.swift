internal import Foundation

/// Looks for a picture inside another: a crop in its original, a photograph in a screenshot or a frame.
///
/// The part may have been scaled, not stretched: sizes tell the aspect ratio, so that a place and a width are all there is to
/// find. First every place of a 16 × 16 raster is tried at every whole width (normalised cross-correlation: J. P. Lewis, "Fast
/// Normalized Cross-Correlation", 1995), then the best is moved and scaled by ever smaller steps.
public struct RegionSearch {
    /// What was found.
    public struct Finding: Sendable, Hashable {
        /// Where in the whole the part lies.
        public let region: PictureRegion
        /// How well the region agrees with the part.
        public let agreement: SignatureAgreement
    }

    /// Smaller regions have too few levels to recognise anything by.
    private static let leastCoarseSide = 4
    /// What does not agree so far by the first step is not looked at closer.
    private static let leastCoarseCorrelation: Float = 0.7

    private let whole: SummedLuma
    private let part: SummedLuma
    /// The height of a region in parts of the whole's height, per part of the whole's width.
    private let heightPerWidth: Float

    /// Prepares to look for `part` in `whole`.
    ///
    /// - Parameters:
    ///   - part: the signature of the smaller picture.
    ///   - partAspectRatio: its width by its height in pixels.
    ///   - whole: the signature of the picture that may contain it.
    ///   - wholeAspectRatio: its width by its height in pixels.
    public init(
        for part: PictureSignature, aspectRatio partAspectRatio: Float, in whole: PictureSignature,
        aspectRatio wholeAspectRatio: Float
    ) {
        self.part = SummedLuma(part)
        self.whole = SummedLuma(whole)
        heightPerWidth = wholeAspectRatio / partAspectRatio
    }

    /// The region that agrees best; nil when none comes near.
    ///
    /// - Complexity: constant: about 600 places, and 100 closer looks at the best.
    public func best() -> Finding? {
        guard var region = coarseRegion() else { return nil }
        var agreement = agreement(at: region)
        var step = 1 / Float(2 * CoarseRaster.side)
        while step > 0.003 {
            var improved = false
            for candidate in neighbors(of: region, step: step) {
                let candidateAgreement = self.agreement(at: candidate)
                if candidateAgreement.correlation > agreement.correlation {
                    (region, agreement, improved) = (candidate, candidateAgreement, true)
                }
            }
            if !improved { step /= 2 }
        }
        return Finding(region: region, agreement: agreement)
    }

    private func region(x: Float, y: Float, width: Float) -> PictureRegion {
        PictureRegion(x: x, y: y, width: width, height: width * heightPerWidth)
    }

    private func neighbors(of center: PictureRegion, step: Float) -> [PictureRegion] {
        var found: [PictureRegion] = []
        let moves: [(Float, Float, Float)] = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
        for (x, y, grow) in moves {
            // Growth is about the middle, and pushed back where it would leave the picture.
            let width = min(center.width + 2 * grow * step, 1, 1 / heightPerWidth)
            let height = width * heightPerWidth
            let left = center.x + x * step + (center.width - width) / 2
            let top = center.y + y * step + (center.height - height) / 2
            found.append(region(x: min(max(left, 0), 1 - width), y: min(max(top, 0), 1 - height), width: width))
        }
        return found
    }

    /// Compares on a raster that both sides can fill: a region of the whole has fewer levels than the part.
    private func agreement(at region: PictureRegion) -> SignatureAgreement {
        func cells(_ size: Float) -> Int {
            min(max(Int(size * Float(PictureSignature.side) * 0.8), 6), 24)
        }
        let (columns, rows) = (cells(region.width), cells(region.height))
        let inside = whole.means(of: region, columns: columns, rows: rows)
        let expected = part.means(of: .whole, columns: columns, rows: rows)
        return inside.withUnsafeBufferPointer { inside in
            expected.withUnsafeBufferPointer { expected in
                SignatureAgreement(columns: columns, rows: rows, { inside[$0] }, { expected[$0] })
            }
        }
    }

    /// The place of the raster that agrees with the part most significantly.
    private func coarseRegion() -> PictureRegion? {
        let side = CoarseRaster.side
        let raster = CoarseRaster(whole.means(of: .whole, columns: side, rows: side))
        var best: (significance: Float, region: PictureRegion)?
        for columns in Self.leastCoarseSide...side {
            let width = Float(columns) / Float(side)
            let height = width * heightPerWidth
            guard height <= 1.03 else { break }
            let rows = min(Int((height * Float(side)).rounded()), side)
            guard rows >= Self.leastCoarseSide, columns < side || rows < side else { continue }
            let template = part.means(of: .whole, columns: columns, rows: rows)
            guard let found = raster.best(for: template, columns: columns, rows: rows),
                found.correlation > Self.leastCoarseCorrelation
            else { continue }
            // A small template correlates with something by chance: Fisher's z counts its levels.
            let significance = atanh(min(found.correlation, 0.999)) * Float(columns * rows).squareRoot()
            guard significance > best?.significance ?? 0 else { continue }
            let fitting = min(width, 1 / heightPerWidth)
            let x = min(Float(found.column) / Float(side), 1 - fitting)
            let y = min(Float(found.row) / Float(side), 1 - fitting * heightPerWidth)
            best = (significance, region(x: x, y: max(0, y), width: fitting))
        }
        return best?.region
    }
}
