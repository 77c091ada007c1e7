/// The talk's comparisons of two or three optimisers. All but one draw the runs of `optimisers`.
extension BookFigure {
  private static func pair(_ optimisers: [String], _ energies: ClosedRange<Double>) -> EnergyPanel {
    EnergyPanel(
      title: "two fermions, V0 = -10", runs: optimisers.map { EnergyPanel.Run($0) }, exact: 0.5959059346,
      hartreeFock: 0.8136909448, energies: energies)
  }

  private static let kfacRuns = ["kfac", "qn-kfac", "kfac-3", "qn-kfac-3"]

  /// The talk: with the quasi-Hessian energies fluctuate much less, and fewer runs get stuck.
  static let kfac = energyCurves(
    "kfac", title: "KFAC and QN-KFAC",
    panels: [
      pair(["kfac", "qn-kfac"], 0.55...0.9),
      EnergyPanel(
        title: "three fermions, V0 = 20",
        runs: [EnergyPanel.Run("kfac", column: "kfac-3"), EnergyPanel.Run("qn-kfac", column: "qn-kfac-3")],
        exact: 6.5148586538, hartreeFock: 6.8873647165, energies: 6.4...7.1),
    ],
    commands: [
      "swift run -c release nqs compare --optimizers kfac,qn-kfac --particles 2 --strength -10 --walkers 4096 --sweeps 20 --seed 1"
        + " --output runs/kfac-2",
      "swift run -c release nqs compare --optimizers kfac,qn-kfac --particles 3 --strength 20 --walkers 4096 --sweeps 20 --seed 1"
        + " --output runs/kfac-3",
      "swift run -c release figures kfac --data runs/kfac-2/kfac runs/kfac-2/qn-kfac runs/kfac-3/kfac"
        + " runs/kfac-3/qn-kfac",
    ],
    data: { folders in FigureData(table: try histories(kfacRuns, of: folders)) })

  /// The talk: a direction that MINRES has improved is more accurate.
  static let quasiNewtonMinres = energyCurves(
    "quasi-newton-minres", title: "QN-KFAC and QN-MR-KFAC",
    panels: [pair(["qn-kfac", "qn-mr-kfac"], 0.55...0.9)], source: optimisers)

  /// The talk: natural gradient by MINRES is hugely unstable, DGD is not.
  static let naturalGradientMinres = energyCurves(
    "natural-gradient-minres", title: "NGD and DGD, both by MINRES",
    panels: [pair(["ngd", "dgd"], 0.55...0.9)], source: optimisers)

  /// The talk: DGD is on par with QN-MR-KFAC, and ahead of Adam.
  static let decisionalRivals = energyCurves(
    "decisional-rivals", title: "DGD, QN-MR-KFAC and Adam", panels: [pair(["adam", "qn-mr-kfac", "dgd"], 0.55...0.9)],
    source: optimisers)
}
