import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let measure = Command(
    name: "measure", summary: "observables of a finished run, with error bars", operand: "DIR",
    options: [
      Option(
        "batches", .integer(1...1_000_000), "measurements of all walkers, ten sweeps apart",
        default: String(RunLength.batches))
    ],
    notes: """
      DIR is the folder of a run by nqs solve --output. As many walkers as the run had are drawn from |ψ|²: sweeps,
      300 at least, until energy and size stop drifting, 150 while it is seen how far they go, 200 more with the width of a
      move frozen, then the measurements. They begin where the run's own walkers
      stood, or anew where the run ended with an earlier state than its last.

      energy            mean of the local energy E_L in ħω, and the variance of E_L, 0 for an eigenstate
      R̂                 √(pooled variance / variance within the halves of the walkers' chains) of E_L; above 1.01 the
                        start is not forgotten; needs four measurements
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
    let outcome = try MeasureCommand(arguments).run()
    if arguments.json {
      try show(outcome.json.line)
      return
    }
    try show(outcome.table)
    try show("\n" + outcome.drawing)
  }
}

/// One finished run, measured.
private struct MeasureCommand {
  let arguments: Arguments
  let folder: RunFolder
  let settings: SolveSettings
  let ansatz: DeterminantAnsatz
  /// Where the walkers begin, row-major [walkers × particles].
  let start: [Double]
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
    ansatz = try SavedRun.weights(in: folder, settings)
    let own = SavedRun.walkers(of: ansatz, in: contents, settings)
    let new = MetropolisWalk(
      walkers: settings.walkers, particles: settings.particles, seed: arguments.seed,
      length: settings.hamiltonian.length)
    start = own ?? new.walkers.positions
  }

  func run() throws(CommandError) -> MeasureOutcome {
    let seed = arguments.seed
    // Far along the stream of random numbers, so that a run of the same seed has not used them already.
    let walk = MetropolisWalk(positions: start, particles: settings.particles, sweeps: 1 << 48, seed: seed)
    var run = VariationalMonteCarlo(
      settings.hamiltonian, ansatz, walk, try settings.makeOptimizer(),
      threads: arguments.threads)
    var progress = Progress(quiet: arguments.quiet)
    defer { progress.finish() }
    let found: Observables
    do {
      found = try run.measure(batches: batches) { batch in
        progress.show(
          "measurement \(rightAligned(String(batch), String(batches).count))/\(batches)", always: batch == batches)
      }
    } catch {
      throw .numerical(error.description)
    }
    let outcome = MeasureOutcome(
      settings: settings, batches: batches, seed: seed, found: found,
      exact: ReferenceEnergies.exactEnergy(settings, threads: arguments.threads), folder: folder)
    try outcome.write()
    return outcome
  }
}
