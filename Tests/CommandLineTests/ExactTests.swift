import AppendixFiles
import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("C.4 nqs exact") struct ExactCommand {
  @Test("each method prints the library's energy")
  func methods() throws {
    let pair = TrappedFermions(particles: 2, strength: -20)
    func energy(_ words: String...) throws -> Double {
      let json = try nqs(["exact", "--json", "--quiet"] + words).json()
      return try #require(json["energy"]?.double)
    }
    #expect(try energy("--method", "relative") == relativeCoordinate(pair).energy)
    #expect(try energy("--method", "hf") == hartreeFock(pair).energy)
    #expect(
      try energy("--method", "ci", "--modes", "10")
        == configurationInteraction(pair, settings: ModeSettings(modes: 10)).energy)
    // The grid's own uncertainty.
    #expect(try energy("--method", "grid") ≈ relativeCoordinate(pair).energy ± 1e-8)
    // The digits that the book's design gives.
    #expect(try energy("--particles", "3", "--strength", "20") ≈ 6.5148587 ± 1e-6)
  }

  @Test("the table that is kept has 30 rows, and takes no other option")
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
