import AppendixFiles
import AppendixText
import NeuralQuantumStates

// What a run ends with.
extension SolveCommand {
  /// The energy at the end, on a copy of the run: measuring moves walkers, and the saved state stays as it is.
  ///
  /// The run ends with its last state, unless that cannot be measured or an earlier one was better.
  func measure<Ansatz: SolvableAnsatz>(
    _ saved: SavedRun<Ansatz>, lost: NumericalFailure?, _ references: ReferenceEnergies
  ) throws(CommandError) -> SolveOutcome {
    var (last, failure) = (nil as (energy: FinalEnergy, levels: Levels?)?, lost)
    if lost == nil {
      do { last = try Ansatz.energy(of: saved.run) } catch { failure = error }
    }
    func outcome(_ ansatz: Ansatz, step: Int, _ final: (energy: FinalEnergy, levels: Levels?)) -> SolveOutcome {
      SolveOutcome(
        settings: settings, weights: SavedFormat.weights(ansatz, settings), step: step, final: final.energy,
        levels: final.levels, steps: saved.run.step, last: last?.energy, lost: failure?.description,
        target: target, hasArrived: hasArrived, seconds: saved.seconds, processorSeconds: processorSeconds,
        references: references,
        folder: saved.folder?.path, history: history, variances: variances)
    }
    let best = saved.best.state
    // The last state may be the best one itself.
    if let last, best?.step == saved.run.step || !saved.best.isBetter(than: last.energy) {
      return outcome(saved.run.ansatz, step: saved.run.step, last)
    }
    // Something has gone wrong. What is left is the best state, if that is not what the run began with.
    let problem =
      failure?.description
      ?? "the last state has E = \(last.map { "\(fixed($0.energy.energy, 5)) ± \(fixed($0.energy.error, 5))" } ?? "?")"
    guard let best, best.step > 0, let final = try? Ansatz.energy(of: saved.run.returned(to: best)) else {
      let start = best.map {
        "; \($0.step == 0 ? "the first state" : "that of step \($0.step)"), with E = \(fixed($0.energy, 5)) ± "
          + "\(fixed($0.error, 5)), was the best"
      }
      throw .numerical(problem + (start ?? "; no state could be measured"))
    }
    if let last, last.energy.energy + 2 * last.energy.error <= final.energy.energy + 2 * final.energy.error {
      return outcome(saved.run.ansatz, step: saved.run.step, last)
    }
    var ansatz = saved.run.ansatz
    ansatz.parameters = best.parameters
    return outcome(ansatz, step: best.step, final)
  }
}
