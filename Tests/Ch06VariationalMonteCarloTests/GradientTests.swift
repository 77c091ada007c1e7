import Ch00Lanes
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.2 Clipping") struct ClippingTests {
  @Test("what lies within five mean deviations of the median stays as it is")
  func inside() {
    let energies = [1.0, 2, 3, 2.5, 1.5]
    #expect(clipped(energies) == energies)
  }

  @Test("what lies beyond is drawn back to the edge, on either side")
  func outliers() {
    // Median 0; the mean deviation of 98 zeros, 1000 and -100 is 11: the edges are ±55.
    let energies = [Double](repeating: 0, count: 98) + [1000, -100]
    #expect(clipped(energies) == [Double](repeating: 0, count: 98) + [55, -55])
    #expect(clipped(energies, factor: 50) == [Double](repeating: 0, count: 98) + [550, -100])
  }

  @Test("shifting all energies shifts what is clipped")
  func shifted() {
    var random = SplitMix64(seed: 1)
    let energies = random.uniform(-1...1, count: 101).map { 0.1 / $0 }
    #expect(clipped(energies.map { $0 + 8 }) ≈ clipped(energies).map { $0 + 8 } ± 1e-12)
    #expect(clipped(energies) != energies)
  }

  @Test("none, one, and all the same")
  func degenerate() {
    #expect(clipped([]) == [])
    #expect(clipped([3]) == [3])
    #expect(clipped([2, 2, 2]) == [2, 2, 2])
  }

  @Test("the median is the middle value, or the mean of the two middle ones")
  func medians() {
    #expect(median([5]) == 5 && median([3, 1, 2]) == 2 && median([4, 1, 3, 2]) == 2.5)
  }
}

@Suite("6.3 The gradient of the energy") struct GradientTests {
  /// A state near that of three free fermions, walkers that follow it, and what they measure under an interaction.
  private struct Measured {
    var ansatz: DeterminantAnsatz
    var hamiltonian: TrappedFermions
    var walkers: Walkers
    var energies: LocalEnergies
    var derivatives: ParameterDerivatives

    init(particles: Int, count: Int) throws {
      ansatz = try DeterminantAnsatz.freeFermions(particles).shaken(particles == 3 ? 1e-7 : 0.02)
      hamiltonian = TrappedFermions(particles: particles, strength: 3)
      var walk = MetropolisWalk(walkers: count, particles: particles, seed: 5)
      walk.sweep(ansatz, count: 200, threads: 2)
      walkers = walk.walkers
      energies = hamiltonian.localEnergies(of: ansatz, at: walkers)
      derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian)
    }
  }

  @Test(
    "gradient + E[∂E_L] is the slope of the reweighted energy of the same walkers, to all digits", arguments: [1, 2])
  func reweighted(particles: Int) throws {
    let m = try Measured(particles: particles, count: 300)
    let logPsi = m.derivatives.evaluation.logPsi
    // E(θ + hv) = Σ w E_L / Σ w with w = |ψ_{θ+hv}/ψ_θ|².
    func energy(_ v: [Double], _ h: Double) -> Double {
      let moved = DeterminantAnsatz(m.ansatz.shape, parameters: zip(m.ansatz.parameters, v).map { $0 + h * $1 })
      let energies = m.hamiltonian.localEnergies(of: moved, at: m.walkers).total
      let weights = zip(moved.evaluate(m.walkers, order: .value).logPsi, logPsi).map { Double.exp(2 * ($0 - $1)) }
      return zip(weights, energies).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    }
    let gradient = energyGradient(energies: m.energies.total, derivatives: m.derivatives)
    var random = SplitMix64(seed: 6)
    for _ in 0..<3 {
      // Each parameter in proportion to its size, and to 1 where it is small.
      let v = m.ansatz.parameters.map { max(abs($0), 1e-3) * random.uniform(-1...1, count: 1)[0] }
      let slope = zip(gradient, v).reduce(0) { $0 + $1.0 * $1.1 }
      let drift = m.derivatives.energyDerivatives(along: v).reduce(0, +) / 300
      let h = 1e-3
      let expected = (8 * (energy(v, h) - energy(v, -h)) - (energy(v, 2 * h) - energy(v, -2 * h))) / (12 * h)
      // Fourth order: h⁴ = 1e-12 of the fifth derivative, which nodes make large, and rounding of E_L over h.
      #expect((slope + drift) ≈ expected ± 1e-5)
    }
  }

  @Test("E[∂E_L] vanishes over |ψ|², because H is Hermitian: so the gradient need not contain it", arguments: [1, 2])
  func hermitian(particles: Int) throws {
    let m = try Measured(particles: particles, count: 20_000)
    var random = SplitMix64(seed: 7)
    let v = m.ansatz.parameters.map { max(abs($0), 1e-3) * random.uniform(-1...1, count: 1)[0] }
    let values = m.derivatives.energyDerivatives(along: v)
    let statistics = SampleStatistics(values, walkers: values.count)
    // Five standard errors of independent walkers; the error is small against the terms that cancel.
    #expect(statistics.mean ≈ 0 ± (5 * statistics.standardError))
    #expect(statistics.standardError < 0.05 * values.reduce(0) { $0 + abs($1) } / Double(values.count))
  }

  @Test("adding a constant to all energies, or to ln|ψ|, changes no gradient")
  func invariance() throws {
    let m = try Measured(particles: 2, count: 100)
    let gradient = energyGradient(energies: m.energies.total, derivatives: m.derivatives)
    let shifted = energyGradient(energies: m.energies.total.map { $0 + 5 }, derivatives: m.derivatives)
    #expect(shifted ≈ gradient.within(relative: 1e-10))
    // Scaling an orbital scales ψ: along it there is no slope.
    let group = m.ansatz.shape.groups[1]
    let (hidden, n) = (m.ansatz.shape.hidden, 2)
    let along = (0..<hidden).map { $0 } + [n * hidden]
    let slope = along.reduce(0) { $0 + gradient[group.start + $1] * m.ansatz.parameters[group.start + $1] }
    #expect(slope ≈ 0 ± 1e-10)
  }

  @Test("an eigenstate has zero gradient, and no NaN", arguments: [(1, 1e-12), (2, 1e-2)])
  func zeroVariance(particles: Int, deviation: Double) throws {
    let ansatz = try DeterminantAnsatz.freeFermions(particles)
    var walk = MetropolisWalk(walkers: 100, particles: particles, seed: 8)
    walk.sweep(ansatz, count: 100)
    let energies = TrappedFermions(particles: particles, strength: 0).localEnergies(of: ansatz, at: walk.walkers)
    let derivatives = ParameterDerivatives(of: ansatz, at: walk.walkers, order: .value)
    let gradient = energyGradient(energies: clipped(energies.total), derivatives: derivatives)
    #expect(gradient.allSatisfy { $0.isFinite })
    // In units of each parameter: what is left of tanh's cubic term, times 1/ε for the weights that undo ε.
    #expect(gradient.allSatisfy { abs($0) < deviation })
  }

  @Test("one walker is its own mean: its gradient is zero")
  func oneWalker() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 3), seed: 1)
    let derivatives = ParameterDerivatives(of: ansatz, at: Walkers([0.2, -0.4], particles: 2), order: .value)
    #expect(energyGradient(energies: [3], derivatives: derivatives).allSatisfy { $0 == 0 })
  }
}
