import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// The 25 cases: how far each optimiser's final energy is from the exact one, PI-DGD's and that of the talk's DGD.
  /// The talk counts 22 converged, on a scale of epochs to 10 000.
  ///
  /// Studies with several optimisers make a table each: `--data` takes as many folders as there are.
  ///
  /// Columns of the data: particles, strength, the exact energy, then for each optimiser its energy and standard error;
  /// not a number where a case has not been run to its end.
  static let cases: BookFigure = .init(
    name: "cases",
    commands: [
      "swift run -c release nqs study --seed 5102 --output runs/cases",
      "swift run -c release nqs study --optimizer dgd --preset talk --steps 300 --walkers 512 --seed 2601 "
        + "--output runs/cases-talk",
      "swift run -c release figures cases --data runs/cases runs/cases-talk",
    ],
    data: { folders in
      let runs = try StudyRun.all(in: folders)
      var optimisers: [String] = []
      for run in runs where !optimisers.contains(run.optimiser) { optimisers.append(run.optimiser) }
      guard !optimisers.isEmpty else {
        throw FigureError(description: "wanted: folders of nqs study, with runs in them")
      }
      let rows = caseParticles.flatMap { particles in
        caseStrengths.map { strength -> [Double] in
          let system = TrappedFermions(particles: particles, strength: strength)
          let energies = optimisers.flatMap { name -> [Double] in
            let run = runs.first { $0.optimiser == name && $0.particles == particles && $0.strength == strength }
            return [run?.result?.energy ?? .nan, run?.result?.error ?? .nan]
          }
          return [Double(particles), strength, ExactEnergy.known(system)?.energy ?? .nan] + energies
        }
      }
      return FigureData(
        table: NumericTable(
          columns: ["particles", "strength", "exact"] + optimisers.flatMap { [$0, $0 + "_error"] }, rows: rows),
        notes: runs.notes)
    },
    draw: { table, notes throws(FigureError) in
      let (particles, strengths) = (try table.needed("particles"), try table.needed("strength"))
      let exact = try table.needed("exact")
      var grids: [any Picture] = []
      for name in table.columns where table.columns.contains(name + "_error") {
        let (energies, errors) = (try table.needed(name), try table.needed(name + "_error"))
        let cells = caseParticles.flatMap { a in
          caseStrengths.map { v in
            guard let i = particles.indices.first(where: { particles[$0] == Double(a) && strengths[$0] == v }) else {
              return CaseGrid.Cell(state: .missing)
            }
            return caseCell(energies[i], errors[i], exact: exact[i])
          }
        }
        let reached = cells.count { $0.state == .reached }
        // "pi-dgd: 512 walkers, 20 to 300 steps, seed 5102"
        let budget = notes.first { $0.hasPrefix(name + ": ") }?.dropFirst(name.count) ?? ""
        grids.append(
          CaseGrid(
            title: "\(name)\(budget): \(reached) of \(cells.count) converged", rowLabel: "fermions A",
            columnLabel: "strength V0 (harmonic units)", rows: caseParticles.map { "\($0)" },
            columns: caseStrengths.map { "\(Int($0))".replacing("-", with: "−") }, cells: cells,
            names: [
              .reached: "converged: within 1e-3", .close: "within 1e-2", .missed: "further off", .missing: "no result",
            ]))
      }
      return Figure(title: "Relative error of the energy", stacked: grids)
    })
}

private let caseParticles = Array(2...6)
private let caseStrengths: [Double] = [-20, -10, 0, 10, 20]

/// Converged as `nqs study` counts it: within 1e-3 of the exact energy, with an error bar below a third of that.
private func caseCell(_ energy: Double, _ error: Double, exact: Double) -> CaseGrid.Cell {
  let (distance, relativeError) = (abs(energy - exact) / abs(exact), error / abs(exact))
  guard distance.isFinite else { return CaseGrid.Cell(state: .missing) }
  let isConverged = distance <= 1e-3 && relativeError <= 1e-3 / 3
  return CaseGrid.Cell(scientific(distance, 1), isConverged ? .reached : distance <= 1e-2 ? .close : .missed)
}
