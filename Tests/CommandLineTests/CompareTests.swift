import AppendixFiles
import Foundation
import TestSupport
import Testing

@Suite("C.5 nqs compare") struct CompareCommand {
  @Test("an option goes to the optimisers that have it, and is refused where none has")
  func foreignOptions() throws {
    let scratch = try Scratch()
    let refused = try nqs("compare", "--optimizers", "adam,gd", "--lambda", "3")
    #expect(refused.exitCode == 64 && refused.isOneLine(with: "--lambda"), "\(refused)")
    let small = ["--steps", "1", "--walkers", "32", "--hidden", "4", "--pretrain", "1", "--quiet"]
    let runs = try nqs(
      ["compare", "--optimizers", "adam,kfac", "--lambda", "3", "--output", scratch.file("runs")] + small)
    #expect(runs.exitCode == 0, "\(runs)")
    func lambda(_ name: String) throws -> JSONValue? {
      try RunFolder.open(scratch.file("runs/\(name)")).settings["lambda"]
    }
    #expect(try lambda("adam")?.isNull == true)
    #expect(try lambda("kfac")?.double == 3)
  }

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
    // The first step is measured before any of them has done anything; pi-dgd's walkers follow |ψ|.
    let first = try names.filter { $0 != "pi-dgd" }.map { name in
      try NumericTable.read(scratch.file("\(name)/history.csv"), allowNonFinite: true)["energy"]?.first
    }
    #expect(Set(first).count == 1)
  }

  @Test("folders are looked at before anything is run: one that holds a run already stops all, and no time is lost")
  func foldersFirst() throws {
    let scratch = try Scratch()
    let words = [
      "compare", "--optimizers", "gd,adam", "--steps", "1", "--walkers", "32", "--hidden", "4", "--pretrain", "1",
      "--quiet",
      "--output", scratch.file("runs"),
    ]
    #expect(try nqs(words).exitCode == 0)
    try FileManager.default.removeItem(atPath: scratch.file("runs/gd"))
    let again = try nqs(words)
    #expect(again.exitCode == 64 && again.isOneLine(with: "adam", "holds a run already"), "\(again)")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("runs/gd")))
  }
}
