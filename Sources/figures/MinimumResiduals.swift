import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Page 10: MINRES on the second layer's Fisher block, from zero and from the Kronecker inverse, plain and
  /// preconditioned.
  static let minimumResiduals: BookFigure = .init(
    name: "minimum-residuals", commands: ["swift run -c release figures minimum-residuals --data"],
    data: { _ in
      // Page 10's sample: seed 1, 1024 walkers, λ = 0.01.
      let (ansatz, walk) = try pretrainedPair(hidden: 32, walkers: 1024)
      let sample = Sample(
        TrappedFermions(particles: 2, strength: -20), ansatz, at: walk.walkers, order: .value, threads: 2)
      let (metric, lambda) = (FisherMetric(), 0.01)
      var kronecker = KroneckerDirection()
      let inverse = kronecker.direction(sample, lambda: lambda)
      let diagonal = metric.diagonal(sample)

      let range = ansatz.shape.groups[1].range
      var whole = [Double](repeating: 0, count: sample.gradient.count)
      func residual(_ iterations: Int, guess: Bool, preconditioned: Bool) -> Double {
        MinimumResidual(tolerance: 0, iterationLimit: iterations).solve(
          { v in
            whole.replaceSubrange(range, with: v)
            return Array(metric.product(whole, group: 1, sample)[range])
          },
          rightHandSide: sample.gradient[range].map { -$0 }, shift: lambda, guess: guess ? Array(inverse[range]) : nil,
          preconditioner: preconditioned
            ? { r in zip(r, diagonal[range]).map { $0 * Double.pow($1 + 0.01, -0.75) } } : nil
        ).relativeResidual
      }
      // Below 1e-12 it is rounding that is drawn.
      func rounded(_ x: Double) -> Double { rounding(significant: 4)(max(x, 1e-12)) }
      return FigureData(
        table: NumericTable(
          columns: ["iteration", "from zero", "from Kronecker", "preconditioned", "both"],
          rows: (0...20).map { n in
            [Double(n)]
              + [(false, false), (true, false), (false, true), (true, true)].map {
                rounded(residual(n, guess: $0.0, preconditioned: $0.1))
              }
          }))
    },
    draw: { table, _ throws(FigureError) in
      let iterations = try table.needed("iteration")
      return Plot(
        title: "MINRES on the second layer's Fisher block", xAxis: Axis("iteration"),
        yAxis: Axis("relative residual", scale: .logarithmic),
        series: try table.columns.dropFirst().map { name throws(FigureError) in
          Series(name, x: iterations, y: try table.needed(name))
        })
    })
}
