import GlimpseMedia
import TestSupport
import Testing

/// Pictures that are found inside others.
struct RegionSearchTests {
    @Test(arguments: [
        PictureRegion(x: 0, y: 0, width: 0.9, height: 0.9), PictureRegion(x: 0.2, y: 0.1, width: 0.8, height: 0.7),
        PictureRegion(x: 0.07, y: 0.13, width: 0.7, height: 0.7), PictureRegion(x: 0.3, y: 0, width: 0.7, height: 1),
        PictureRegion(x: 0, y: 0.25, width: 1, height: 0.7), PictureRegion(x: 0.31, y: 0.22, width: 0.5, height: 0.6),
    ])
    func aCropIsFoundWhereItWasCut(region: PictureRegion) throws {
        for number in 0..<5 {
            let crop = TestPictures.scene(
                number, width: Int(160 * region.width), height: Int(120 * region.height),
                region: (Double(region.x), Double(region.y), Double(region.width), Double(region.height)))
            let found = try #require(find(crop, in: TestPictures.scene(number)))
            #expect(found.agreement.correlation > 0.97)
            #expect(found.agreement.agreeingShare > 0.85)
            for (value, expected) in [
                (found.region.x, region.x), (found.region.y, region.y), (found.region.width, region.width),
                (found.region.height, region.height),
            ] {
                #expect(abs(value - expected) < 0.03, "scene \(number): \(found.region)")
            }
        }
    }

    @Test func aPictureIsFoundInAScreenshot() throws {
        let picture = TestPictures.scene(8)
        let screenshot = TestPictures.framed(picture, width: 180, height: 320, x: 10, y: 70, level: 240)
        let found = try #require(find(picture, in: screenshot))
        #expect(found.agreement.correlation > 0.97)
        #expect(abs(found.region.y - 70.0 / 320) < 0.03)
        #expect(abs(found.region.height - 120.0 / 320) < 0.03)
    }

    @Test func anotherPictureIsNotFound() {
        for number in 0..<12 {
            let found = find(TestPictures.scene(number + 20), in: TestPictures.scene(number))
            #expect(found?.agreement.correlation ?? 0 < 0.93)
        }
    }

    /// Sides of one pixel make aspect ratios of thousands.
    @Test(arguments: [(1, 4000), (4000, 1)])
    func extremeShapesAreSearchedToo(width: Int, height: Int) {
        let line = TestPictures.scene(1, width: width, height: height)
        _ = find(line, in: TestPictures.scene(1))
        _ = find(TestPictures.scene(1), in: line)
    }

    private func find(_ part: Pixels, in whole: Pixels) -> RegionSearch.Finding? {
        RegionSearch(
            for: PictureSignature(of: part), aspectRatio: Float(part.width) / Float(part.height),
            in: PictureSignature(of: whole), aspectRatio: Float(whole.width) / Float(whole.height)
        ).best()
    }
}
