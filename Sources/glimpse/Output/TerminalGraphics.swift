import Foundation
import GlimpseMedia

/// The ways in which terminals take pictures.
enum TerminalGraphics {
    /// https://sw.kovidgoyal.net/kitty/graphics-protocol
    case kitty
    /// https://iterm2.com/documentation-images.html
    case iTerm2
    /// DEC's sixels, as in the VT340.
    case sixel

    /// What the terminal understands, by its name, or by what it answers.
    static var detected: TerminalGraphics? {
        named(by: ProcessInfo.processInfo.environment) ?? (TerminalAttributes.hasSixels ? .sixel : nil)
    }

    /// What the environment tells of the terminal.
    static func named(by environment: [String: String]) -> TerminalGraphics? {
        let program = environment["TERM_PROGRAM"] ?? ""
        let type = environment["TERM"] ?? ""
        if environment["KITTY_WINDOW_ID"] != nil || type == "xterm-kitty" || type == "xterm-ghostty" { return .kitty }
        if program.lowercased() == "ghostty" { return .kitty }
        if ["iTerm.app", "WezTerm"].contains(program) || environment["LC_TERMINAL"] == "iTerm2" { return .iTerm2 }
        return nil
    }

    /// The characters that make the terminal show a picture.
    func sequence(for picture: Pixels) throws -> String {
        switch self {
        case .kitty: Self.kitty(try picture.encodedPNG())
        case .iTerm2: Self.iTerm2(try picture.encodedPNG())
        case .sixel: Sixels(picture).text
        }
    }

    /// In pieces of at most 4,096 characters; all but the last say that more come.
    private static func kitty(_ png: Data) -> String {
        let encoded = Array(png.base64EncodedString())
        return stride(from: 0, to: encoded.count, by: 4096).map { start in
            let end = min(start + 4096, encoded.count)
            let first = start == 0 ? "a=T,f=100," : ""
            return "\u{1B}_G\(first)m=\(end < encoded.count ? 1 : 0);\(String(encoded[start..<end]))\u{1B}\\"
        }.joined()
    }

    private static func iTerm2(_ png: Data) -> String {
        "\u{1B}]1337;File=inline=1;size=\(png.count):\(png.base64EncodedString())\u{07}"
    }
}
