import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo

/// Brings any ψ to the free fermions' ground state by its angle to it, whether it has orbitals or not.
///
/// Two ways down. Adam follows the gradient of L = -ln cos². Gauss and Newton's step takes tan² = E[(t - 1)²], t =
/// s/E[s], for what it is, a sum of squares with derivatives J = t (O - E[t O]), and solves for as many unknowns as
/// there are walkers:
///
///     δ = -Jᵀ (J Jᵀ + λ)⁻¹ (t - 1)        (3)
///
/// λ is a fraction of the mean of J Jᵀ's diagonal. A change of θ that only multiplies ψ by a number has J δ = 0, and
/// the step, a combination of rows of J, has no part of it. J Jᵀ follows from O Oᵀ (`ParameterDerivatives.kernel`),
/// and no row of J is formed.
public struct OverlapPretraining: Sendable {
  /// How a step is made.
  public enum Method: Sendable, Equatable {
    /// Gauss and Newton's step (3) with this fraction as λ.
    case gaussNewton(damping: Double)
    /// Adam on L at this rate.
    case adam(rate: Double)
  }
  /// Steps of the fit, at least 0.
  public var steps: Int
  /// How a step is made.
  public var method: Method
  /// Sweeps of the free fermions between steps.
  public var sweeps: Int

  /// Settings as given; negative steps, or damping, rate or sweeps that are not positive, stop the program.
  public init(steps: Int = 40, method: Method = .gaussNewton(damping: 1e-2), sweeps: Int = 5) {
    let number =
      switch method {
      case .gaussNewton(let x), .adam(let x): x
      }
    precondition(steps >= 0 && number > 0 && sweeps > 0, "steps ≥ 0, a positive rate or damping, and sweeps expected")
    (self.steps, self.method, self.sweeps) = (steps, method, sweeps)
  }

  /// Fits ψ, and lets the walkers follow it when that is done.
  ///
  /// - Parameters:
  ///   - psi: receives the fitted parameters.
  ///   - walk: follows free fermions as long as the fit lasts.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - report: called with the number of each step and the loss before it; returning false ends the fit.
  /// - Returns: the loss before the last step; nil if there was none. A loss or a step that is not finite ends the fit.
  /// - Complexity: a step of Gauss and Newton's O(walkers³ + walkers² P).
  @discardableResult
  public func run<Psi: TrainableWaveFunction>(
    _ psi: inout Psi, _ walk: inout MetropolisWalk, threads: Int = 1,
    report: (_ step: Int, _ loss: OverlapLoss) -> Bool = { _, _ in true }
  ) -> Double? {
    guard steps > 0 else { return nil }
    // The means of the loss are over |φ|².
    let power = walk.power
    walk.power = 2
    defer { walk.power = power }
    let free = FreeFermions(particles: psi.particles)
    for _ in 0..<5 { walk.sweep(free, count: 20, adaptingWidth: true, threads: threads) }
    var adam = Adam(learningRate: 1)
    if case .adam(let rate) = method { adam = Adam(learningRate: rate) }
    var last: Double?
    for step in 1...steps {
      walk.sweep(free, count: sweeps, adaptingWidth: true, threads: threads)
      let found = OverlapLoss(of: psi, with: free, at: walk.walkers, threads: threads)
      last = found.loss
      let change =
        switch method {
        case .gaussNewton(let damping): found.gaussNewtonStep(damping: damping)
        case .adam: adam.change(gradient: found.gradient)
        }
      guard found.loss.isFinite, change.allSatisfy(\.isFinite) else { return last }
      psi.move(by: change)
      if !report(step, found) { break }
    }
    walk.power = power
    for _ in 0..<5 { walk.sweep(psi, count: 20, adaptingWidth: true, threads: threads) }
    return last
  }
}

extension OverlapLoss {
  /// δ of (3), shape [parameterCount]; NaN where J Jᵀ is not finite.
  ///
  /// - Parameter damping: λ as a fraction of the mean of J Jᵀ's diagonal; must be positive.
  public func gaussNewtonStep(damping: Double) -> [Double] {
    precondition(damping > 0, "a positive damping is needed, got \(damping)")
    let (t, n) = (ratios, ratios.count)
    let kernel = derivatives.kernel()
    // (O_w - Ō) · (O_v - Ō) with Ō = E[t O].
    let means = (kernel * t).map { $0 / Double(n) }
    let mean = dot(means, t) / Double(n)
    var system = Matrix(rows: n, columns: n) { w, v in t[w] * t[v] * (kernel[w, v] - means[w] - means[v] + mean) }
    let shift = damping * system.trace / Double(n)
    for w in 0..<n { system[w, w] += shift }
    guard shift > 0, let cholesky = Cholesky(system) else { return gradient.map { _ in .nan } }
    let multipliers = cholesky.solve(t.map { $0 - 1 })
    // Jᵀ y = Σ_w t_w y_w (O_w - Ō), and Ō is Σ_v t_v O_v/n.
    let total = dot(multipliers, t)
    return derivatives.logDerivatives(weighted: (0..<n).map { -t[$0] * (multipliers[$0] - total / Double(n)) })
  }
}
