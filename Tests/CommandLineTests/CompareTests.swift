import AppendixFiles
import Testing

@Suite("9.5 nqs compare") struct CompareCommand {
  @Test("every optimiser runs to its end from one start, each in its own folder")
  func all() throws {
    let scratch = try Scratch()
    let names = ["gd", "adam", "ngd", "kfac", "qn-kfac", "qn-mr-kfac", "dgd", "pi-dgd"]
    let outcome = try nqs([
      "compare", "--walkers", "256", "--hidden", "8", "--sweeps", "5", "--pretrain", "50", "--steps", "7", "--strength",
      "-10", "--quiet", "--json", "--output", scratch.path,
    ])
    let runs = try outcome.json()["runs"]?.elements ?? []
    #expect(outcome.exitCode == 0)
    #expect(runs.map { $0["optimizer"]?.text } == names)
    #expect(runs.allSatisfy { $0["energy"]?.double?.isFinite == true })
    // The first step is measured before any of them has done anything.
    let first = try names.map { name in
      try NumericTable.read(scratch.file("\(name)/history.csv"), allowNonFinite: true)["energy"]?.first
    }
    #expect(Set(first).count == 1)
  }
}
