import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

@Suite("C.16 nqs solve --states") struct StatesTests {
  private let small = ["--states", "2", "--walkers", "128", "--hidden", "8", "--seed", "4", "--quiet"]

  private func numbers(_ json: JSONValue, _ name: String) -> [Double] {
    (json[name]?.elements ?? []).compactMap(\.double)
  }

  @Test("two levels of free fermions, 2 and 3, with error bars and beside the exact ones")
  func levels() throws {
    let outcome = try nqs(["solve", "--strength", "0", "--steps", "30", "--json"] + small)
    #expect(outcome.exitCode == 0, "\(outcome)")
    let json = try outcome.json()
    let (energies, errors) = (numbers(json, "energies"), numbers(json, "energy_errors"))
    try #require(energies.count == 2 && errors.count == 2)
    let exact = numbers(json, "exact_energies")
    try #require(exact.count == 2)
    for k in 0..<2 {
      #expect(abs(exact[k] - Double(2 + k)) < 1e-6)
      // Measured: 7e-5 and 6e-4 with 256 walkers; five error bars are for another processor's rounding.
      #expect(abs(energies[k] - exact[k]) < max(5 * errors[k], 3e-3) && errors[k] < 5e-3, "\(energies) ± \(errors)")
    }
    #expect(json["energy"]?.double.map { abs($0 - energies[0] - energies[1]) < 0.01 } == true)
    #expect(json["exact"]?.double.map { abs($0 - 5) < 1e-6 } == true)
  }

  @Test("a run with several states goes on with the same bits, and is measured from its folder")
  func resumed() throws {
    let scratch = try Scratch()
    let words = ["solve", "--strength", "-10", "--pretrain", "30", "--json"] + small
    let whole = try nqs(words + ["--steps", "8"])
    #expect(try nqs(words + ["--steps", "5", "--output", scratch.file("run")]).exitCode == 0)
    let resumed = try nqs(
      "solve", "--resume", scratch.file("run"), "--steps", "8", "--json", "--quiet", "--threads", "1")
    for name in ["energies", "energy_errors", "energy"] {
      #expect(try resumed.json()[name] == whole.json()[name])
    }
    let measured = try nqs("measure", scratch.file("run"), "--batches", "3", "--json", "--quiet")
    #expect(measured.exitCode == 0, "\(measured)")
    #expect(numbers(try measured.json(), "energies").count == 2)
    #expect(try nqs("measure", scratch.file("run"), "--batches", "3", "--quiet").output.contains("level 1"))
    #expect(try nqs("report", scratch.file("run"), "--quiet").exitCode == 0)
    let page = try String(contentsOfFile: scratch.file("run/report.html"), encoding: .utf8)
    #expect(page.contains("level 1"))
    // Neither of these is for several states.
    try scratch.write("-1,1\n", to: "x.csv")
    let evaluated = try nqs("evaluate", "--run", scratch.file("run"), "--positions", scratch.file("x.csv"))
    #expect(evaluated.exitCode == 64 && evaluated.isOneLine(with: "states"), "\(evaluated)")
    let weights = scratch.file("run/weights.safetensors")
    let begun = try nqs("solve", "--weights", weights)
    #expect(begun.exitCode == 65 && begun.isOneLine(with: "states"), "\(begun)")
  }

  @Test(
    "what several states cannot have is refused in one line, exit code 64",
    arguments: [
      (["--optimizer", "kfac-dgd"], "kfac-dgd"), (["--particles", "33"], "64 at most"),
    ])
  func refused(words: [String], word: String) throws {
    let outcome = try nqs(["solve", "--states", "2", "--steps", "1"] + words)
    #expect(outcome.exitCode == 64 && outcome.isOneLine(with: word), "\(outcome)")
  }
}
