import AppendixText
import Testing

@Suite("T.1 Numbers as text") struct NumbersAsText {
  @Test("fixed rounds to its digits, and zero has no sign")
  func rounding() {
    #expect(fixed(2.5, 3) == "2.500")
    #expect(fixed(-0.0625, 3) == "-0.062")
    #expect(fixed(-1e-9, 3) == "0.000" && fixed(-0.0, 0) == "0")
    #expect(fixed(-12, 0) == "-12")
    #expect(fixed(.greatestFiniteMagnitude, 100).count == 410)
  }

  @Test("scientific has one digit before the point")
  func exponents() {
    #expect(scientific(0.00163, 1) == "1.6e-03")
    #expect(scientific(-0.00163, 0) == "-2e-03")
    #expect(scientific(1e300, 2) == "1.00e+300")
  }

  @Test("what is not finite is a dash", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(x: Double) {
    #expect(fixed(x, 2) == "-" && scientific(x, 2) == "-")
  }

  @Test("columns line up whatever the sign")
  func lines() {
    #expect(columns([1, -0.5], 2) == "  1.00 -0.50")
    #expect(columns([1, -2], 0, width: 4) == "   1  -2")
    #expect(columns([]) == "")
  }
}

@Suite("T.2 Text of a given width") struct Widths {
  @Test("blanks fill up, and nothing is cut off")
  func blanks() {
    #expect(padded("ω", 3) == "ω  " && rightAligned("ω", 3) == "  ω")
    #expect(padded("long", 2) == "long" && rightAligned("long", 2) == "long")
  }
}

@Suite("T.3 Times") struct Times {
  @Test("work runs once more than it is timed, and its last result is kept")
  func runs() {
    var count = 0
    let (milliseconds, result) = shortestTime(repeats: 3) {
      count += 1
      return count
    }
    #expect(count == 4 && result == 4 && milliseconds >= 0 && milliseconds.isFinite)
  }
}
