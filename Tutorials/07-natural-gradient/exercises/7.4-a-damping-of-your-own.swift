import AppendixText
import NeuralQuantumStates

// Where all parameters change their unit, θ → θ/c, F becomes c²F, and a constant λ is another damping. A share of F's
// mean eigenvalue, its trace over P, becomes c²λ, and the step is the same. It costs one diagonal. The two rules are
// alike at the start by the choice of the share. Which one is the better is not predicted by that: 30 steps end 0.03 ± 0.03
// and 0.05 ± 0.03 above the exact energy. A step that depends on no unit need not be a better one.
// (Conjugate gradients, of chapter 10, need fewer products than the P that Cholesky's dense matrix is made of.)

/// λ = a share of the mean eigenvalue of F.
private struct ShareOfTrace: Damping {
  let share: Double
  func lambda(_ sample: Sample) -> Double { share * mean(FisherMetric().diagonal(sample)) }
}

extension Exercise {
  static let aDampingOfYourOwn: Exercise = .init(7, 4, "a damping that follows the trace of the metric") {
    for (name, isShare) in [("constant λ", false), ("a share of the trace", true)] {
      let differences = try (1...3).map { seed in
        let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 8, seed: UInt64(seed))
        let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
        let (f, g) = (FisherMetric().matrix(sample), sample.gradient)
        // F and g as they are, and with all parameters in a unit ten times as large.
        let steps = [1.0, 10].map { c in
          let scaled = c * c * f
          let lambda = isShare ? 0.05 * scaled.trace / Double(g.count) : 0.01
          let step = Cholesky(scaled + lambda * .identity(g.count))!.solve(g.map { c * $0 })
          return step.map { c * $0 }
        }
        return norm(zip(steps[0], steps[1]).map { $0 - $1 }) / norm(steps[0])
      }
      let printed = isShare ? scientific(max(differences.max()!, 1e-8), 0) : estimate(differences, 0)
      print(
        "\(name): in other units the step differs by \(printed), predicted", isShare ? "1e-08 or less" : "more than 1")
    }
    for (name, damping) in [("constant λ", ConstantDamping(0.01)), ("a share of the trace", ShareOfTrace(share: 0.05))]
      as [(String, any Damping)]
    {
      let distances = try (1...3).map { seed in
        let (ansatz, walk) = try pretrainedPair(walkers: 512, hidden: 8, seed: UInt64(seed))
        let optimizer = SecondOrder(
          name: "natural",
          direction: MetricDirection(.whole(FisherMetric()), solver: ConjugateGradients(tolerance: 1e-6)),
          damping: damping, length: MetricBound(0.04, in: FisherMetric(), learningRate: 0.1))
        var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10, threads: 2)
        return mean(try (1...30).map { _ in try run.advance().energy }.suffix(5)) - exact
      }
      print("\(name): after 30 steps above the exact energy by \(estimate(distances, 2)), predicted less than 0.2")
    }
  }
}
