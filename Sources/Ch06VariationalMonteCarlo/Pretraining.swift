import Ch00Lanes
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling

/// φ_0(x) … φ_{n-1}(x) for 32 positions: the oscillator's orbitals, each with norm 1.
///
///     φ_0 = π^{-1/4} e^{-x²/2},     φ_{k+1} = √(2/(k+1)) x φ_k - √(k/(k+1)) φ_{k-1}
public func oscillatorOrbitals(_ x: Lanes32, into orbitals: inout ContiguousArray<Lanes32>) {
  guard !orbitals.isEmpty else { return }
  orbitals[0] = 0.7511255444649425 * x.map { Lanes.expOfNegative(-0.5 * $0 * $0) }
  guard orbitals.count > 1 else { return }
  orbitals[1] = 2.0.squareRoot() * (x * orbitals[0])
  for k in 1..<(orbitals.count - 1) {
    let n = Double(k + 1)
    orbitals[k + 1] = (2 / n).squareRoot() * (x * orbitals[k]) - (Double(k) / n).squareRoot() * orbitals[k - 1]
  }
}

/// Brings a fresh network to the ground state of free fermions before the energy is touched.
///
/// A random network has nodes anywhere and walkers in no sensible place; its energy says little. The sum of squares
/// Σ_ij (M_ij - φ_j(x_i))² is a plain regression: Adam brings it down in some hundred steps, on walkers that follow |ψ|².
/// Fewer than some 200 steps leave it visibly off. With D determinants each one is fitted to φ / D^{1/A}, so that their sum is the Slater determinant.
public struct Pretraining: Sendable {
  public var steps: Int
  public var learningRate: Double
  /// Sweeps between steps.
  public var sweeps: Int

  public init(steps: Int = 500, learningRate: Double = 3e-3, sweeps: Int = 5) {
    precondition(
      steps >= 0 && learningRate > 0 && sweeps > 0, "steps ≥ 0, a positive rate and positive sweeps expected")
    self.steps = steps
    self.learningRate = learningRate
    self.sweeps = sweeps
  }

  /// Fits `ansatz` and moves `walk` along.
  ///
  /// - Parameter report: called after each step with its number and loss; returning false ends the fit.
  /// - Returns: the mean squared deviation at the last step, per walker; nil if there was none.
  @discardableResult
  public func run(
    _ ansatz: inout DeterminantAnsatz, _ walk: inout MetropolisWalk, threads: Int = 1,
    report: (_ step: Int, _ loss: Double) -> Bool = { _, _ in true }
  ) -> Double? {
    var adam = Adam(learningRate: LearningRate(learningRate, decaySteps: max(1, Double(steps) / 4)))
    let scale = Double.pow(Double(ansatz.shape.determinants), -1 / Double(ansatz.particles))
    var last: Double?
    for step in 0..<steps {
      walk.sweep(ansatz, count: sweeps, adaptingWidth: true, threads: threads)
      let (loss, gradient) = ansatz.orbitalLoss(at: walk.walkers, threads: threads) { x, orbitals in
        oscillatorOrbitals(x, into: &orbitals)
        if scale != 1 { for j in orbitals.indices { orbitals[j] = scale * orbitals[j] } }
      }
      last = loss
      guard loss.isFinite else { return last }
      let change = adam.change(gradient: gradient)
      ansatz.move(by: change)
      if !report(step + 1, loss) { return last }
    }
    return last
  }
}
