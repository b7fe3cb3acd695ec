import GlimpseMedia
import TestSupport
import Testing

/// The small picture by which copies are recognised.
struct PictureSignatureTests {
    @Test func isMadeOfItsBytes() {
        let signature = PictureSignature(of: TestPictures.scene(1))
        #expect(signature.bytes.count == PictureSignature.byteCount)
        #expect(PictureSignature(bytes: signature.bytes) == signature)
        #expect(PictureSignature(bytes: signature.bytes.dropLast()) == nil)
        #expect(PictureSignature(bytes: signature.bytes + [0]) == nil)
    }

    @Test(arguments: [(1, 1), (1, 500), (500, 1), (33, 31), (63, 65), (64, 64), (255, 257), (3000, 5), (7, 3000)])
    func picturesOfEverySizeHaveOne(width: Int, height: Int) {
        let gray = [UInt8](repeating: 77, count: 3 * width * height)
        let signature = PictureSignature(of: Pixels(width: width, height: height, bytes: gray))
        #expect(signature.bytes.prefix(1024).allSatisfy { $0 == 77 })
        #expect(signature.bytes.dropFirst(1024).allSatisfy { $0 == 128 })
        #expect(signature.contrast == 0)
        #expect(signature.meanLuma == 77)
    }

    @Test(arguments: Orientation.allCases)
    func turnsAsThePictureDoes(orientation: Orientation) {
        let picture = TestPictures.scene(2, width: 151, height: 97)
        let turned = PictureSignature(of: picture.upright(from: orientation))
        let difference = zip(turned.bytes, PictureSignature(of: picture).upright(from: orientation).bytes)
            .map { abs(Int($0) - Int($1)) }.max()
        #expect(difference ?? 0 <= 2)
    }

    @Test func doesNotDependOnTheSize() {
        let small = PictureSignature(of: TestPictures.scene(3, width: 200, height: 150))
        let large = PictureSignature(of: TestPictures.scene(3, width: 1200, height: 900))
        let agreement = small.agreement(with: large)
        #expect(agreement.correlation > 0.995)
        #expect(agreement.agreeingShare > 0.99)
        #expect(small.chromaDifference(to: large) < 1)
    }

    @Test func brightnessAndContrastDoNotCount() {
        let picture = TestPictures.scene(4)
        let faded = TestPictures.changing(picture) { $0 * 0.6 + 60 }
        let agreement = PictureSignature(of: picture).agreement(with: PictureSignature(of: faded))
        #expect(agreement.correlation > 0.99)
        #expect(agreement.agreeingShare > 0.98)
    }

    @Test func aLogoDisturbsOnlyWhereItIs() {
        let picture = TestPictures.scene(5)
        let marked = TestPictures.covering(picture, x: 110..<150, y: 90..<115, with: 255)
        let agreement = PictureSignature(of: picture).agreement(with: PictureSignature(of: marked))
        #expect(agreement.agreeingShare > 0.85)
        let other = PictureSignature(of: picture).agreement(with: PictureSignature(of: TestPictures.scene(6)))
        #expect(other.correlation < 0.7)
        #expect(other.agreeingShare < 0.6)
    }

    @Test func greyHasTheChromaOfEveryColour() {
        let picture = TestPictures.scene(7)
        let gray = PictureSignature(of: TestPictures.gray(picture))
        #expect(PictureSignature(of: picture).chromaDifference(to: gray) == 0)
        let red = PictureSignature(of: Pixels(width: 2, height: 1, bytes: [200, 0, 0, 200, 0, 0]))
        let blue = PictureSignature(of: Pixels(width: 2, height: 1, bytes: [0, 0, 200, 0, 0, 200]))
        #expect(red.chromaDifference(to: blue) > 50)
    }
}
