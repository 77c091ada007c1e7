import AppendixFiles
import Foundation
import TestSupport
import Testing

@Suite("C.3 nqs solve") struct SolveCommand {
  /// A run of a moment: few walkers, a small network.
  static let small = [
    "solve", "--walkers", "64", "--hidden", "6", "--sweeps", "5", "--pretrain", "10", "--quiet", "--seed", "7",
  ]

  /// The history without its clock, the last column.
  static func historyWithoutSeconds(_ folder: String) throws -> [[Double]] {
    try NumericTable.read(folder + "/history.csv", allowNonFinite: true).rows.map { Array($0.dropLast()) }
  }

  /// As bits: NaN stands for what an optimiser does not have.
  static func bits(_ rows: [[Double]]) -> [[UInt64]] { rows.map { $0.map(\.bitPattern) } }

  @Test(
    "a run that is stopped and resumed ends with the bits of one that is not, on any number of threads",
    arguments: ["adam", "pi-dgd"])
  func resume(optimizer: String) throws {
    let scratch = try Scratch()
    let words = Self.small + ["--optimizer", optimizer, "--exact", "none"]
    _ = try nqs(words + ["--steps", "12", "--output", scratch.file("whole"), "--threads", "2"])
    _ = try nqs(words + ["--steps", "5", "--output", scratch.file("parts"), "--threads", "1"])
    _ = try nqs("solve", "--resume", scratch.file("parts"), "--steps", "9", "--quiet", "--threads", "3")
    let last = try nqs("solve", "--resume", scratch.file("parts"), "--steps", "12", "--quiet", "--json")
    #expect(last.exitCode == 0)
    #expect(try last.json()["steps"]?.int == 12)
    #expect(try scratch.bytes("whole/weights.safetensors") == scratch.bytes("parts/weights.safetensors"))
    #expect(
      Self.bits(try Self.historyWithoutSeconds(scratch.file("whole")))
        == Self.bits(try Self.historyWithoutSeconds(scratch.file("parts"))))
  }

  @Test("a run folder holds settings, history, weights, state and result, a hidden lock, and nothing else")
  func folder() throws {
    let scratch = try Scratch()
    let outcome = try nqs(Self.small + ["--steps", "3", "--output", scratch.file("run"), "--json"])
    #expect(outcome.exitCode == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.file("run")).sorted()
    #expect(
      names == [".lock", "history.csv", "result.json", "settings.json", "state.safetensors", "weights.safetensors"])
    let history = try NumericTable.read(scratch.file("run/history.csv"), allowNonFinite: true)
    #expect(
      history.columns.prefix(15) == [
        "step", "energy", "energy_error", "variance", "acceptance", "proposal_width", "lambda", "gamma", "rho", "alpha",
        "mu", "gradient_norm", "update_norm", "minres_iterations", "wrong_sign_fraction",
      ])
    // What the optimiser has besides, then the clock.
    #expect(
      history.columns.dropFirst(15) == [
        "taken_back", "bound_active", "signs_kept", "validation_energy", "validation_error", "validation_variance",
        "seconds",
      ])
    #expect(history["step"] == [1, 2, 3])
  }

  @Test("--json prints one object with the fields of the contract; without it, a table")
  func json() throws {
    let json = try nqs(Self.small + ["--steps", "2", "--json"]).json()
    for key in ["energy", "energy_error", "exact", "relative_error", "steps", "seconds", "optimizer"] {
      #expect(json[key] != nil, "\(key) is missing")
    }
    #expect(json["optimizer"]?.text == "pi-dgd")
    let table = try nqs(Self.small + ["--steps", "2"])
    #expect(table.output.contains("relative error"))
    #expect(table.errors.isEmpty)
  }

  @Test("one seed, one result; another seed, another one")
  func seeds() throws {
    func energy(_ seed: String) throws -> Double? {
      try nqs(Self.small.dropLast() + [seed, "--steps", "2", "--json"]).json()["energy"]?.double
    }
    #expect(try energy("3") == energy("3"))
    #expect(try energy("3") != energy("4"))
  }

  @Test("a folder that holds another run is wrong usage, and the run in it stays")
  func otherRun() throws {
    let scratch = try Scratch()
    _ = try nqs(Self.small + ["--steps", "1", "--output", scratch.file("run")])
    let before = try scratch.bytes("run/state.safetensors")
    let again = try nqs(Self.small + ["--steps", "1", "--output", scratch.file("run")])
    #expect(again.exitCode == 64 && again.isOneLine(with: "run"))
    #expect(try scratch.bytes("run/state.safetensors") == before)
    let changed = try nqs("solve", "--resume", scratch.file("run"), "--walkers", "128")
    #expect(changed.exitCode == 64 && changed.isOneLine(with: "--walkers"))
  }

  @Test("a folder that cannot be made is an input/output error, before any work is done")
  func unwritable() throws {
    let scratch = try Scratch()
    try scratch.write("a file", to: "taken")
    for path in [scratch.file("taken"), scratch.file("taken/run"), "/dev/null/run"] {
      let outcome = try nqs(Self.small + ["--steps", "1", "--output", path])
      #expect(outcome.exitCode == 74 && outcome.isOneLine(with: path), "\(outcome)")
    }
    #expect(scratch.contents == ["taken"])
    #expect(try nqs("solve", "--resume", scratch.file("none")).exitCode == 74)
  }

  @Test("a damaged state or settings file is bad data, in one line")
  func damaged() throws {
    let scratch = try Scratch()
    _ = try nqs(Self.small + ["--steps", "1", "--output", scratch.file("run")])
    let state = try scratch.bytes("run/state.safetensors")
    try state.prefix(1000).write(to: URL(fileURLWithPath: scratch.file("run/state.safetensors")))
    let cut = try nqs("solve", "--resume", scratch.file("run"), "--steps", "2")
    #expect(cut.exitCode == 65 && cut.isOneLine(with: "state.safetensors"), "\(cut)")
    try state.write(to: URL(fileURLWithPath: scratch.file("run/state.safetensors")))
    for text in ["{}", "{", "[]", #"{"particles": 0, "seed": "1"}"#, #"{"particles": 3, "seed": "7", "walkers": 64}"#] {
      try scratch.write(text, to: "run/settings.json")
      let outcome = try nqs("solve", "--resume", scratch.file("run"), "--steps", "2")
      #expect(outcome.exitCode == 65 && outcome.isOneLine(with: "run"), "\(text): \(outcome)")
    }
  }

  @Test("one particle and one walker, V0 = 0 and the exact orbital: no NaN, a sensible answer")
  func smallest() throws {
    let json = try nqs(
      "solve", "--particles", "1", "--strength", "0", "--walkers", "1", "--hidden", "8", "--pretrain", "200", "--steps",
      "2", "--quiet", "--json"
    ).json()
    #expect(json["exact"]?.double.map { $0 ≈ 0.5 ± 1e-9 } == true)
    // 50 measurements of one walker near an eigenstate: the local energy's spread is what pretraining left.
    #expect(json["energy"]?.double.map { $0 ≈ 0.5 ± 0.1 } == true)
  }

  @Test("into a file, progress is lines without control characters")
  func progress() throws {
    let words = Self.small.filter { $0 != "--quiet" } + ["--steps", "3"]
    let outcome = try nqs(words)
    #expect(outcome.errors.contains("step 3/3"))
    #expect(!outcome.errors.contains("\r") && !outcome.errors.contains("\u{1B}"))
  }

  // Steps that are too long, of each kind: the energies are not finite after a while, or finite and wrong. Which of it
  // happens depends on rounding, and so on the processor; what holds is what the run says in the end.
  @Test(
    "a run that goes wrong ends with the best state it has measured, or with exit code 70",
    arguments: [
      ["--optimizer", "gd", "--learning-rate", "0.15"], ["--optimizer", "gd", "--learning-rate", "1e6"],
      ["--optimizer", "adam", "--learning-rate", "10"], ["--optimizer", "ngd", "--lambda", "1e-7"],
    ])
  func wrong(words: [String]) throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    let outcome = try nqs(Self.small + words + ["--steps", "60", "--json", "--output", run])
    if words.contains("1e6") { #expect(outcome.exitCode == 70) }
    let history = try RunFolder.open(run).read().history
    guard outcome.exitCode == 0 else {
      #expect(outcome.exitCode == 70 && outcome.isOneLine(with: "the first state", "was the best"), "\(outcome)")
      #expect(try RunFolder.open(run).read().result?["failure"]?.text != nil)
      return
    }
    let json = try outcome.json()
    let (step, energy) = (try #require(json["step"]?.int), try #require(json["energy"]?.double))
    if step != json["steps"]?.int {
      // It is told what was wrong with the last one; the weights are those of the best.
      #expect(json["lost"]?.text != nil || (json["last_energy"]?.double ?? -.infinity) > energy)
      #expect(try RunFolder.open(run).readWeights().metadata["step"] == "\(step)")
      let validated = zip(history["step"] ?? [], history["validation_energy"] ?? [])
      #expect(validated.contains { $0.0 == Double(step) && $0.1.isFinite })
    }
    // A run that was lost can be looked at and gone on with, and is the same run.
    #expect(try nqs("report", run).exitCode == 0)
    #expect([0, 70].contains(try nqs("solve", "--resume", run, "--steps", "61", "--quiet").exitCode))
  }

  // Such a run stood at -0.87 after 150 steps (exact is -2.47), where its last state was all that it could end with.
  @Test("with too few walkers a run ends within 2 % all the same")
  func fewWalkers() throws {
    let scratch = try Scratch()
    let outcome = try nqs(
      "solve", "--walkers", "256", "--pretrain", "20", "--sweeps", "5", "--hidden", "16", "--steps", "150", "--quiet",
      "--output", scratch.file("run"))
    let result = try JSONValue.parse(String(contentsOfFile: scratch.file("run/result.json"), encoding: .utf8))
    #expect((result["relative_error"]?.double ?? 1) < 0.02, "\(outcome)")
  }

  @Test("a run can begin with given weights: sizes and system are theirs, and nothing is pretrained")
  func givenWeights() throws {
    let scratch = try Scratch()
    let (first, second) = (scratch.file("first"), scratch.file("second"))
    _ = try nqs(Self.small + ["--steps", "2", "--strength", "-10", "--output", first])
    let file = first + "/weights.safetensors"
    let words = ["solve", "--weights", file, "--walkers", "256", "--quiet", "--output", second]
    let outcome = try nqs(words + ["--steps", "0", "--json"])
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(try outcome.json()["strength"]?.double == -10)
    let weights = try (RunFolder.open(first).readWeights(), RunFolder.open(second).readWeights())
    #expect(weights.0.tensors == weights.1.tensors)
    let settings = try RunFolder.open(second).settings
    #expect(settings["hidden"]?.int == 6 && settings["pretrain"]?.int == 0 && settings["weights"]?.text != nil)
    #expect(try nqs("solve", "--resume", second, "--steps", "1", "--quiet").exitCode == 0)
    // Another program's weights do not say for which system they are; other sizes are a slip.
    for (more, word) in [
      ([pythonWeights("tiny_a2")], "--strength is missing"), ([file, "--hidden", "16"], "--hidden is 16"),
      ([file, "--pretrain", "5"], "--pretrain is 5"),
    ] {
      let refused = try nqs(["solve", "--weights"] + more)
      #expect(refused.exitCode == 64 && refused.isOneLine(with: word), "\(refused)")
    }
  }

  @Test("a run ends where its target is reached, and goes on when it is asked for more steps") func target() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    // Free fermions: pretraining is nearly the answer.
    let json = try nqs(Self.small + ["--strength", "0", "--target", "0.05", "--json", "--output", run]).json()
    #expect(json["arrived"]?.bool == true)
    let steps = try #require(json["steps"]?.int)
    #expect(steps >= 20 && steps < 160)
    // The run knows its target; --steps asks for more.
    let again = try nqs("solve", "--resume", run, "--quiet", "--json").json()
    #expect(again["steps"]?.int == steps)
    let longer = try nqs("solve", "--resume", run, "--steps", "\(steps + 1)", "--quiet", "--json").json()
    #expect(longer["steps"]?.int == steps + 1)
    let soon = try nqs(Self.small + ["--seconds", "0", "--json"]).json()
    #expect(soon["steps"]?.int == 1)
  }

  // Two walkers of a network that was only just made: their energies say nothing, and nothing was lost.
  @Test("a run without steps ends with the state that it begins with, however badly that is known", arguments: 5...8)
  func noSteps(seed: Int) throws {
    let outcome = try nqs(
      "solve", "--steps", "0", "--pretrain", "0", "--walkers", "2", "--hidden", "4", "--seed", "\(seed)", "--quiet",
      "--json")
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(try outcome.json()["step"]?.int == 0)
  }

  @Test("where walkers keep to their places, solve says so beside R̂") func notMixed() throws {
    // A random network of ten fermions has nodes everywhere, which hold 32 walkers where they are: R̂ is 1.5.
    let options = [
      "--particles", "10", "--strength", "20", "--hidden", "12", "--pretrain", "0", "--walkers", "32", "--steps", "1",
    ]
    let outcome = try nqs(["solve", "--quiet", "--threads", "1", "--seed", "1"] + options)
    #expect(outcome.output.contains("the walkers have not mixed, error bars are too short"), "\(outcome)")
  }

  @Test(
    "a matrix over walkers counts as memory: what does not fit is refused",
    arguments: ["minsr", "spring", "teng", "isopo", "proma"])
  func kernelMemory(name: String) throws {
    let outcome = try nqs(
      "solve", "--optimizer", name, "--walkers", "100000", "--hidden", "3", "--layers", "1", "--pretrain", "0")
    #expect(outcome.exitCode == 64 && outcome.isOneLine(with: "walkers", "GiB"), "\(outcome)")
  }
}
