import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch09QuasiNewtonKFAC
import Ch12DecisionalGradientDescent
import Ch13BeyondTheTalk
import TestSamples
import TestSupport
import Testing

// By quadrature on one particle's network: means are integrals, and what holds in expectation holds to rounding.
@Suite("13.2 The Hessian's family") struct HessianFamilyTests {
  @Test("the Hessian-like matrices are G and multiples of W and S, once means are integrals")
  func identities() throws {
    let sample = try quadratureSample()
    let (g, w, f) = (
      DecisionMetric().matrix(sample), EnergyWeightedMetric().matrix(sample), FisherMetric().matrix(sample)
    )
    let scale = largest(g)
    #expect(largest(w) > 0.01 * scale)
    // The talk's: G + 4W, from K and O alone.
    let quasi = QuasiHessian(.localEnergyDerivative).matrix(sample)
    #expect(largest(quasi + -1.0 * (g + 4.0 * w)) < 1e-8 * scale)
    // Projected inverse iteration's: G + 2W + ½ (Ē - τ) F, though no term of it is symmetric.
    let deviation = WeightedMean(sample.clippedEnergies, weights: sample.weights).variance.squareRoot()
    let projected = ProjectedHamiltonian(1.5).matrix(sample)
    let expected = g + 2.0 * w + (0.75 * deviation) * f
    #expect(largest(projected + -1.0 * expected) < 1e-8 * scale)
  }

  @Test("Gauss-Newton's shifted metric is that with W left out")
  func gaussNewton() throws {
    let sample = try quadratureSample()
    let shifted = ShiftedDecisionMetric(0.75).matrix(sample)
    let w = EnergyWeightedMetric().matrix(sample)
    let projected = ProjectedHamiltonian(1.5).matrix(sample)
    #expect(largest(projected + -1.0 * (shifted + 2.0 * w)) < 1e-8 * largest(shifted))
  }

  // With W, and without it as the optimiser has it. Tolerance: the shift's own, 1e-3.
  @Test(
    "the linear method by its self-consistent shift finds the lowest root of the generalised eigenproblem",
    arguments: [false, true])
  func linearMethod(leavesOutW: Bool) throws {
    let sample = try quadratureSample()
    let damping = 1e-3
    let direction = LinearMethodDirection(solver: CholeskySolver(), rounds: 8, leavesOutW: leavesOutW)
    var report = Diagnostics()
    var copy = direction
    let found = copy.direction(sample, previous: nil, lambda: damping, report: &report)
    let shift = try #require(report[.levelShift])

    // [0, ½g; ½g, ½G + W + ½λ] v = -(Ē - E) [1, 0; 0, S] v, dense.
    let (g, p) = (sample.gradient, sample.gradient.count)
    let inner =
      0.5 * DecisionMetric().matrix(sample) + (leavesOutW ? 0 : 1) * EnergyWeightedMetric().matrix(sample)
    let s = 0.25 * FisherMetric().matrix(sample)
    var (h, overlap) = (Matrix(rows: p + 1, columns: p + 1), Matrix.identity(p + 1))
    for i in 0..<p {
      h[0, i + 1] = 0.5 * g[i]
      h[i + 1, 0] = 0.5 * g[i]
      for j in 0..<p {
        h[i + 1, j + 1] = inner[i, j]
        overlap[i + 1, j + 1] = s[i, j]
      }
      h[i + 1, i + 1] += 0.5 * damping
      // S is singular where parameters do the same: a hair of the unit matrix, below what is compared.
      overlap[i + 1, i + 1] += 1e-9
    }
    let eigen = SymmetricEigen(overlap)
    let scaled = Matrix(rows: p + 1, columns: p + 1) { i, j in eigen.vectors[i, j] / eigen.values[j].squareRoot() }
    let levels = SymmetricEigen(product(transposed: scaled, h * scaled))
    #expect(shift ≈ -levels.values[0] ± (1e-3 * shift))
    let lowest = (0...p).map { levels.vectors[$0, 0] }
    let vector: [Double] = scaled * lowest
    let delta: [Double] = vector.dropFirst().map { $0 / vector[0] }
    let change = dot(delta, s * delta)
    let expected = LinearMethodDirection.rescaled(delta, overlap: change)
    #expect(norm(zip(found, expected).map { $0 - $1 }) < 2e-2 * norm(expected))
  }

  // With the sign that one code has it would be 1/(2 - √(1 + D)): above 1 up to a pole at D = 3, negative beyond.
  @Test("the linear method's step is rescaled by 1/√(1 + D), and so made shorter")
  func rescaling() {
    let delta = [0.6, -0.8]
    for overlap in [0.1, 1, 2] {
      let right = LinearMethodDirection.rescaled(delta, overlap: overlap)
      #expect(norm(right) ≈ 1 / (1 + overlap).squareRoot() ± 1e-12)
    }
  }

  @Test("GMRES solves what is not symmetric, in as many iterations as there are unknowns")
  func gmres() {
    let a = Matrix(rows: 6, columns: 6) { i, j in i == j ? 2 : Double((3 * i + 5 * j) % 7 - 3) / 4 }
    let x = [1.0, -2, 0.5, 3, 0, -1]
    let system = LinearSystem({ a * $0 }, rightHandSide: (a + 0.5 * Matrix.identity(6)) * x, shift: 0.5)
    let found = GMRES(tolerance: 1e-12, iterationLimit: 10).solution(of: system)
    #expect(found.x ≈ x ± 1e-9)
    #expect(found.iterations <= 6)
    // From the solution itself there is nothing to do.
    let there = LinearSystem({ a * $0 }, rightHandSide: system.rightHandSide, shift: 0.5, start: x)
    #expect(GMRES(tolerance: 1e-9).solution(of: there).iterations == 0)
  }

  // Tolerance: a central difference over 1e-4.
  @Test("the variance's slope is its derivative at fixed walkers")
  func variance() throws {
    let sample = try quadratureSample(points: 129)
    let slope = VarianceSlope().slope(sample)
    let start = sample.ansatz.parameters
    let weights = try #require(sample.weights)
    func halfVariance(_ parameters: [Double]) -> Double {
      func measure<Psi: TrainableWaveFunction>(_ psi: Psi) -> Double {
        let energies = sample.hamiltonian.localEnergies(of: psi.with(parameters: parameters), at: sample.walkers).total
        let mean = WeightedMean(energies, weights: weights).mean
        return zip(weights, energies).reduce(0) { $0 + 0.5 * $1.0 * ($1.1 - mean) * ($1.1 - mean) }
          / Double(weights.count)
      }
      return measure(sample.ansatz)
    }
    for p in [0, 5, 11, start.count - 1] {
      var (up, down) = (start, start)
      up[p] += 1e-4
      down[p] -= 1e-4
      let difference = (halfVariance(up) - halfVariance(down)) / 2e-4
      #expect(slope[p] ≈ difference ± (1e-5 * norm(slope)))
    }
  }
}

@Suite("13.4 The third metric") struct WassersteinTests {
  // Tolerance: E_L's slope is a central difference over 1e-3, its second derivative one of those.
  @Test("its gradient is E[(L E_L) ∂_θ ln p]: the energy's gradient with L, which multiplies a mode by 2ω, once more")
  func integration() throws {
    let sample = try quadratureSample()
    let w = WassersteinGradient(isBounded: false).slope(sample)
    // L E_L = -(E_L'' + (ln p)' E_L')
    func energies(_ shift: Double) -> [Double] {
      let moved = Walkers(sample.walkers.positions.map { $0 + shift }, particles: 1)
      func measure<Psi: TrainableWaveFunction>(_ psi: Psi) -> [Double] {
        sample.hamiltonian.localEnergies(of: psi, at: moved).total
      }
      return measure(sample.ansatz)
    }
    let h = 1e-3
    let (left, middle, right) = (energies(-h), energies(0), energies(h))
    let slopes = sample.derivatives.evaluation.gradient
    let l = middle.indices.map { (k: Int) -> Double in
      let curvature = (left[k] - 2 * middle[k] + right[k]) / (h * h)
      let slope = (right[k] - left[k]) / (2 * h)
      return -curvature - 2 * slopes[k] * slope
    }
    let expected = sample.derivatives.logDerivatives(weighted: sample.averaging(l).map { 2 * $0 })
    #expect(norm(zip(w, expected).map { $0 - $1 }) < 1e-4 * norm(expected))
  }
}
