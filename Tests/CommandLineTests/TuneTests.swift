import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

@Suite("C.7 nqs tune") struct TuneTests {
  private let small = ["--walkers", "64", "--hidden", "4", "--sweeps", "2", "--pretrain", "20", "--quiet"]

  private func tune(_ scratch: Scratch, _ words: String...) throws -> Outcome {
    try nqs(["tune", "--output", scratch.path] + small + words)
  }

  /// The values that were tried, in their order.
  private func rates(_ outcome: Outcome) throws -> [Double] {
    let trials = try outcome.json()["optimizers"]?.elements?.first?["trials"]?.elements ?? []
    return trials.compactMap { $0["hyperparameters"]?["learning-rate"]?.double }
  }

  @Test("the settings that page 13 found are hyper-parameters of all optimisers, and can be run") func shipped() throws
  {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Tutorials/13-beyond-the-talk/tuned").path
    let outcome = try nqs("study", "--optimizers", "all", "--particles", "2", "--tuned", folder, "--list")
    // One command for each of five systems.
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(outcome.exitCode == 0 && outcome.output.split(separator: "\n").count == 5 * files.count, "\(outcome)")
  }

  @Test("trials go up and down by √10 from the default, and what was tried is read and not run again")
  func trials() throws {
    let scratch = try Scratch()
    let first = try tune(scratch, "--optimizers", "adam", "--trials", "3", "--steps", "10", "--json")
    let tried = try rates(first)
    #expect(tried.count == 3 && tried[0] == 0.003 && tried[1] == 0.00949, "\(first)")
    // Up again where that helped, down where it did not.
    #expect([0.03, 0.000949].contains(tried[2]))
    let again = try tune(scratch, "--optimizers", "adam", "--trials", "3", "--steps", "10", "--json")
    #expect(again.output == first.output)
    // A longer search begins with the same trials.
    let longer = try tune(scratch, "--optimizers", "adam", "--trials", "4", "--steps", "10", "--json")
    #expect(try rates(longer).prefix(3) == tried[...])
  }

  @Test("study and compare take what tune has found, and what the command line says before that")
  func tuned() throws {
    let (scratch, runs) = (try Scratch(), try Scratch())
    #expect(
      try tune(scratch, "--optimizers", "adam,muon", "--trials", "2", "--steps", "7", "--strengths", "-20,0").exitCode
        == 0)
    let path = scratch.file("muon.json")
    let found = try JSONValue.parse(try String(contentsOfFile: path, encoding: .utf8))
    let study = try nqs(
      ["study", "--particles", "2", "--strengths", "-20", "--optimizers", "adam,muon", "--tuned", scratch.path]
        + ["--output", runs.path, "--learning-rate", "0.0123"] + small)
    #expect(study.exitCode == 0, "\(study)")
    let settings = try JSONValue.parse(
      try String(contentsOfFile: runs.file("A2_V-20_muon/settings.json"), encoding: .utf8))
    #expect(settings["steps"]?.int == 7 && settings["learning-rate"]?.double == 0.0123)
    let compared = try nqs(
      ["compare", "--optimizers", "muon", "--tuned", scratch.path, "--output", runs.file("compared")] + small)
    #expect(compared.exitCode == 0, "\(compared)")
    let taken = try JSONValue.parse(
      try String(contentsOfFile: runs.file("compared/muon/settings.json"), encoding: .utf8))
    #expect(taken["learning-rate"] == found["hyperparameters"]?["learning-rate"])
  }

  @Test("a trial that is lost counts as the worst, and the search goes on") func lost() throws {
    let scratch = try Scratch()
    let outcome = try tune(
      scratch, "--optimizers", "gd", "--trials", "4", "--steps", "10", "--learning-rate", "0.5", "--json")
    #expect(outcome.exitCode == 0, "\(outcome)")
    let result = try #require(try outcome.json()["optimizers"]?.elements?.first)
    let scores = result["trials"]?.elements?.map { $0["score"]?.double } ?? []
    #expect(scores.count == 4 && scores[0] == nil && scores[2] != nil)
  }

  @Test("where every trial is lost there is nothing to take: exit code 70, and --tuned says so") func allLost() throws {
    let scratch = try Scratch()
    let outcome = try tune(scratch, "--optimizers", "gd", "--trials", "1", "--steps", "10", "--learning-rate", "1e5")
    #expect(outcome.exitCode == 70 && outcome.isOneLine(with: "1 of 1 optimisers"), "\(outcome)")
    #expect(outcome.output.contains("failed"))
    let study = try nqs("study", "--optimizers", "gd", "--tuned", scratch.path)
    #expect(study.exitCode == 65 && study.isOneLine(with: "gd.json", "lost"), "\(study)")
  }

  @Test(
    "what is missing or damaged in the folder of --tuned is one line, exit code 65",
    arguments: [
      (nil, "nqs tune"), ("{", "adam.json"), (#"{"optimizer":"muon","steps":5,"hyperparameters":{}}"#, "adam.json"),
      (#"{"optimizer":"adam","steps":5,"hyperparameters":{"learning-rate":-1}}"#, "learning-rate"),
      (#"{"optimizer":"adam","steps":5,"hyperparameters":{"speed":1}}"#, "speed"),
      (#"{"optimizer":"adam","hyperparameters":{}}"#, "steps"),
    ] as [(String?, String)])
  func damaged(text: String?, word: String) throws {
    let scratch = try Scratch()
    if let text { try scratch.write(text, to: "adam.json") }
    for command in ["study", "compare"] {
      let outcome = try nqs(command, "--optimizers", "adam", "--tuned", scratch.path)
      #expect(outcome.exitCode == 65 && outcome.isOneLine(with: word), "\(outcome)")
    }
  }

  @Test("a budget gives the number of steps, and is not given with --steps") func budget() throws {
    let scratch = try Scratch()
    let outcome = try tune(scratch, "--optimizers", "adam", "--trials", "1", "--budget", "0.3", "--json")
    let steps = try outcome.json()["optimizers"]?.elements?.first?["steps"]?.int ?? 0
    #expect(steps > 20)
    // Read from the first trial: timed once.
    let again = try tune(scratch, "--optimizers", "adam", "--trials", "1", "--budget", "0.3", "--json")
    #expect(again.output == outcome.output)
    let other = try nqs(
      ["tune", "--output", scratch.path, "--optimizers", "adam", "--trials", "1", "--budget", "9"] + small.dropLast())
    #expect(other.errors.contains("adam: \(steps) steps, those of its trials"), "\(other)")
    // So does one whose energy rises in the steps that are timed.
    let rising = try tune(
      scratch, "--optimizers", "gd", "--learning-rate", "10", "--trials", "1", "--budget", "0.01", "--json")
    let risingSteps = try rising.json()["optimizers"]?.elements?.first?["steps"]?.int ?? 0
    // Some fifty; without a time they would be the six hundred of the optimiser.
    #expect((20..<500).contains(risingSteps))
    // Several states are timed as such.
    let states = try tune(
      scratch, "--optimizers", "pi-dgd", "--states", "2", "--trials", "1", "--budget", "0.01", "--json")
    #expect(states.exitCode == 0, "\(states)")
    let both = try tune(scratch, "--budget", "1", "--steps", "5")
    #expect(both.exitCode == 64 && both.isOneLine(with: "--budget", "--steps"))
  }
}
