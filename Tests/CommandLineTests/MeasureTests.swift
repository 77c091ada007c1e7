import AppendixFiles
import Ch03TrappedFermions
import Foundation
import TestSupport
import Testing

@Suite("C.8 nqs measure") struct MeasureCommand {
  static let names = ["density_matrix", "occupation_numbers", "one_body_density", "pair_density"]

  @Test("a run of one walker has infinite errors, and a report of them") func oneWalker() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    _ = try nqs(
      "solve", "--steps", "2", "--walkers", "1", "--hidden", "4", "--pretrain", "1", "--quiet", "--output", run)
    #expect(try nqs("measure", run, "--batches", "4", "--quiet").exitCode == 0)
    let report = try nqs("report", run)
    #expect(report.exitCode == 0, "\(report)")
  }

  @Test(
    "a run that failed has nothing to measure, exit code 65; one that another process holds is told before any work")
  func failedAndHeld() throws {
    let scratch = try Scratch()
    let (failed, held) = (scratch.file("failed"), scratch.file("held"))
    let small = ["--steps", "5", "--walkers", "32", "--hidden", "4", "--pretrain", "1", "--quiet"]
    _ = try nqs(["solve", "--optimizer", "gd", "--learning-rate", "1e6", "--output", failed] + small)
    let outcome = try nqs("measure", failed, "--quiet")
    #expect(outcome.exitCode == 65 && outcome.isOneLine(with: "failed"), "\(outcome)")
    _ = try nqs(["solve", "--output", held] + small)
    let lock = try RunLock(held)
    defer { lock.release() }
    // Sampling a million times would take hours.
    #expect(try nqs("measure", held, "--batches", "1000000", "--quiet").exitCode == 75)
  }

  /// A run of a second.
  private func solve(_ folder: String) throws {
    _ = try nqs(SolveCommand.small + ["--steps", "3", "--strength", "-10", "--output", folder])
  }

  @Test("densities, numbers and their errors are written into the run's folder and told as JSON")
  func files() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    try solve(run)
    let before = try ["settings.json", "history.csv", "weights.safetensors", "state.safetensors"].map {
      try scratch.bytes("run/" + $0)
    }
    let outcome = try nqs("measure", run, "--batches", "4", "--quiet", "--json")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let json = try outcome.json()
    func number(_ key: String) -> Double { json[key]?.double ?? .nan }
    #expect(json["exact"]?.double.map { $0 ≈ 0.5959059 ± 1e-6 } == true)
    #expect(
      number("relative_error") ≈ (abs(number("energy") - number("exact")) / number("exact")).within(relative: 1e-12))
    #expect(number("energy_error") > 0 && number("variance") > 0 && number("rms_radius_error") > 0)
    #expect(number("r_hat") > 0.9 && number("r_hat") < 1.5 && number("autocorrelation") >= 1)
    #expect(number("rms_radius") > 0.5 && number("rms_radius") < 1.5)
    #expect(json["batches"]?.int == 4 && json["walkers"]?.int == 64)

    // Integrals: A fermions, A(A - 1) ordered pairs, A in all orbitals.
    for (name, sum) in [("one_body_density", 2.0), ("pair_density", 2.0)] {
      let table = try NumericTable.read(scratch.file("run/\(name).csv"))
      let x = try #require(table["x"])
      let width = try #require(x.first { $0 > x[0] }) - x[0]
      let volume = name == "pair_density" ? width * width : width
      #expect(try #require(table["density"]).reduce(0, +) * volume ≈ sum ± 1e-9)
      #expect(try #require(table["error"]).allSatisfy { $0 >= 0 })
    }
    let occupations = try NumericTable.read(scratch.file("run/occupation_numbers.csv"))
    #expect(try #require(occupations["occupation"]).reduce(0, +) ≈ 2 ± 1e-9)
    let told = json["occupation_numbers"]?.elements?.compactMap(\.double) ?? []
    #expect(told.count > 2 && told == occupations["occupation"]?.prefix(told.count).map { $0 })
    #expect(occupations["eigenvalue"]?.filter { $0 > 1e-6 }.count == told.count)

    // NPY holds the rows of CSV.
    #expect(json["files"]?.members?.map(\.key).sorted() == Self.names)
    for name in Self.names {
      let csv = try #require(json["files"]?[name]?["csv"]?.text)
      let npy = try NumpyArray.read(try #require(json["files"]?[name]?["npy"]?.text))
      let table = try NumericTable.read(csv)
      #expect(npy.values == table.values && npy.shape.last == table.width)
      #expect(npy.shape.count == (name.hasPrefix("pair") || name.hasSuffix("matrix") ? 3 : 2))
    }
    // And the run is what it was.
    let after = try ["settings.json", "history.csv", "weights.safetensors", "state.safetensors"].map {
      try scratch.bytes("run/" + $0)
    }
    #expect(before == after)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run).count == 15)
  }

  @Test("one seed, one result, on any number of threads; another seed, another one")
  func repeatable() throws {
    let scratch = try Scratch()
    try solve(scratch.file("run"))
    func measured(_ seed: String, _ threads: String) throws -> [Data] {
      let words = ["--batches", "3", "--seed", seed, "--threads", threads, "--quiet"]
      let outcome = try nqs(["measure", scratch.file("run")] + words)
      return try Self.names.map { try scratch.bytes("run/\($0).npy") } + [Data(outcome.output.utf8)]
    }
    let first = try measured("3", "1")
    #expect(try measured("3", "3") == first)
    let other = try measured("4", "2")
    #expect(zip(first, other).allSatisfy { $0 != $1 })
  }

  @Test("measuring begins where the run's walkers stood; where the weights are not its last state's, anew") func start()
    throws
  {
    let scratch = try Scratch()
    try solve(scratch.file("run"))
    func energy() throws -> Double? {
      try nqs("measure", scratch.file("run"), "--batches", "2", "--quiet", "--json").json()["energy"]?.double
    }
    let own = try #require(try energy())
    // The same weights after a run that went on: the state is another one's.
    let folder = try RunFolder.open(scratch.file("run"))
    let weights = try folder.readWeights()
    _ = try nqs("solve", "--resume", scratch.file("run"), "--steps", "4", "--quiet")
    try folder.writeWeights(weights, step: 3)
    let new = try #require(try energy())
    #expect(own != new)
  }

  @Test("without --json a table tells each number with its error")
  func table() throws {
    let scratch = try Scratch()
    try solve(scratch.file("run"))
    let outcome = try nqs("measure", scratch.file("run"), "--batches", "3")
    #expect(outcome.exitCode == 0)
    for word in ["A = 2 fermions, V0 = -10", "energy", "exact", "relative error", "R̂", "rms radius", "occupation"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
    // Three measurements are too few for R̂.
    #expect(outcome.output.contains { $0 == "±" } && outcome.output.contains("split R̂          -"))
    #expect(outcome.errors.contains("measurement 3/3"))
  }

  @Test("a folder that is missing is an input/output error; one without a run, or with damaged files, is bad data")
  func damaged() throws {
    let scratch = try Scratch()
    let missing = try nqs("measure", scratch.file("none"))
    #expect(missing.exitCode == 74 && missing.isOneLine(with: "none", "no such folder"), "\(missing)")
    let empty = try nqs("measure", scratch.path)
    #expect(empty.exitCode == 65 && empty.isOneLine(with: "holds no run"), "\(empty)")

    let run = scratch.file("run")
    try solve(run)
    let weights = try scratch.bytes("run/weights.safetensors")
    func refused(_ exitCode: Int, _ word: String) throws {
      let outcome = try nqs("measure", run, "--batches", "1")
      #expect(outcome.exitCode == exitCode && outcome.isOneLine(with: word), "\(outcome)")
      #expect(outcome.output.isEmpty)
    }
    for bytes in [weights.prefix(1000), weights.dropLast(8), Data()] {
      try Data(bytes).write(to: URL(fileURLWithPath: run + "/weights.safetensors"))
      try refused(65, "weights.safetensors")
    }
    // Another network's weights.
    try Data(contentsOf: URL(fileURLWithPath: pythonWeights("tiny_a2"))).write(
      to: URL(fileURLWithPath: run + "/weights.safetensors"))
    try refused(65, "it has no checksum")
    try FileManager.default.removeItem(atPath: run + "/weights.safetensors")
    try refused(74, "weights.safetensors")
    try scratch.write("{}", to: "run/settings.json")
    try refused(65, "settings.json")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run).count == 5)
  }
}

@Suite("C.9 Trained states against exact ones", .enabled(if: slowTests)) struct TrainedStates {
  @Test("densities and occupation numbers are near those of the grid", arguments: [2, 3], [-10.0, 10])
  func grid(particles: Int, strength: Double) throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    _ = try nqs(
      "solve", "--particles", "\(particles)", "--strength", "\(strength)", "--steps", "40", "--walkers", "2048",
      "--output", run, "--quiet")
    let json = try nqs("measure", run, "--quiet", "--json").json()
    let system = TrappedFermions(particles: particles, strength: strength)
    let settings = GridSettings(tolerance: 1e-8, wantsDensities: true)
    let exact = try #require(try gridDiagonalisation(system, settings: settings).densities)

    // A state whose energy is off by ε of the gap is off by √ε, its densities too: with ε below 1e-3, 3 % of the
    // largest.
    let table = try NumericTable.read(run + "/one_body_density.csv")
    let (x, n, errors) = (
      try #require(table["x"]), try #require(table["density"]), try #require(table["error"])
    )
    let half = 0.5 * (x[1] - x[0])
    let expected = x.map { exact.fermions(from: $0 - half, to: $0 + half) / (2 * half) }
    let largest = expected.max() ?? 0
    for k in x.indices { #expect(n[k] ≈ expected[k] ± (5 * errors[k] + 0.03 * largest)) }
    // Occupation numbers are off by ε where they are extreme, by √ε of their distance where two mix.
    let occupations = (json["occupation_numbers"]?.elements ?? []).compactMap(\.double)
    let own = (json["occupation_errors"]?.elements ?? []).compactMap(\.double)
    for k in 0..<(particles + 4) { #expect(occupations[k] ≈ exact.occupationNumbers[k] ± (5 * own[k] + 0.01)) }
    let (radius, error) = (json["rms_radius"]?.double ?? .nan, json["rms_radius_error"]?.double ?? .nan)
    #expect(radius ≈ exact.rmsRadius ± (5 * error + 0.01 * exact.rmsRadius))
  }
}
