import AppendixFiles
import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("9.4 nqs exact") struct ExactCommand {
  /// Energies that the book's design gives, to seven digits.
  static let known: [(particles: Int, strength: Double, energy: Double)] = [
    (2, -20, -2.4717558), (2, -10, 0.5959059), (2, 10, 2.4256190), (2, 20, 2.6056395), (3, -20, -7.5244718),
    (3, -10, 0.7147967), (3, 10, 5.8780261), (3, 20, 6.5148587),
  ]

  func energy(_ words: String...) throws -> Double {
    let json = try nqs(["exact", "--json", "--quiet"] + words).json()
    return try #require(json["energy"]?.double)
  }

  // 1e-6: the last digit of the reference values, and a margin of ten.
  @Test("the grid gives the known energies of two and three fermions", arguments: known)
  func grid(particles: Int, strength: Double, energy expected: Double) throws {
    let found = try energy("--particles", "\(particles)", "--strength", "\(strength)")
    #expect(found ≈ expected ± 1e-6)
  }

  @Test("without interaction the grid gives A²/2", arguments: [1, 2, 3])
  func free(particles: Int) throws {
    let found = try energy("--particles", "\(particles)", "--strength", "0")
    #expect(found ≈ 0.5 * Double(particles * particles) ± 1e-9)
  }

  @Test("two fermions by their relative coordinate are those of the grid", arguments: [-20.0, -5, 7, 20])
  func relative(strength: Double) throws {
    let grid = try energy("--strength", "\(strength)")
    #expect(try energy("--strength", "\(strength)", "--method", "relative") ≈ grid ± 1e-9)
  }

  @Test("modes bring configuration interaction down towards the exact energy, and Hartree-Fock stays above it")
  func bounds() throws {
    let exact = try energy()
    let few = try energy("--method", "ci", "--modes", "10")
    let many = try energy("--method", "ci", "--modes", "20")
    #expect(few > many && many > exact)
    #expect(try energy("--method", "hf") > exact)
  }

  @Test("the table that is kept answers at once, with 30 rows, and takes no other option")
  func table() throws {
    let rows = try nqs("exact", "--table", "--json").json()["energies"]?.elements ?? []
    #expect(rows.count == 30)
    #expect(rows.first?["energy"]?.double == ExactEnergy.table.first?.energy)
    // For people a row for each A, a column for each V0.
    let lines = try nqs("exact", "--table").output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.count == 8 && lines[1] == ["A", "-20", "-10", "0", "10", "20"] && lines[2].first == "2")
    let refused = try nqs("exact", "--table", "--particles", "3")
    #expect(refused.exitCode == 64 && refused.isOneLine(with: "--particles"), "\(refused)")
  }

  @Test("--states gives the lowest levels, equal ones too, as a list and as lines with parities")
  func states() throws {
    let words = ["exact", "--strength", "0", "--states", "6", "--tolerance", "1e-8", "--quiet"]
    let json = try nqs(words + ["--json"]).json()
    let energies = json["energies"]?.elements?.compactMap(\.double) ?? []
    #expect(energies ≈ [2, 3, 4, 4, 5, 5] ± 1e-8)
    #expect(json["energy"]?.double == energies.first)
    #expect(json["uncertainties"]?.elements?.count == 6)
    let lines = try nqs(words).output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.count == 7 && lines[1].last == "odd" && lines[2].last == "even")
  }

  @Test("what a method cannot do is one line and exit code 64")
  func refused() throws {
    let outcome = try nqs("exact", "--particles", "3", "--method", "relative")
    #expect(outcome.exitCode == 64 && outcome.isOneLine(with: "2 particles"), "\(outcome)")
    for (method, option) in [
      ("hf", "--states"), ("hf", "--memory"), ("relative", "--memory"), ("grid", "--modes"), ("hf", "--modes"),
    ] {
      let refused = try nqs("exact", "--method", method, option, "2")
      #expect(refused.exitCode == 64 && refused.isOneLine(with: "\(option) is for --method"), "\(refused)")
    }
    // Before it begins, not after minutes of coarser grids.
    let narrow = try nqs("exact", "--particles", "5", "--strength", "-20", "--memory", "0.02")
    #expect(narrow.exitCode == 64 && narrow.isOneLine(with: "5 particles would need about"), "\(narrow)")
    let large = try nqs("exact", "--particles", "20", "--method", "grid")
    #expect(large.exitCode == 64 && large.isOneLine(with: "20"), "\(large)")
  }
}
