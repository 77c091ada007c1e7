import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// One figure of the book: data in `Tutorials/figures/NAME.csv`, the drawing beside it in `NAME.svg`.
///
/// The drawing is a function of the data alone, so that anybody can draw it again, and a test does. How the data came
/// to be stands in `sources.json` beside them: the commands, with seeds.
struct BookFigure: Sendable {
  let name: String
  /// The figure whose data this one draws, nil for its own: one set of runs can answer several questions.
  var source: String?
  /// The commands that make the data, one a line; the last one is `swift run -c release figures NAME --data …`.
  let commands: [String]
  /// The data: from scratch, or from run folders that are given on the command line. Takes as long as it takes.
  let data: @Sendable (_ folders: [String]) throws -> FigureData
  /// The drawing of the data, and of the notes that stand beside their commands.
  let draw: @Sendable (NumericTable, _ notes: [String]) throws(FigureError) -> any Picture

  /// All figures, in the order of the book.
  static let all: [BookFigure] = [
    lanczos, differences, tape, interaction, threeFermions, network, nodes, walks, widths, training,
    clumpingSteps,
    equalDistances, descents, scores, modes,
    naturalGradient, fisherLayer, kfac, quasiNewton, minimumResiduals, quasiNewtonMinres, naturalGradientMinres,
    decisional, samplingPower, modeErrors, decisionLayer, optimiserTable, optimisers, decisionalRivals, energies,
    clumping, crystal,
    cases,
    signProblem, pretrainingLosses, twoAnsatze, determinants, twoLosses, geometries,
  ]
}

/// What a figure draws, and what a reader of the numbers should know besides the commands that made them.
struct FigureData {
  var table: NumericTable
  var notes: [String] = []
}

/// The lines of two energies, the same in every figure: Hartree-Fock's in dashes, the exact one without.
func referenceEnergies(hartreeFock: Double, exact: Double) -> [ReferenceLine] {
  [ReferenceLine(hartreeFock, label: "Hartree-Fock", isDashed: true), ReferenceLine(exact, label: "exact")]
}

/// Two fermions as most pages have them: a pretrained network, and walkers of |ψ|², of the seed 1.
func pretrainedPair(hidden: Int = 64, walkers: Int) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}

/// To so many decimals: data hold no more digits than a drawing shows.
func rounding(decimals: Int) -> @Sendable (Double) -> Double {
  let unit = (0..<decimals).reduce(1.0) { unit, _ in 10 * unit }
  return { ($0 * unit).rounded() / unit }
}

/// To so many digits from the first that is not zero on.
func rounding(significant digits: Int) -> @Sendable (Double) -> Double { { Double(scientific($0, digits - 1)) ?? $0 } }

/// What can be wrong with a figure's data.
struct FigureError: Error, CustomStringConvertible {
  let description: String
}

extension NumericTable {
  /// A column that a drawing cannot do without.
  func needed(_ column: String) throws(FigureError) -> [Double] {
    guard let values = self[column] else {
      throw FigureError(description: "the data have no column \(column); they have " + columns.joined(separator: ", "))
    }
    return values
  }
}
