import AppendixFiles
import Ch03TrappedFermions
import Foundation
import TestSupport
import Testing

@Suite("C.14 A Hamiltonian that was typed") struct TypedPotentialTests {
  /// The smallest run there is.
  private let small = [
    "--steps", "2", "--walkers", "32", "--hidden", "6", "--pretrain", "3", "--sweeps", "1", "--quiet", "--json",
  ]

  @Test(
    "a run keeps its formulas: it goes on with them, its weights tell them to evaluate, its command is quoted for a shell"
  )
  func kept() throws {
    let scratch = try Scratch()
    let (folder, x) = (scratch.file("run"), scratch.file("x.csv"))
    let formulas = ["--particles", "2", "--trap", "x^4/4", "--interaction", "v/(1 + r^2)", "--let", "v=3"]
    let first = try nqs(["solve", "--output", folder] + formulas + small).json()
    #expect(
      first["trap"]?.text == "x^4/4" && first["interaction"]?.text == "v/(1 + r^2)" && first["let"]?.text == "v=3")
    #expect(first["strength"]?.isNull == true)
    #expect(try nqs("solve", "--resume", folder, "--steps", "3", "--quiet", "--json").json()["steps"]?.int == 3)

    try scratch.write("0.5,-1\n", to: "x.csv")
    let values = try nqs("evaluate", "--run", folder, "--positions", x, "--json").json()
    #expect(values["trap"]?.line == "[\((0.0625 + 1) / 4)]")
    #expect(values["interaction"]?.line == "[\(3 / (1 + 2.25))]")
    let weights = try nqs("evaluate", "--weights", folder + "/weights.safetensors", "--positions", x, "--json").json()
    #expect(weights["local_energy"] == values["local_energy"])
  }

  @Test("exact and solve know the same system by its formulas", arguments: [1, 2])
  func exact(particles: Int) throws {
    let formulas = ["--particles", "\(particles)", "--trap", "2*x^2", "--interaction", "0"]
    // A trap of frequency 2: levels 1, 3, …
    let exact = try nqs(["exact", "--json"] + formulas).json()
    #expect(try #require(exact["energy"]?.double) ≈ Double(particles * particles) ± 1e-8)
    let solved = try nqs(["solve"] + formulas + small).json()
    #expect(try #require(solved["exact"]?.double) ≈ Double(particles * particles) ± 1e-5)
  }

  @Test(
    "what is wrong with a formula is one line, with the option and the column, and exit code 64",
    arguments: [
      (["--trap", "x^2 +"], ["--trap", "column 6"]),
      (["--interaction", "10*exp(-x^2)"], ["--interaction", "column 9"]),
      (["--trap", "a*x^2"], ["--trap", "column 1", "a"]), (["--trap", "-x^2"], ["not bounded below"]),
      (["--interaction", "1/r"], ["not finite at r = 0"]), (["--interaction", "tanh(r)"], ["not even"]),
      (["--let", "v=3"], ["--let", "neither"]), (["--trap", "x^2", "--let", "v"], ["--let", "v=3"]),
      (["--trap", "x^2", "--let", "x=3"], ["--let", "meaning"]), (["--trap", "x^2", "--let", "v=1,v=2"], ["twice"]),
      (["--interaction", "r^2", "--strength", "3"], ["--strength"]), (["--trap", "(x-9)^2"], ["x = 9"]),
    ])
  func wrong(options: [String], words: [String]) throws {
    let outcome = try nqs(["solve"] + options + small)
    #expect(outcome.exitCode == 64)
    for word in words { #expect(outcome.isOneLine(with: word)) }
  }

  @Test(
    "a trap with a kink, and one that hardly rises, hold fermions too",
    arguments: ["abs(x)", "log(1+x^2)", "sqrt(0.01+x^2)"])
  func slowTraps(trap: String) throws {
    let outcome = try nqs(
      "solve", "--trap", trap, "--interaction", "exp(-r^2)", "--walkers", "64", "--hidden", "4", "--steps", "1",
      "--exact",
      "none", "--quiet", "--json")
    // Two fermions without interaction have 2 to 3 of these energies.
    let energy = try #require(try outcome.json()["energy"]?.double)
    #expect((2...4).contains(energy), "\(outcome)")
  }

  @Test("weights bring their trap and their interaction, each where no other is given") func systemOfWeights() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    let small = ["--steps", "1", "--walkers", "32", "--hidden", "4", "--pretrain", "1", "--quiet"]
    _ = try nqs(["solve", "--trap", "a*x^2", "--interaction", "b*r^2", "--let", "a=1,b=2", "--output", run] + small)
    try Data("0.5,-0.5\n".utf8).write(to: URL(filePath: scratch.file("x.csv")))
    /// The trap's and the interaction's energy of two particles at ±½.
    func energies(_ words: String...) throws -> [Double?] {
      let outcome = try nqs(
        ["evaluate", "--weights", run + "/weights.safetensors", "--positions", scratch.file("x.csv"), "--json"] + words)
      let json = try outcome.json()
      return ["trap", "interaction"].map { json[$0]?.elements?.first?.double }
    }
    #expect(try energies() == [0.5, 2])
    #expect(try energies("--trap", "2*x^2") == [1, 2])
    #expect(try energies("--strength", "0") == [0.5, 0])
    #expect(try energies("--interaction", "r^2") == [0.5, 1])
    // Their formulas with other numbers.
    #expect(try energies("--let", "a=3,b=4") == [1.5, 4])
    let refused = try nqs(
      "evaluate", "--weights", run + "/weights.safetensors", "--positions", scratch.file("x.csv"), "--range", "1")
    #expect(refused.exitCode == 64 && refused.isOneLine(with: "--strength is missing"), "\(refused)")
  }
}
