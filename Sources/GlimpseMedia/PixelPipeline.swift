internal import CVips

/// The steps from a picture as libvips loads it to rows of RGB bytes.
struct PixelPipeline {
    /// Whether the samples are numbers rather than levels: 32-bit integers or floating point.
    let isNumeric: Bool
    private let picture: VipsPicture
    private let layout: SampleLayout

    /// Plans the steps for a picture that is loaded from `source`.
    init(_ loaded: VipsPicture, source: ImageSource) throws {
        var picture = loaded
        func apply(
            _ operation: (
                UnsafeMutablePointer<VipsImage>, UnsafeMutablePointer<UnsafeMutablePointer<VipsImage>?>
            ) -> Int32
        ) throws {
            guard let next = picture.applying(operation) else {
                throw source.damage(size: (loaded.width, loaded.height))
            }
            picture = next
        }
        let profile = picture.profile
        if Self.isDeviceIndependent(picture.interpretation) { try apply(cvips_colourspace_srgb) }
        // As Pillow: of 16 bits the upper 8 are kept, no rounding.
        if picture.format == VIPS_FORMAT_USHORT { try apply(cvips_msb) }
        isNumeric = picture.format != VIPS_FORMAT_UCHAR
        if isNumeric { try apply(cvips_cast_float) }

        var layout = Self.layout(of: picture)
        if let profile, !isNumeric, Self.isUsable(profile, for: layout) {
            let interpretation =
                switch layout {
                case .gray, .grayAlpha: VIPS_INTERPRETATION_B_W
                case .rgb, .rgbAlpha: VIPS_INTERPRETATION_sRGB
                case .cmyk: VIPS_INTERPRETATION_CMYK
                }
            try apply { cvips_copy_interpreted($0, $1, interpretation) }
            // A profile that lcms rejects is no reason to refuse the picture: it is taken as sRGB then.
            if let converted = picture.applying(cvips_icc_transform_embedded) {
                picture = converted
                layout = layout == .grayAlpha || layout == .rgbAlpha ? .rgbAlpha : .rgb
            }
        }
        self.picture = picture
        self.layout = layout
    }

    /// Decodes into `rgb`, [Y, X, 3]. Numbers become levels by `scale`.
    ///
    /// - Returns: False when the pixels could not be computed.
    func write(to rgb: UnsafeMutableBufferPointer<UInt8>, scale: Float) -> Bool {
        let rowByteCount = 3 * picture.width
        var levels = [UInt8](repeating: 0, count: isNumeric ? picture.width * picture.bands : 0)
        return picture.forEachRow { row, y in
            let output = UnsafeMutableBufferPointer(rebasing: rgb[y * rowByteCount..<(y + 1) * rowByteCount])
            guard isNumeric else {
                layout.convert(row.assumingMemoryBound(to: UInt8.self), bands: picture.bands, to: output)
                return
            }
            for (index, value) in row.assumingMemoryBound(to: Float.self).enumerated() {
                let level = value * scale
                levels[index] = level >= 255 ? 255 : level > 0 ? UInt8(level) : 0
            }
            levels.withUnsafeBufferPointer { layout.convert($0, bands: picture.bands, to: output) }
        }
    }

    /// The factor that brings numbers to 0…255: values up to 1 are taken as 0…1, up to 255 as levels, others by their maximum.
    ///
    /// - Returns: Nil when the pixels could not be computed.
    func levelScale() -> Float? {
        var maximum: Float = 0
        let complete = picture.forEachRow { row, _ in
            for value in row.assumingMemoryBound(to: Float.self) where value.isFinite { maximum = max(maximum, value) }
        }
        guard complete else { return nil }
        return maximum <= 1 ? 255 : maximum <= 255 ? 1 : 255 / maximum
    }

    private static func isDeviceIndependent(_ interpretation: VipsInterpretation) -> Bool {
        switch interpretation {
        case VIPS_INTERPRETATION_LAB, VIPS_INTERPRETATION_LABQ, VIPS_INTERPRETATION_LABS, VIPS_INTERPRETATION_XYZ,
            VIPS_INTERPRETATION_LCH, VIPS_INTERPRETATION_YXY, VIPS_INTERPRETATION_CMC:
            true
        default: false
        }
    }

    private static func layout(of picture: VipsPicture) -> SampleLayout {
        if picture.interpretation == VIPS_INTERPRETATION_CMYK, picture.bands >= 4 { return .cmyk }
        switch (picture.bands, picture.hasAlpha) {
        case (2, true): return .grayAlpha
        case (...2, _): return .gray
        case (4..., true): return .rgbAlpha
        default: return .rgb
        }
    }

    /// Whether the profile is for these samples and would change them.
    private static func isUsable(_ profile: [UInt8], for layout: SampleLayout) -> Bool {
        guard profile.dropFirst(16).starts(with: layout.profileSignature.utf8) else { return false }
        return profile.dropFirst(16).starts(with: "RGB ".utf8) ? !StandardProfile.isSRGB(profile) : true
    }
}
