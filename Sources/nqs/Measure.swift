import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let measure: Command = .init(
    name: "measure", summary: "observables of a finished run, with error bars", operand: "DIR",
    options: [
      Option(
        "batches", .integer(1...1_000_000), "measurements of all walkers, ten sweeps apart",
        default: String(RunLength.batches))
    ],
    notes: """
      DIR is the folder of a run by nqs solve --output. As many walkers as the run had are drawn from |ψ|². They start
      where the run's walkers stood, or anew where the run ended with an earlier state than its last. At least 300 sweeps
      are made, until energy and size stop drifting; 150 to find the range of the densities; 200 with the width of a move
      frozen; then come the measurements.

      Of a run with several states the levels are measured, after the first of these phases, and no densities: levels.csv
      and levels.npy hold k, energy and error.

      energy            mean of the local energy E_L in ħω, and the variance of E_L, 0 for an eigenstate
      split R̂           √(pooled variance / variance within the halves of the walkers' chains) of E_L; above 1.01 the
                        start is not forgotten, or the chains are short; needs four measurements
      autocorrelation   1 + 2 Σ ρ_t of E_L, summed up to the first t ≥ 5 times it, in measurements
      rms radius        √⟨Σ x²/A⟩ in oscillator lengths
      occupation        eigenvalues of the one-body density matrix ρ(x, x'), largest first: 1 or 0 for a single
                        determinant; they add up to A

      Error bars are standard errors. Walkers are independent chains: the error is the spread of the walkers' own means
      over the square root of their number; for densities, of the means of up to 128 groups of walkers. Eigenvalues of a
      noisy matrix are biased; they are corrected by the jackknife over the groups, and the correction is counted in the
      error. One walker has no spread: its energy's error comes from blocking, the others are infinite.

      Written to DIR, each as .csv and as .npy with the same numbers, the columns as last axis:
        one_body_density    x, density, error           bins, given by their middles; ∫ n dx = A
        pair_density        x, x', density, error       ordered pairs in square bins; ∫∫ n dx dx' = A(A-1)
        density_matrix      x, x', value, error         at points; its diagonal is n(x)
        occupation_numbers  k, occupation, error, eigenvalue     before the correction, the last one
      measured.json has the command, the numbers above and a checksum of each file, by which nqs report knows them.
      Density and error of a bin are means over it; the outermost bins hold what lies beyond them, too.
      """
  ) { (arguments) throws(CommandError) in
    let command = try MeasureCommand(arguments)
    // Nobody goes on with the run while it is measured.
    let lock = try files { () throws(FileError) in try RunLock(command.folder.path) }
    defer { lock.release() }
    guard command.settings.states == 1 else {
      try command.showLevels()
      return
    }
    // Shown before it is written: a full disk does not take it.
    let outcome = try command.run()
    if arguments.json {
      try show(outcome.json.line)
    } else {
      try show(outcome.table)
      try show("\n" + outcome.drawing)
    }
    try outcome.write()
  }
}

/// One finished run, measured.
private struct MeasureCommand {
  let arguments: Arguments
  let folder: RunFolder
  let settings: SolveSettings
  let contents: RunFolder.Contents
  let batches: Int

  init(_ arguments: Arguments) throws(CommandError) {
    guard arguments.operands.count == 1, let path = arguments.operands.first else {
      throw .usage("\(arguments.operands.count) folders given; one that nqs solve --output made is needed")
    }
    self.arguments = arguments
    batches = arguments.integer("batches") ?? 1
    let (folder, contents) = try files { () throws(FileError) in
      let folder = try RunFolder.open(path)
      return (folder, try folder.read())
    }
    self.folder = folder
    settings = try SolveSettings(folder)
    self.contents = contents
    if let failure = try folder.outcome(contents).failure {
      throw .data("\(path): the run has failed and has no final state: \(failure)")
    }
  }

  /// The run's final state, on walkers of its own that begin where the run's stood.
  private func final<Ansatz: SolvableAnsatz>(
    _ kind: Ansatz.Type
  ) throws(CommandError) -> VariationalMonteCarlo<Ansatz> {
    let ansatz = try SavedFormat.weights(in: folder, settings, as: kind)
    let new = MetropolisWalk(
      walkers: settings.walkers, particles: settings.coordinates, seed: arguments.seed,
      length: settings.hamiltonian.length)
    let start = SavedFormat.walkers(of: ansatz, in: contents, settings) ?? new.walkers.positions
    // Far along the stream of random numbers, so that a run of the same seed has not used them already.
    let walk = MetropolisWalk(
      positions: start, particles: settings.coordinates, sweeps: 1 << 48, seed: arguments.seed)
    return VariationalMonteCarlo(
      settings.copies, ansatz, walk, try settings.makeOptimizer(), threads: arguments.threads)
  }

  /// The levels of a run with several states.
  func showLevels() throws(CommandError) {
    let run = try final(ExcitedStates<DeterminantAnsatz>.self)
    let found: (levels: Levels, sum: FinalEnergy)
    do {
      var progress = Progress(quiet: arguments.quiet)
      defer { progress.finish() }
      found = try run.levels(batches: batches) { progress.show(batch: $0, of: batches) }
    } catch {
      throw .numerical(error.description)
    }
    let exact = ReferenceEnergies.exactLevels(settings, threads: arguments.threads)
    let sum = exact.map { $0.reduce(0, +) }
    let statistics = found.sum.statistics
    let json: JSONValue = [
      "energy": JSONValue(found.sum.energy), "energy_error": JSONValue(found.sum.error), "exact": JSONValue(sum),
      "relative_error": JSONValue(ReferenceEnergies.relativeError(found.sum.energy, exact: sum)),
      "variance": JSONValue(statistics.variance), "r_hat": JSONValue(statistics.splitRHat),
      "autocorrelation": JSONValue(statistics.autocorrelationTime), "acceptance": JSONValue(found.sum.acceptance),
      "equilibration_sweeps": found.sum.equilibration.map { JSONValue($0.sweeps) } ?? .null,
      "stationary": found.sum.equilibration.map { .bool($0.isStationary) } ?? .null,
      "files": [
        "levels": ["csv": JSONValue(folder.path("levels.csv")), "npy": JSONValue(folder.path("levels.npy"))]
      ],
      "walkers": JSONValue(settings.walkers), "batches": JSONValue(batches), "seed": JSONValue(String(arguments.seed)),
      "run": JSONValue(folder.path),
    ]
    let outcome = json.adding(found.levels.members(exact: exact) + settings.systemMembers)
    guard arguments.json else {
      let rows =
        found.levels.rows(exact: exact) + [
          ("their sum", "\(fixed(found.sum.energy, 5)) ± \(fixed(found.sum.error, 5))"),
          ("variance of E_L", scientific(statistics.variance, 1)),
          ("equilibration", found.sum.equilibration?.text ?? "none"), ("split R̂", statistics.mixing),
          ("effective samples", fixed(statistics.effectiveSampleSize, 0)),
        ]
      try show(outcomeTable("\(settings.systemText); energies in ħω", rows))
      try write(found.levels, outcome)
      return
    }
    try show(outcome.line)
    try write(found.levels, outcome)
  }

  /// Writes the levels into the run's folder, and what they are.
  private func write(_ levels: Levels, _ outcome: JSONValue) throws(CommandError) {
    var about = outcome
    about["command"] = JSONValue("nqs measure --batches \(batches) --seed \(arguments.seed)")
    let columns = MeasuredTables.levelColumns
    let rows = levels.energies.indices.map { [Double($0), levels.energies[$0], levels.errors[$0]] }
    let contents = [
      ("levels.csv", Array(NumericTable(columns: columns, rows: rows).csv.utf8)),
      ("levels.npy", NumpyArray(shape: [rows.count, columns.count], rows.flatMap { $0 }).bytes),
    ]
    try files { () throws(FileError) in try folder.writeMeasured(about, contents) }
  }

  func run() throws(CommandError) -> MeasureOutcome {
    let seed = arguments.seed
    var run = try final(DeterminantAnsatz.self)
    var progress = Progress(quiet: arguments.quiet)
    defer { progress.finish() }
    let found: Observables
    do {
      found = try run.measure(batches: batches) { batch in
        progress.show(batch: batch, of: batches)
      }
    } catch {
      throw .numerical(error.description)
    }
    return MeasureOutcome(
      settings: settings, batches: batches, seed: seed, found: found,
      exact: ReferenceEnergies.exactEnergy(settings, threads: arguments.threads), folder: folder)
  }
}

extension Progress {
  /// How many of the measurements are done.
  fileprivate mutating func show(batch: Int, of batches: Int) {
    show("measurement \(rightAligned(String(batch), String(batches).count))/\(batches)", always: batch == batches)
  }
}
