import GlimpseMedia
import Testing

/// Pictures made smaller for people to look at.
struct ThumbnailTests {
    @Test(arguments: [(1000, 500, 100, 50), (500, 1000, 50, 100), (3000, 2, 100, 1), (100, 80, 100, 80), (7, 9, 7, 9)])
    func fitsTheSquareAndKeepsItsShape(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int) {
        let bytes = [[UInt8]](repeating: [200, 100, 50], count: width * height).flatMap { $0 }
        let thumbnail = Pixels(width: width, height: height, bytes: bytes).thumbnail(side: 100)
        #expect(thumbnail.width == expectedWidth && thumbnail.height == expectedHeight)
        // No bars are added.
        let first = thumbnail.withUnsafeBytes { Array($0.prefix(3)) }
        #expect(first == [200, 100, 50])
    }
}
