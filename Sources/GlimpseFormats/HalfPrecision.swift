/// Conversions between binary32 and the 16-bit types, on bits: Swift's `Float16` does not exist on every platform and
/// is a library call without hardware support.
package enum HalfPrecision {
    /// Widens binary16; exact, subnormal numbers, infinities and NaN included.
    @inline(__always)
    package static func float(fromBinary16 bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        let magnitude: UInt32
        if exponent == 0 {
            magnitude = (Float(fraction) * 0x1p-24).bitPattern
        } else if exponent == 0x1F {
            magnitude = 0x7F80_0000 | fraction << 13
        } else {
            magnitude = (exponent + 112) << 23 | fraction << 13
        }
        return Float(bitPattern: sign | magnitude)
    }

    /// Widens bfloat16; exact.
    @inline(__always)
    package static func float(fromBfloat16 bits: UInt16) -> Float {
        Float(bitPattern: UInt32(bits) << 16)
    }

    /// Rounds to binary16, ties to even; beyond 65504 gives infinity, NaN stays NaN.
    @inline(__always)
    package static func binary16(from value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude >> 13) & 0x3FF }
        if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            // Adding 0.5 leaves the subnormal binary16, rounded by the addition, in the lowest bits.
            let shifted = (Float(bitPattern: magnitude) + 0.5).bitPattern - (0.5 as Float).bitPattern
            return sign | UInt16(truncatingIfNeeded: shifted)
        }
        let rounded = magnitude + 0x0FFF + (magnitude >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded - 0x3800_0000) >> 13)
    }
}
