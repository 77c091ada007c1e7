import AppendixFiles
import AppendixWeave
import Ch01LinearAlgebra
import Foundation
import TestSupport
import Testing

@Suite("C.2 nqs evaluate") struct EvaluateCommand {
  // 1e-9, and a factor for walkers so close to a node that rounding shows; the ansatz's own tests compare in detail.
  @Test("weights written by another program give that program's values", arguments: Golden.names)
  func reference(name: String) throws {
    let golden = try Golden.load(name)
    let scratch = try Scratch()
    try NumericTable(columns: (1...golden.particles).map { "x\($0)" }, rows: golden.x).write(scratch.file("x.csv"))
    let json = try nqs(
      "evaluate", "--weights", pythonWeights(name), "--positions", scratch.file("x.csv"), "--strength",
      "\(golden.strength)", "--range", "\(golden.range)", "--json"
    ).json()
    func list(_ key: String) -> [Double] { json[key]?.elements?.compactMap(\.double) ?? [] }
    #expect(list("sign") == golden.sign)
    #expect(list("log_abs_psi") ≈ golden.logPsi.within(relative: 1e-10))
    #expect(list("laplacian_log_abs_psi") ≈ golden.laplacian.within(relative: 1e-9))
    #expect(list("trap") ≈ golden.trap.within(relative: 1e-12))
    #expect(list("interaction") ≈ golden.interaction.within(relative: 1e-12))
    #expect(list("kinetic") ≈ golden.kinetic.within(relative: 5e-9))
    #expect(list("local_energy") ≈ golden.localEnergy.within(relative: 5e-9))
    let gradients = json["grad_x"]?.elements?.compactMap { $0.elements?.compactMap(\.double) } ?? []
    #expect(gradients.flatMap { $0 } ≈ golden.gradient.flatMap { $0 }.within(relative: 1e-9))
  }

  @Test("a table for people has a header and a line a walker")
  func table() throws {
    let scratch = try Scratch()
    try scratch.write("0.5,-0.25\n1,2\n", to: "x.csv")
    let outcome = try nqs(
      "evaluate", "--strength", "-20", "--weights", pythonWeights("tiny_a2"), "--positions", scratch.file("x.csv"))
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("sign,log_abs_psi"))
    #expect(outcome.errors.isEmpty)
  }

  @Test("at a node ψ vanishes: the sign is 0 and what is not finite is null")
  func node() throws {
    let scratch = try Scratch()
    try scratch.write("0.5,0.5\n", to: "x.csv")
    let json = try nqs(
      "evaluate", "--strength", "-20", "--weights", pythonWeights("tiny_a2"), "--positions", scratch.file("x.csv"),
      "--json"
    ).json()
    #expect(json["sign"]?.elements?.first?.double == 0)
    for name in ["log_abs_psi", "laplacian_log_abs_psi", "kinetic", "local_energy"] {
      #expect(json[name]?.elements?.first?.isNull == true, "\(name)")
    }
  }

  @Test("positions that do not fit are bad data: one line that says what, where, and what would be right")
  func badPositions() throws {
    let scratch = try Scratch()
    let wrong = [
      ("1,2,3\n", "3 columns"), ("1,2\n3\n", "line 2"), ("1,2\n3,x\n", "line 2"), ("", "x.csv"), ("1,nan\n", "x.csv"),
    ]
    for (text, word) in wrong {
      try scratch.write(text, to: "x.csv")
      let outcome = try nqs(
        "evaluate", "--strength", "-20", "--weights", pythonWeights("tiny_a2"), "--positions", scratch.file("x.csv"))
      #expect(outcome.exitCode == 65 && outcome.isOneLine(with: word), "\(text): \(outcome)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("weights that are cut short, lie about their lengths, or hold a NaN are bad data")
  func badWeights() throws {
    let scratch = try Scratch()
    try scratch.write("0.5,-0.25\n", to: "x.csv")
    let good = try Data(contentsOf: URL(fileURLWithPath: pythonWeights("tiny_a2")))
    var lying = good
    lying[0] = 0xff
    var nan = good
    nan.replaceSubrange((nan.count - 8)..<nan.count, with: [0, 0, 0, 0, 0, 0, 0xf8, 0x7f])
    for bytes in [good.prefix(100), good.dropLast(8), Data(), lying, nan] {
      try Data(bytes).write(to: URL(fileURLWithPath: scratch.file("w.safetensors")))
      let outcome = try nqs(
        "evaluate", "--weights", scratch.file("w.safetensors"), "--positions", scratch.file("x.csv"))
      #expect(outcome.exitCode == 65 && outcome.isOneLine(with: "w.safetensors"), "\(outcome)")
    }
    let missing = try nqs("evaluate", "--weights", scratch.file("none"), "--positions", scratch.file("x.csv"))
    #expect(missing.exitCode == 74 && missing.isOneLine(with: "none"))
  }

  @Test("tensors of the wrong shapes or names are bad data")
  func wrongTensors() throws {
    let scratch = try Scratch()
    try scratch.write("0.5,-0.25\n", to: "x.csv")
    let good = try TensorFile.read(pythonWeights("tiny_a2"))
    let renamed = good.tensors.map { NamedTensor($0.name.replacing("fc", with: "linear"), $0.shape, $0.values) }
    let missing = good.tensors.filter { $0.name != "layers.1.fc.bias" }
    let reshaped = good.tensors.map { tensor in
      tensor.name == "layers.1.fc.bias" ? NamedTensor(tensor.name, [1, tensor.values.count], tensor.values) : tensor
    }
    // Shapes of a network that would fill the machine, without a number in them.
    let huge = [
      NamedTensor("layers.0.fc.weight", [1_000_000, 0], []), NamedTensor("layers.1.fc.weight", [0], []),
      NamedTensor("layers.2.gsds.0.weight", [1, 0], []),
    ]
    for (tensors, word) in [
      (huge, "layers.0.fc.weight"), (renamed, "layers.0.fc.weight"), (missing, "layers.1.fc.bias"),
      (reshaped, "[1, 3]"),
    ] {
      try TensorFile(tensors).write(scratch.file("w.safetensors"))
      let outcome = try nqs(
        "evaluate", "--weights", scratch.file("w.safetensors"), "--positions", scratch.file("x.csv"))
      #expect(outcome.exitCode == 65 && outcome.isOneLine(with: word), "\(outcome)")
    }
  }

  @Test("numbers that a file says of its system are checked like those of options")
  func wrongMetadata() throws {
    let scratch = try Scratch()
    try scratch.write("0.5,-0.25\n", to: "x.csv")
    let file = scratch.file("w.safetensors")
    let tensors = try TensorFile.read(pythonWeights("tiny_a2")).tensors
    for (name, text) in [("range", "0"), ("range", "-1"), ("strength", "inf"), ("strength", "1e9")] {
      var metadata = ["strength": "-20", "range": "0.5"]
      metadata[name] = text
      try TensorFile(tensors, metadata: metadata).write(file)
      for words in [["evaluate", "--positions", scratch.file("x.csv")], ["solve", "--quiet", "--steps", "1"]] {
        let outcome = try nqs(words + ["--weights", file])
        #expect(outcome.exitCode == 65 && outcome.isOneLine(with: "w.safetensors", "--\(name)"), "\(outcome)")
      }
    }
  }

  @Test("the system is that of the run, or of the file, or said; it is not guessed") func system() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    _ = try nqs(SolveCommand.small + ["--steps", "1", "--strength", "10", "--range", "0.4", "--output", run])
    try scratch.write("0.5,-0.25\n", to: "x.csv")
    func energy(_ words: String...) throws -> Double? {
      try nqs(["evaluate", "--positions", scratch.file("x.csv"), "--json"] + words).json()["local_energy"]?.elements?
        .first?.double
    }
    let weights = run + "/weights.safetensors"
    let expected = try #require(
      try energy("--weights", weights, "--strength", "10", "--range", "0.4"))
    #expect(try energy("--run", run) == expected)
    #expect(try energy("--weights", weights) == expected)
    #expect(try energy("--weights", weights, "--strength", "-20") != expected)
    // Of another program's weights nobody knows.
    let refused = try nqs("evaluate", "--weights", pythonWeights("tiny_a2"), "--positions", scratch.file("x.csv"))
    #expect(refused.exitCode == 64 && refused.isOneLine(with: "--strength is missing"), "\(refused)")
    let both = try nqs("evaluate", "--run", run, "--strength", "1", "--positions", scratch.file("x.csv"))
    #expect(both.exitCode == 64 && both.isOneLine(with: "--strength"), "\(both)")
  }

  @Test("positions come from standard input too") func standardInput() throws {
    let script =
      "printf '0.5,-0.25\\n' | \"$nqs\" evaluate --strength 1 --weights '\(pythonWeights("tiny_a2"))' --positions -"
    let run = try runProgram(
      "/bin/sh", ["-c", script], environment: ["nqs": try builtExecutable(named: "nqs")], killAfter: 60)
    #expect(run.exitCode == 0 && run.output.split(separator: "\n").count == 2, "\(run)")
  }
}
