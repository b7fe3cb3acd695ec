import Foundation
import GlimpseMedia
import TestSupport
import Testing

/// What the perceptual hash keeps of a picture, and what it does not.
struct PerceptualHashTests {
    @Test func theDistanceCountsBits() {
        let (a, b) = (PerceptualHash(bits: 0b1011), PerceptualHash(bits: 0b0110))
        #expect(a.distance(to: b) == 3)
        #expect(b.distance(to: a) == 3)
        #expect(a.distance(to: a) == 0)
        #expect(PerceptualHash(bits: 0).distance(to: PerceptualHash(bits: .max)) == 64)
    }

    @Test(arguments: 0..<8)
    func turnedPicturesHaveTheHashesThatWereDerived(number: Int) {
        let picture = TestPictures.scene(number, width: 151, height: 97)
        let hashes = PictureSignature(of: picture).hashesOfAllOrientations
        #expect(hashes.count == Orientation.allCases.count)
        for (orientation, hash) in zip(Orientation.allCases, hashes) {
            let turned = PictureSignature(of: picture.upright(from: orientation))
            // A coefficient beside the median may fall on its other side by rounding.
            #expect(turned.hash.distance(to: hash) <= 2, "\(orientation)")
        }
    }

    @Test(arguments: 0..<8)
    func copiesAreNear(number: Int) throws {
        let picture = TestPictures.scene(number)
        let hash = PictureSignature(of: picture).hash
        let copies = [
            picture.resized(width: 40, height: 30, filter: .bicubic),
            picture.resized(width: 320, height: 240, filter: .bicubic),
            TestPictures.changing(picture) { $0 * 0.8 + 10 }, TestPictures.gray(picture),
            try ImageDecoder().decode(picture.encodedJPEG(quality: 30), name: "copy.jpg"),
        ]
        for copy in copies { #expect(PictureSignature(of: copy).hash.distance(to: hash) <= 8) }
    }

    @Test func otherPicturesAreFar() {
        let hashes = (0..<24).map { PictureSignature(of: TestPictures.scene($0)).hash }
        for (index, hash) in hashes.enumerated() {
            for other in hashes[(index + 1)...] { #expect(hash.distance(to: other) > 12) }
        }
    }
}
