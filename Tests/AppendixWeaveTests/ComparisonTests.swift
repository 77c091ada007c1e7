import AppendixWeave
import Testing

@Suite("W.2 When two outputs agree") struct Comparison {
  func agree(_ recorded: String, _ found: String) -> Bool {
    compareOutputs(recorded: recorded + "\n", found: found + "\n").isEmpty
  }

  @Test(
    "words must be the same, spaces need not",
    arguments: [
      ("energy:  2.00", "energy: 2.00", true), ("within 1e-3: yes", "within 1e-3: no", false),
      ("Ch03 x1", "Ch03 x2", false), ("A = 2", "A = 2 fermions", false), ("", "", true),
    ])
  func words(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test(
    "a number may move by a unit of its last printed digit, a whole number not at all",
    arguments: [
      ("E = 2.43", "E = 2.44", true), ("E = 2.43", "E = 2.45", false), ("E = 0.01", "E = 0.02", true),
      ("-0.01", "0.01", false), ("-0.01", "−0.01", true), ("0.00", "-0.00", true),
      ("(-2.5, 1.5)", "(-2.5, -1.5)", false),
      ("1.2e-4", "1.3e-4", true), ("1.2e-4", "1.2e-5", false), ("1.2e-4", "1.1999e-4", true),
      ("8580 parameters", "8581 parameters", false), ("nan", "nan", true), ("2.5", "nan", false),
    ])
  func numbers(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test(
    "estimates may move by four standard errors of their difference",
    arguments: [
      // √(0.01² + 0.01²) = 0.0141, times four 0.0566.
      ("-2.47 ± 0.01 ħω", "-2.42 ± 0.01 ħω", true), ("-2.47 ± 0.01 ħω", "-2.41 ± 0.01 ħω", false),
      ("12 ± 3", "14 ± 3", true), ("12 ± 3", "31 ± 3", false),
    ])
  func estimates(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test(
    "an error bar may not grow or shrink by more than a factor of three",
    arguments: [
      ("2.00 ± 0.10", "2.00 ± 0.30", true), ("2.00 ± 0.10", "2.00 ± 0.40", false),
      ("2.00 ± 0.40", "2.00 ± 0.10", false),
      // Printed with one digit, 0.1 may have been 0.14 and 0.4 may have been 0.36.
      ("2.0 ± 0.1", "2.0 ± 0.4", true), ("2.0 ± 0.5", "2.0 ± 0.12", false), ("2.0 ± 0.12", "2.0 ± 0.5", false),
    ])
  func errorBars(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test(
    "an error bar below the last digit is rounding: the number must agree without it",
    arguments: [
      ("2.0000 ± 0", "2.0000 ± 0", true), ("2.0000 ± 1e-16", "2.0000 ± 3e-15", true),
      ("2.0000 ± 0", "2.0003 ± 0", false),
    ])
  func zeroVariance(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test(
    "times are masked, units and all; other units are not",
    arguments: [
      ("took 3.2 ms", "took 2 s", true), ("in 12 seconds.", "in 3 min.", true), ("(0.4 µs)", "(80ns)", true),
      ("3 steps", "4 steps", false), ("2.5 sites", "3.5 sites", false), ("range 0.5 s", "range 0.5", false),
    ])
  func times(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test(
    "a number behind ≈ is of one machine, if the line ends in an answer, which must be the same",
    arguments: [
      ("≈ 0.8 %, below 2 %: yes", "≈ 1.3 %, below 2 %: yes", true),
      ("≈ 0.8 %, below 2 %: yes", "≈ 3e-4 %, below 2 %: yes", true),
      ("≈ 0.8 %, below 2 %: yes", "≈ 2.1 %, below 2 %: no", false),
      ("≈ 0.8 %, below 2 %: yes", "≈ 0.8 %, below 3 %: yes", false),
      ("≈ 7 ms, below 9 ms: yes", "≈ 8 ms, below 9 ms: yes", true),
      ("≈ -2.47, step 5: yes", "≈ -2.46, step 6: yes", false), ("≈ 0.8 %: yes", "≈ - %: yes", false),
      ("E ≈ 0.8", "E ≈ 1.3", false),
    ])
  func approximate(recorded: String, found: String, expected: Bool) { #expect(agree(recorded, found) == expected) }

  @Test("a missing line is one difference, with its place, and does not hide the next") func lines() {
    let recorded = "one\ntwo\nE = 1.5\n"
    let found = "one\nE = 2.5\nnew\n"
    let differences = compareOutputs(recorded: recorded, found: found, path: "output.txt", firstLine: 2)
    #expect(
      differences.map(\.description) == [
        "output.txt:3: a line is missing\n  - two",
        "output.txt:4: 1.5 became 2.5: more than a unit of the last digit\n  - E = 1.5\n  + E = 2.5",
        "output.txt:5: a new line\n  + new",
      ])
  }
}
