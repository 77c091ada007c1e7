import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

@Suite("C.6 nqs study") struct StudyCommandTests {
  private let small = ["--walkers", "64", "--hidden", "8", "--sweeps", "5", "--pretrain", "50", "--quiet"]

  @Test("a case that has ended is read, not run again; more steps make it go on")
  func resumable() throws {
    let scratch = try Scratch()
    let study = ["study", "--particles", "2", "--output", scratch.path, "--json"] + small
    let first = try nqs(study + ["--strengths", "-20,0", "--steps", "12"])
    #expect(first.exitCode == 0)
    let again = try nqs(study + ["--strengths", "-20,0", "--steps", "12"])
    // The seconds too: they were read.
    #expect(try again.json() == first.json())
    let longer = try nqs(study + ["--strengths", "0", "--steps", "15"])
    #expect(try longer.json()["cases"]?.elements?.map { $0["steps"]?.int } == [15])
    let collected = try nqs(study + ["--strengths", "0,10", "--steps", "15", "--collect"])
    #expect(try collected.json()["cases"]?.elements?.map { $0["steps"]?.int } == [15, nil])
  }

  @Test("without interaction the pretrained state is nearly the answer, and the table counts it")
  func converged() throws {
    let scratch = try Scratch()
    let outcome = try nqs(
      ["study", "--particles", "2", "--strengths", "0", "--steps", "30", "--output", scratch.path] + small)
    #expect(outcome.output.hasPrefix("A = 2  V0 =    0"))
    #expect(outcome.output.hasSuffix("1 of 1 cases converged\n"))
  }

  /// Two cases of a second, in a folder of their own.
  private func pair(_ scratch: Scratch) -> [String] {
    ["study", "--particles", "2", "--strengths", "-20,0", "--steps", "10", "--output", scratch.path] + small
  }

  @Test("a case that another process runs is told, and the others go on, exit code 75") func locked() throws {
    let scratch = try Scratch()
    let lock = try RunLock(scratch.file("A2_V-20_pi-dgd"))
    let outcome = try nqs(pair(scratch))
    #expect(outcome.exitCode == 75 && outcome.isOneLine(with: "1 of 2 cases"), "\(outcome)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].contains("another process runs this case") && lines[1].contains("exact"))
    #expect(lines[2].hasPrefix("1 of 2 ended, "))
    lock.release()
    #expect(try nqs(pair(scratch) + ["--json"]).json()["ended"]?.int == 2)
  }

  @Test("a case that cannot be read is told in its line, and the others are shown, exit code 65")
  func unreadable() throws {
    let scratch = try Scratch()
    #expect(try nqs(pair(scratch)).exitCode == 0)
    for (file, text) in [
      ("settings.json", "{"), ("result.json", "{"), ("result.json", "[]"), ("result.json", #"{"steps":40}"#),
    ] {
      let path = "A2_V-20_pi-dgd/\(file)"
      let before = try scratch.bytes(path)
      try scratch.write(text, to: path)
      for words in [pair(scratch), pair(scratch) + ["--collect"]] {
        let outcome = try nqs(words)
        #expect(outcome.exitCode == 65 && outcome.isOneLine(with: "1 of 2 cases"), "\(outcome)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines[0].contains("unreadable: ") && lines[0].contains(file) && lines[1].contains("exact"))
        #expect(lines[2].hasPrefix("1 of 2 ended, "))
      }
      try before.write(to: URL(fileURLWithPath: scratch.file(path)))
    }
  }

  @Test("a file in a case's place is told, not taken for a case that has not ended, exit code 74") func fileAsCase()
    throws
  {
    let scratch = try Scratch()
    try scratch.write("", to: "A2_V0_pi-dgd")
    let outcome = try nqs(pair(scratch) + ["--collect"])
    #expect(outcome.exitCode == 74, "\(outcome)")
    #expect(
      outcome.output.contains("V0 =  -20  not ended\n") && outcome.output.contains("is a file, not a run's folder"))
  }

  @Test("a failure is kept: collecting tells it again, with the exit code that it had") func failed() throws {
    let scratch = try Scratch()
    let words = pair(scratch) + ["--optimizer", "gd", "--learning-rate", "1e6"]
    let first = try nqs(words)
    #expect(first.exitCode == 70 && first.isOneLine(with: "2 of 2 cases"), "\(first)")
    #expect(first.output.contains("failed: ") && first.output.hasSuffix("0 of 2 ended, 0 converged\n"))
    let collected = try nqs(words + ["--collect"])
    #expect(collected.exitCode == 70 && collected.output == first.output)
    _ = try nqs("report", scratch.file("A2_V0_gd"))
    #expect(try readText(scratch.file("A2_V0_gd/report.html")).contains("This run failed: step "))
  }

  @Test("a study goes on with a tighter target, and a case that has met it is not run again") func target() throws {
    let scratch = try Scratch()
    // Free fermions: pretraining is nearly the answer.
    let study =
      ["study", "--particles", "2", "--strengths", "0", "--output", scratch.file("study"), "--walkers", "128"]
      + ["--hidden", "8", "--pretrain", "150", "--quiet", "--json"]
    func steps(_ words: String...) throws -> Int? {
      try nqs(study + words).json()["cases"]?.elements?.first?["steps"]?.int
    }
    let first = try #require(try steps("--target", "0.05"))
    #expect(first < 160)
    #expect(try steps("--target", "0.1") == first)
    #expect(try steps("--target", "1e-6", "--steps", "\(first + 3)") == first + 3)
  }

  @Test("collecting runs nothing and says how many cases have ended") func collect() throws {
    let scratch = try Scratch()
    #expect(try nqs(pair(scratch)).exitCode == 0)
    let outcome = try nqs(pair(scratch).filter { $0 != "--quiet" } + ["--seed", "1", "--collect"])
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome)")
    #expect(outcome.output.hasSuffix(" of 2 cases converged\n"))
    var three = pair(scratch)
    three[4] = "-20,0,10"
    let more = try nqs(three + ["--collect"])
    #expect(more.exitCode == 0 && more.output.contains("\n2 of 3 ended, "))
    let own = scratch.file("A2_V0_pi-dgd")
    let itself = try nqs("study", "--collect", "--output", own)
    #expect(itself.exitCode == 64 && itself.isOneLine(with: "\(own) is a run itself"), "\(itself)")
    for path in ["nowhere", "A2_V0_pi-dgd/result.json"] {
      let missing = try nqs("study", "--collect", "--output", scratch.file(path))
      #expect(missing.exitCode == 74 && missing.isOneLine(with: scratch.file(path), "folder"), "\(missing)")
    }
  }

  @Test("the commands of --list run as they stand in a shell, from any folder") func listRuns() throws {
    let scratch = try Scratch()
    let folder = scratch.file("it's here")
    let study = ["study", "--particles", "1", "--strengths", "-0,1", "--steps", "1", "--output", folder] + small
    let list = try nqs(study + ["--list"])
    let run = try runProgram("/bin/sh", ["-c", list.output], in: scratch.path, killAfter: 120)
    #expect(run.exitCode == 0, "\(run)")
    // V0 = -0 is V0 = 0.
    #expect(try nqs("report", folder + "/A1_V0_pi-dgd").exitCode == 0)
    #expect(try nqs(study + ["--collect", "--json"]).json()["ended"]?.int == 2)
    for other in ["--json", "--collect"] {
      let refused = try nqs(study + ["--list", other])
      #expect(refused.exitCode == 64 && refused.isOneLine(with: "--list", other) && refused.output.isEmpty)
    }
    #expect(try nqs("study", "--list", "--output", "two\nlines").isOneLine(with: "--output", "line break"))
  }

  @Test("--list prints one command a case, and runs nothing") func list() throws {
    let scratch = try Scratch()
    let outcome = try nqs([
      "study", "--list", "--particles", "2,6", "--strengths", "-20,10.5", "--output", scratch.file("of its own"),
      "--optimizer", "adam", "--seed", "7",
    ])
    let program = URL(fileURLWithPath: try builtExecutable(named: "nqs")).resolvingSymlinksInPath().path
    #expect(
      outcome.output
        == [("2", "-20"), ("2", "10.5"), ("6", "-20"), ("6", "10.5")].map { particles, strength in
          "\(program) study --particles \(particles) --strengths \(strength) "
            + "--output '\(scratch.file("of its own"))' --optimizer adam --seed 7 --quiet\n"
        }.joined())
    #expect(throws: FileError.self) { try RunFolder.open(scratch.file("of its own")) }
  }

  @Test("a folder with a run of other settings is left alone") func otherSettings() throws {
    let scratch = try Scratch()
    let study = ["study", "--particles", "2", "--strengths", "0", "--steps", "2", "--output", scratch.path] + small
    #expect(try nqs(study).exitCode == 0)
    let other = try nqs(study + ["--seed", "2"])
    #expect(other.exitCode == 64)
    #expect(other.isOneLine(with: "other settings", "--seed is 1 there, 2 here"))
  }

  @Test("lists that are none are wrong usage", arguments: ["", "2,", "2,2", "0", "two", "2;3"])
  func lists(particles: String) throws {
    let outcome = try nqs(["study", "--particles", particles])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test("collecting with other settings says which one differs") func otherOptimizer() throws {
    let scratch = try Scratch()
    #expect(try nqs(pair(scratch)).exitCode == 0)
    for (option, value, words) in [
      ("optimizer", "dgd", "--optimizer is pi-dgd there, dgd here"), ("walkers", "128", "--walkers is 64 there"),
    ] {
      let other = try nqs(
        [
          "study", "--particles", "2", "--strengths", "-20,0", "--output", scratch.path, "--\(option)", value,
          "--collect",
        ])
      #expect(other.exitCode == 64 && other.isOneLine(with: words), "\(other)")
    }
  }

  @Test(
    "--csv prints a row a run, the seeds in their order; what is not known is an empty cell, and each seed has a folder"
  )
  func table() throws {
    let scratch = try Scratch()
    let tiny = ["--walkers", "32", "--hidden", "4", "--sweeps", "2", "--pretrain", "5", "--steps", "3", "--quiet"]
    let study =
      ["study", "--particles", "2", "--strengths", "0", "--optimizer", "adam", "--output", scratch.path] + tiny
    let outcome = try nqs(study + ["--seeds", "1,2", "--csv"])
    #expect(outcome.exitCode == 0, "\(outcome)")
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows.dropFirst().map { Array($0.prefix(4)) } == [["2", "0", "adam", "1"], ["2", "0", "adam", "2"]])
    let reached = try #require(rows[0].firstIndex(of: "steps_to_1e-3"))
    #expect(rows[1][reached].isEmpty && Double(rows[1][7]) ?? 0 > 1e-3)
    #expect(scratch.contents == ["A2_V0_adam_seed1", "A2_V0_adam_seed2"])
    for wrong in [["--seeds", "1,2", "--seed", "3"], ["--csv", "--json"]] {
      let refused = try nqs(study + wrong)
      #expect(refused.exitCode == 64 && refused.isOneLine(with: wrong[0]), "\(refused)")
    }
  }

  @Test("with --csv a failure is told too, on standard error and by the exit code") func failureInCSV() throws {
    let scratch = try Scratch()
    let outcome = try nqs(
      ["study", "--particles", "2", "--strengths", "0", "--optimizer", "gd", "--learning-rate", "1e6", "--csv"] + small
        + [
          "--steps", "5", "--output", scratch.path,
        ])
    #expect(outcome.exitCode == 70 && outcome.errors.contains("A2_V0_gd"), "\(outcome)")
    #expect(outcome.output.split(separator: "\n").count == 1)
  }

  @Test("a failed case fails again, at the same step and walker: nothing of the failure is saved") func failsAlike()
    throws
  {
    let scratch = try Scratch()
    let study =
      ["study", "--particles", "2", "--strengths", "0", "--optimizer", "gd", "--learning-rate", "30"] + small + [
        "--steps", "8", "--output", scratch.path,
      ]
    let first = try nqs(study)
    #expect(first.exitCode == 70 && first.output.contains("failed"), "\(first)")
    #expect(try nqs(study).output == first.output)
  }

  @Test("--list gives each optimiser the options that it has, and quotes a formula that looks like an option")
  func listOfForeignOptions() throws {
    let scratch = try Scratch()
    let list = try nqs(
      ["study", "--list", "--particles", "2", "--optimizers", "gd,pi-dgd", "--lambda", "2", "--trap=--x^2"] + small + [
        "--output", scratch.path,
      ])
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 10 && lines.allSatisfy { $0.contains("--trap='--x^2'") }, "\(list)")
    #expect(lines.allSatisfy { $0.contains("--lambda") == $0.contains("pi-dgd") })
  }
}
