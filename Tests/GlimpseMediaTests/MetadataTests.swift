import Foundation
import GlimpseMedia
import Testing

@Suite struct MetadataTests {
    private static let date = ExifField.takenAt

    /// Every format that has room for EXIF tells the same.
    @Test(arguments: ["exif.jpg", "exif.png", "exif.webp", "exif.avif", "exif.tif"])
    func readsFromFiles(name: String) throws {
        let header = try ImageDecoder().header(path: Fixtures.path(name))
        try expectFixturesMetadata(header.metadata)
        #expect(try ImageDecoder().header(Fixtures.data(name), name: name) == header)
    }

    @Test(arguments: ["baseline.jpg", "rgb.png", "orientation-6.jpg", "rgb.bmp", "rgb.jp2", "cmyk.tif", "rgb.ppm"])
    func isEmptyWithoutExif(name: String) throws {
        #expect(try ImageDecoder().header(path: Fixtures.path(name)).metadata == PictureMetadata())
    }

    @Test(arguments: [
        ("2019:05:04 12:33:01 (2019:05:04 12:33:01, ASCII, 20 components, 20 bytes)", "2019:05:04 12:33:01"),
        ("48/1 51/1 2952/100 (48, 51, 29.52, Rational, 3 components, 24 bytes)", "48/1 51/1 2952/100"),
        (
            "iPhone SE (2nd generation) (iPhone SE (2nd generation), ASCII, 27 components, 27 bytes)",
            "iPhone SE (2nd generation)"
        ),
        ("a, b (c (a, b (c, ASCII, 9 components, 9 bytes)", "a, b (c"), (" (, ASCII, 1 components, 1 bytes)", ""),
        ("plain", "plain"), ("", ""), (" components, x bytes)", " components, x bytes)"),
        (", ASCII, 0 components, 0 bytes)", ", ASCII, 0 components, 0 bytes)"),
    ])
    func findsValuesInDescriptions(described: String, value: String) {
        #expect(ExifField.value(in: described) == value)
    }

    @Test(
        arguments: [
            ("2019:05:04 12:33:01", 1_556_973_181), ("1970:01:01 00:00:00", 0), ("1969:12:31 23:59:59", -1),
            ("2000:02:29 00:00:00", 951_782_400), ("1826:01:01 00:00:00", -4_544_208_000),
            ("9999:12:31 23:59:59", 253_402_300_799), (" 2019:05:04 12:33:01\u{0}\n", 1_556_973_181),
            ("0000:00:00 00:00:00", nil), ("1825:12:31 23:59:59", nil), ("2019:02:29 00:00:00", nil),
            ("1900:02:29 00:00:00", nil), ("2019:13:01 00:00:00", nil), ("2019:00:01 00:00:00", nil),
            ("2019:04:31 00:00:00", nil), ("2019:05:04 24:00:00", nil), ("2019:05:04 12:60:01", nil),
            ("2019:05:04 12:33:60", nil), ("2019:05:04", nil), ("2019:05:04 12:33:01.5", nil),
            ("    :  :     :  :  ", nil),
            ("+019:05:04 12:33:01", nil), ("２０１９:05:04 12:33:01", nil), ("", nil),
        ] as [(String, Int?)])
    func readsTimes(text: String, seconds: Int?) {
        #expect(PictureMetadata(exif: [Self.date: text]).capturedAt?.secondsSince1970 == seconds)
    }

    @Test(
        arguments: [
            ("+02:00", 7200), ("-03:30", -12_600), ("Z", 0), ("+00:00", 0), ("+14:00", 50_400), ("+14:01", nil),
            ("+02:60", nil), ("+99:99", nil), ("02:00", nil), ("+2:00", nil), ("   :  ", nil), ("", nil),
        ] as [(String, Int?)])
    func readsOffsets(text: String, seconds: Int?) {
        let metadata = PictureMetadata(exif: [.takenAt: "2019:05:04 12:33:01", .takenAtOffset: text])
        #expect(metadata.capturedAt == CaptureTime(secondsSince1970: 1_556_973_181, utcOffsetSeconds: seconds))
    }

    /// The next best time is taken with its own offset where the best is malformed.
    @Test func fallsBackToOtherTimes() {
        var exif: [ExifField: String] = [
            .takenAt: "0000:00:00 00:00:00", .takenAtOffset: "+01:00", .digitizedAt: "1970:01:01 00:00:05",
            .digitizedAtOffset: "+02:00", .changedAt: "1970:01:01 00:00:09",
        ]
        #expect(
            PictureMetadata(exif: exif).capturedAt == CaptureTime(secondsSince1970: 5, utcOffsetSeconds: 7200))
        exif[.digitizedAt] = nil
        #expect(PictureMetadata(exif: exif).capturedAt == CaptureTime(secondsSince1970: 9))
    }

    @Test(
        arguments: [
            ("Canon", "Canon EOS 80D", "Canon EOS 80D"), ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
            ("NIKON CORPORATION", "NIKON D750", "NIKON D750"), ("OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"),
            ("EASTMAN KODAK COMPANY", "KODAK Z650 ZOOM", "KODAK Z650 ZOOM"), ("HUAWEI", "Huawei P20", "Huawei P20"),
            ("OLYMPUS OPTICAL CO.,LTD", "C960Z", "OLYMPUS C960Z"), ("  Apple ", "\tiPhone 12\u{0}", "Apple iPhone 12"),
            ("Canon\u{1B}[31m", "\u{202E}X\r\n", "Canon[31m X"), ("Camera", nil, "Camera"), (nil, "X100", "X100"),
            ("  ", "", nil), (nil, nil, nil), ("Canon", "Canon", "Canon"),
        ] as [(String?, String?, String?)])
    func namesCameras(make: String?, model: String?, camera: String?) {
        var exif: [ExifField: String] = [:]
        exif[.make] = make
        exif[.model] = model
        #expect(PictureMetadata(exif: exif).camera == camera)
    }

    @Test(
        arguments: [
            ("48/1 51/1 2952/100", "N", 48.858_2), ("48/1 51/1 2952/100", "s", -48.858_2), ("90/1", "N", 90),
            ("485/10 0/1", "N", 48.5), ("0/1 0/1 0/1", "S", 0), ("4294967295/4294967295", "N", 1),
            ("90/1 0/1 1/1", "N", nil), ("48/1 51/1 0/0", "N", nil), ("48/0", "N", nil), ("48/1 61/1", "N", nil),
            ("-48/1", "N", nil), ("+48/1", "N", nil), ("48", "N", nil), ("4294967296/1", "N", nil), ("nan/1", "N", nil),
            ("1/1 1/1 1/1 1/1", "N", nil), ("", "N", nil), ("48/1", "", nil), ("48/1", "X", nil), ("48/1", "NS", nil),
            ("48/1", nil, nil), (nil, "N", nil),
        ] as [(String?, String?, Double?)])
    func readsLatitudes(text: String?, reference: String?, degrees: Double?) {
        var exif: [ExifField: String] = [.longitude: "180/1", .longitudeReference: "W"]
        exif[.latitude] = text
        exif[.latitudeReference] = reference
        let metadata = PictureMetadata(exif: exif)
        if let degrees {
            #expect(abs((metadata.latitude ?? .nan) - degrees) < 1e-9)
            #expect(metadata.longitude == -180)
        } else {
            #expect(metadata.latitude == nil)
            #expect(metadata.longitude == nil)
        }
    }

    /// Whatever the texts, what comes out is possible.
    @Test func staysWithinBoundsOnAnyText() {
        var random = SmallRandom()
        let pieces = [
            "2019", ":", "05", " ", "12", "/", "1", "0", "N", "W", "+", "-", "\u{0}", "é", "😀", "(", ", ", "bytes)",
        ]
        for _ in 0..<5_000 {
            var exif: [ExifField: String] = [:]
            for field in ExifField.allCases {
                let text = (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
                exif[field] = ExifField.value(in: text)
            }
            expectPossible(PictureMetadata(exif: exif))
        }
    }

    /// Every minute or so of two centuries, as Foundation counts.
    @Test func countsDaysAsFoundationDoes() throws {
        var random = SmallRandom()
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for _ in 0..<2_000 {
            let seconds = random.below(8_000_000_000) - 4_000_000_000
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(seconds)))
            let numbers = try [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second].map {
                try #require($0)
            }
            let texts = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
            let text = texts[..<3].joined(separator: ":") + " " + texts[3...].joined(separator: ":")
            #expect(PictureMetadata(exif: [Self.date: text]).capturedAt?.secondsSince1970 == seconds, "\(text)")
        }
    }
}

/// What the files named exif.* and raw.* tell.
func expectFixturesMetadata(_ metadata: PictureMetadata) throws {
    #expect(metadata.capturedAt == CaptureTime(secondsSince1970: 1_556_973_181, utcOffsetSeconds: 7200))
    #expect(metadata.camera == "Canon EOS 80D")
    #expect(abs(try #require(metadata.latitude) - 48.858_2) < 1e-6)
    #expect(abs(try #require(metadata.longitude) + 2.294_5) < 1e-6)
}

func expectPossible(_ metadata: PictureMetadata) {
    #expect((metadata.latitude == nil) == (metadata.longitude == nil))
    #expect((-90...90).contains(metadata.latitude ?? 0))
    #expect((-180...180).contains(metadata.longitude ?? 0))
    #expect(metadata.camera?.isEmpty != true)
    #expect(metadata.camera?.unicodeScalars.count ?? 0 <= 100)
    #expect(metadata.camera?.unicodeScalars.contains { $0.properties.generalCategory == .control } != true)
    #expect((-50_400...50_400).contains(metadata.capturedAt?.utcOffsetSeconds ?? 0))
}
