import AppendixText
import NeuralQuantumStates

// With walkers of |ψ| a quarter of them is lost (12.1) and the error bar of an energy grows by 15 %. What counts is the
// other effect, that the tails are seen: the page has a factor of 30 between the two after 300 steps of `pi-dgd`. After
// 80 steps of a small network one should see the same sign and less of it: 5 rather than 30. The two logarithms are 1.0 ±
// 0.4 apart, a factor of 4 to 25. Six seeds are few: the error bars say how sure that is.

extension Exercise {
  static let aFlatterWalk: Exercise = .init(12, 5, "relative errors with walkers of |ψ|² and of |ψ|") {
    for (power, predicted) in [(2.0, "the larger one"), (1, "the smaller one")] {
      let digits = try (1...6).map { seed in
        let (ansatz, start) = try pretrainedPair(walkers: 128, hidden: 8, seed: UInt64(seed))
        var walk = start
        walk.power = power
        walk.sweep(ansatz, count: 100, adaptingWidth: true, threads: 2)
        let metric = DecisionMetric()
        let proximal = SecondOrder(
          name: "proximal",
          direction: MetricDirection(
            .whole(metric), scale: LayerStiffness(of: metric), prior: Prior(0.95),
            solver: MinimumResidual(tolerance: 1e-4, iterationLimit: 50)),
          damping: ExponentialDecay(from: 1, decay: 0.96, floor: 0.001), length: MetricBound(0.1, in: metric))
        var run = VariationalMonteCarlo(pair, ansatz, walk, proximal, sweeps: 10, threads: 2)
        for _ in 1...80 { _ = try run.advance() }
        let final = try run.evaluate(batches: 20, equilibration: 50)
        return Double.log(abs(final.energy - exact) / abs(exact)) / Double.log(10)
      }
      print(
        "walkers of |ψ|^\(fixed(power, 0)): log10 of the relative error \(estimate(digits, 1)), predicted \(predicted)")
    }
  }
}
