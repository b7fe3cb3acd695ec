import Foundation
import GlimpseMedia
import GlimpseTasks

/// Shows pictures between the lines of a terminal that can.
struct TerminalPreview {
    private let graphics: TerminalGraphics
    private let output = StandardOutput()
    /// The longest side in pixels: some ten lines of text.
    private static let side = 240

    /// - Throws: `TaskError` when standard output is no terminal that shows pictures.
    init() throws {
        guard Terminal.outputIsTerminal, let graphics = TerminalGraphics.detected else {
            throw TaskError(
                .invalidInput, "this terminal shows no pictures, as far as can be told",
                remedy: "kitty, Ghostty, WezTerm, iTerm2 and those with sixel graphics do; --html writes a page instead"
            )
        }
        self.graphics = graphics
    }

    /// Shows a picture; one that cannot be read is passed over.
    func show(_ path: String) throws {
        let decoder = ImageDecoder(mode: .fast(minimumSide: Self.side))
        guard let thumbnail = try? decoder.decode(path: path).thumbnail(side: Self.side) else { return }
        try output.writeLine(try graphics.sequence(for: thumbnail))
    }
}
