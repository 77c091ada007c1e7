import Ch00Lanes
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling

/// φ_0(x) … φ_{n-1}(x) for 32 positions: the oscillator's orbitals, each with norm 1.
///
///     φ_0 = π^{-1/4} e^{-x²/2},     φ_{k+1} = √(2/(k+1)) x φ_k - √(k/(k+1)) φ_{k-1}
///
/// - Parameters:
///   - x: positions, in oscillator lengths.
///   - orbitals: overwritten; its length is n.
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
/// A random network may have nodes where no particles meet, and walkers in no sensible place; its energy says little.
/// So the orbitals are fitted to the trap's, in the book's trap the oscillator's, E Σ_ij (M_ij - φ_j(x_i))² ← min, on walkers that follow the free
/// fermions themselves (`FreeFermions`, `SlaterDeterminant`), which costs next to nothing.
///
/// M is linear in the weights of the orbital layer: they are solved for, at every step, by regression with a ridge
/// (`fitOrbitals`). Adam moves what is left, so that features and envelopes suit. Adam on all weights alone finds five
/// of six orbitals in three times the steps.
///
/// How near the start is to E = A²/2 says little of how well it goes on from there. With a third of the slope in the
/// first layer and a ridge of 1e-8, the first regression alone gets to 18.1 at A = 6, by weights of 300 that cancel,
/// and pi-dgd hardly moves them: at V0 = 20 it stands at 32.6 after 100 steps, where it gets below 30.1 in 40 from
/// features that had been moved. With D determinants each one is fitted to φ / D^{1/A}, so that their sum is the Slater
/// determinant; the ridge holds each near its own random start, or they would all become one.
public struct Pretraining: Sendable {
  /// Steps of the fit, at least 0.
  public var steps: Int
  /// η of Adam, which moves features and envelopes.
  public var learningRate: Double
  /// Of the regression, as a fraction of the mean squared feature.
  public var ridge: Double
  /// Sweeps between steps.
  public var sweeps: Int
  /// The orbitals of the trap; nil for those of the oscillator.
  public var orbitals: TrapOrbitals?

  /// Settings as given; negative steps, or a rate, ridge or number of sweeps that is not positive, stop the program.
  public init(
    steps: Int = 100, learningRate: Double = 3e-3, ridge: Double = 1e-3, sweeps: Int = 5,
    orbitals: TrapOrbitals? = nil
  ) {
    precondition(
      steps >= 0 && learningRate > 0 && ridge > 0 && sweeps > 0,
      "steps ≥ 0, a positive rate, ridge and number of sweeps expected")
    self.steps = steps
    self.learningRate = learningRate
    self.ridge = ridge
    self.sweeps = sweeps
    self.orbitals = orbitals
  }

  /// Fits `ansatz`, and lets the walkers follow it when that is done.
  ///
  /// - Parameters:
  ///   - ansatz: receives the fitted parameters.
  ///   - walk: follows free fermions as long as the fit lasts.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - report: called after each step with its number and loss; returning false ends the fit.
  /// - Returns: the mean squared deviation at the last step, per walker; nil if there was none. A deviation that is not
  ///   finite ends the fit and is returned.
  @discardableResult
  public func run(
    _ ansatz: inout DeterminantAnsatz, _ walk: inout MetropolisWalk, threads: Int = 1,
    report: (_ step: Int, _ loss: Double) -> Bool = { _, _ in true }
  ) -> Double? {
    guard steps > 0 else { return nil }
    let scale = Double.pow(Double(ansatz.shape.determinants), -1 / Double(ansatz.particles))
    let own = orbitals
    let target: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void = { x, orbitals in
      if let own { own.evaluate(x, into: &orbitals) } else { oscillatorOrbitals(x, into: &orbitals) }
      if scale != 1 { for j in orbitals.indices { orbitals[j] = scale * orbitals[j] } }
    }
    let prior = ansatz.parameters
    let particles = ansatz.particles
    func follow(_ walk: inout MetropolisWalk, sweeps: Int) {
      if let own {
        walk.sweep(SlaterDeterminant(own), count: sweeps, adaptingWidth: true, threads: threads)
      } else {
        walk.sweep(FreeFermions(particles: particles), count: sweeps, adaptingWidth: true, threads: threads)
      }
    }
    for _ in 0..<5 { follow(&walk, sweeps: 20) }
    var adam = Adam(learningRate: learningRate)
    var last: Double?
    for step in 1...steps {
      follow(&walk, sweeps: sweeps)
      let loss = fit(&ansatz, &adam, at: walk.walkers, prior: prior, threads: threads, target: target)
      last = loss
      guard loss.isFinite else { return last }
      if !report(step, loss) { break }
    }
    ansatz.fitOrbitals(at: walk.walkers, prior: prior, ridge: ridge, threads: threads, target: target)
    for _ in 0..<5 { walk.sweep(ansatz, count: 20, adaptingWidth: true, threads: threads) }
    return last
  }
  /// One step: the orbitals' weights by regression, then the layers and envelopes by Adam.
  ///
  /// - Returns: the mean squared deviation, per walker; where it is not finite Adam has done nothing.
  package func fit(
    _ ansatz: inout DeterminantAnsatz, _ adam: inout Adam, at walkers: Walkers, prior: [Double], threads: Int,
    target: @escaping @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void
  ) -> Double {
    ansatz.fitOrbitals(at: walkers, prior: prior, ridge: ridge, threads: threads, target: target)
    var (loss, gradient) = ansatz.orbitalLoss(at: walkers, threads: threads, target: target)
    guard loss.isFinite else { return loss }
    for group in ansatz.shape.groups {
      if case .orbitals = group.role { for p in group.range { gradient[p] = 0 } }
    }
    ansatz.move(by: adam.change(gradient: gradient))
    return loss
  }
}
