/// A colour of the screen, each part from 0 to 255.
package struct Colour: Sendable, Equatable {
  package var red: UInt8
  package var green: UInt8
  package var blue: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// From a number such as 0x0072B2.
  package init(_ number: UInt32) {
    self.init(
      red: UInt8(number >> 16 & 255), green: UInt8(number >> 8 & 255), blue: UInt8(number & 255))
  }

  /// As style sheets write it: "#0072b2".
  package var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Part of the way to another colour; 0 stays, 1 arrives.
  func mixed(with other: Colour, _ part: Double) -> Colour {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      let (from, to) = (Double(a), Double(b))
      return UInt8((from + (to - from) * part).rounded())
    }
    return Colour(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }
}

/// Colours of curves, which colour-blind people tell apart: those of Okabe and Ito (2008) without their yellow, which
/// is lost on white paper, and with the ink of the page for their black. On a dark page the dark ones are lightened.
let curveColours: [(light: Colour, dark: Colour)] = [
  (Colour(0x0072B2), Colour(0x4FA3DB)),  // blue
  (Colour(0xD55E00), Colour(0xF0803C)),  // vermilion
  (Colour(0x009E73), Colour(0x26BF93)),  // bluish green
  (Colour(0xCC79A7), Colour(0xDD93BC)),  // reddish purple
  (Colour(0xE69F00), Colour(0xE9AE2B)),  // orange
  (Colour(0x56B4E9), Colour(0x8CD0F5)),  // sky blue
  (Colour(0x1B1B1B), Colour(0xE8E8E8)),  // ink
]

/// Lengths of dashes and gaps; the curve that follows takes the next, so that colour is never the only difference.
let dashes = ["", "8 3", "3 2", "9 3 2 3"]

/// Colours for values, in at most 64 levels.
package enum ColourMap: Sendable, CaseIterable {
  /// From 0 to the largest value, or from the smallest where some are negative: viridis (S. van der Walt, N. Smith),
  /// dark blue over green to yellow, ever lighter.
  case sequential
  /// From -m to m: blue, white at zero, orange; darker away from zero on both sides, lighter on a dark page. The halves are those of
  /// ColorBrewer's RdBu and PuOr.
  case diverging

  /// The colour of a value, from 0 at the low end to 1 at the high end of the scale; ends stand for what lies beyond.
  package func colour(at fraction: Double) -> Colour {
    colour(in: anchors, at: fraction)
  }

  private func colour(in anchors: [Colour], at fraction: Double) -> Colour {
    let place = min(max(fraction, 0), 1) * Double(anchors.count - 1)
    let low = min(Int(place), anchors.count - 2)
    return anchors[low].mixed(with: anchors[low + 1], place - Double(low))
  }

  /// The colours that a drawing uses, from low to high; an odd number, so that one of them is the middle.
  package var levels: [Colour] { (0..<63).map { colour(at: Double($0) / 62) } }

  /// The same on a dark page, where the middle of a diverging scale is dark and values far from zero are light; nil where
  /// there is no difference.
  package var darkLevels: [Colour]? {
    self == .diverging ? (0..<63).map { colour(in: blueToOrangeOnDark, at: Double($0) / 62) } : nil
  }

  private var anchors: [Colour] { self == .sequential ? viridis : blueToOrange }
}

/// Every tenth of matplotlib's table of 256.
private let viridis = [
  0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725,
].map { Colour($0) }

private let blueToOrange = [
  0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFEE0B6, 0xFDB863, 0xE08214, 0xB35806, 0x7F3B08,
].map { Colour($0) }

private let blueToOrangeOnDark = [
  0xB5DEFF, 0x74BDF2, 0x4393CF, 0x2F6796, 0x26425C, 0x22262C, 0x51391B, 0x875A1B, 0xC07F20, 0xEFA73C, 0xFFDDA6,
].map { Colour($0) }
