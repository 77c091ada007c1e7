import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch09QuasiNewtonKFAC
import TestSupport
import Testing

/// One fermion, two features, one layer: ten parameters, a ψ without nodes, and integrals that are sums over a line.
///
/// Sums over equally spaced points converge exponentially for functions that are analytic near the line: at h = 0.1 to
/// rounding, as far as |x| = 7, where |ψ|² is 1e-21.
private struct OneFermion {
  let ansatz: DeterminantAnsatz
  let points = (-70...70).map { 0.1 * Double($0) }

  init() throws {
    let shape = try AnsatzShape(particles: 1, hidden: 2, layers: 1)
    // Layer [2 × 2] and bias; orbital [1 × 2] and bias; envelope width.
    ansatz = DeterminantAnsatz(shape, parameters: [0.5, -0.1, 0.2, 0.5, 0.1, -0.3, 0.3, -0.2, 1, 0.75])
  }

  func logPsi<S: DifferentiableScalar>(_ parameters: [S], _ x: S) -> S {
    DeterminantAnsatz.referenceLogPsi(ansatz.shape, parameters: parameters, positions: [x]).logMagnitude
  }

  /// E(θ) = ∫ (½ ψ'² + ½ x² ψ²) / ∫ ψ².
  func energy<S: DifferentiableScalar>(_ parameters: [S]) -> S {
    var (above, below): (S, S) = (0, 0)
    let dual = parameters.map { Dual<S>(constant: $0) }
    for x in points {
      let jet = logPsi(dual, Dual<S>(S(x), tangent: 1))
      let density = exp(2 * jet.primal)
      above += density * (0.5 * (jet.tangent * jet.tangent) + S(0.5 * x * x))
      below += density
    }
    return above / below
  }

  /// What a point contributes: p (with Σ p = 1), E_L, O, K, M, ∂²ℓ.
  struct Point {
    var weight: Double
    var localEnergy: Double
    var o: [Double]
    var k: [Double]
    var m: [Double]
    var second: Matrix
  }

  func measure() -> [Point] {
    var list = points.map { x -> Point in
      // Forward over forward in x, under a tape in θ.
      let position = Dual(Dual(x, tangent: 1), tangent: 1)
      let (value, slopes) = valueAndGradient(
        of: { logPsi($0, Adjoint(constant: position)) },
        at: ansatz.parameters.map { Dual(constant: Dual(constant: $0)) })
      let (slope, curvature) = (value.primal.tangent, value.tangent.tangent)
      let m = slopes.map(\.primal.tangent)
      return Point(
        weight: Double.exp(2 * value.primal.primal),
        localEnergy: -0.5 * (curvature + slope * slope) + 0.5 * x * x, o: slopes.map(\.primal.primal),
        k: slopes.indices.map { -0.5 * slopes[$0].tangent.tangent - slope * m[$0] }, m: m,
        second: Matrix(hessian(of: { logPsi($0, Adjoint(constant: Dual(constant: x))) }, at: ansatz.parameters)))
    }
    let sum = list.reduce(0) { $0 + $1.weight }
    for i in list.indices { list[i].weight /= sum }
    return list
  }
}

@Suite("9.3 The energy's Hessian, by quadrature") struct ExactHessian {
  @Test("either form of H_Q, with 2 E[(E_L - E) ∂²ℓ] added, is the Hessian of the energy")
  func hessians() throws {
    let fermion = try OneFermion()
    let points = fermion.measure()
    let count = fermion.ansatz.parameters.count
    let energy = points.reduce(0) { $0 + $1.weight * $1.localEnergy }
    #expect(energy ≈ fermion.energy(fermion.ansatz.parameters) ± 1e-12)
    func mean(_ f: (OneFermion.Point) -> [Double]) -> [Double] {
      points.reduce([Double](repeating: 0, count: count)) { sum, p in zip(sum, f(p)).map { $0 + p.weight * $1 } }
    }
    let (o, k) = (mean(\.o), mean(\.k))
    // K is the derivative of a Hermitian operator's local value: no mean.
    #expect(k ≈ [Double](repeating: 0, count: count) ± 1e-12)

    func sum(_ element: (OneFermion.Point, Int, Int) -> Double) -> Matrix {
      Matrix(rows: count, columns: count) { i, j in points.reduce(0) { $0 + $1.weight * element($1, i, j) } }
    }
    let first = sum { 4 * ($0.localEnergy - energy) * ($0.o[$1] - o[$1]) * ($0.o[$2] - o[$2]) }
    let cross = sum { $0.k[$1] * ($0.o[$2] - o[$2]) + ($0.o[$1] - o[$1]) * $0.k[$2] }
    let decision = sum { $0.m[$1] * $0.m[$2] }
    let rest = sum { 2 * ($0.localEnergy - energy) * $0.second[$1, $2] }
    let exact = Matrix(hessian(of: { fermion.energy($0) }, at: fermion.ansatz.parameters))
    let scale = 1e-10 * exact.largestMagnitude
    #expect(Array((first + cross + rest).elements) ≈ Array(exact.elements) ± scale)
    #expect(Array((first + decision + rest).elements) ≈ Array(exact.elements) ± scale)
    // What H_Q leaves out is not small here: this state is no eigenstate.
    #expect(rest.largestMagnitude > 1e-2 * exact.largestMagnitude)
  }

  @Test("what the sample's products give is the same, on walkers that stand for equal parts of |ψ|²")
  func products() throws {
    let fermion = try OneFermion()
    let points = fermion.measure()
    let count = fermion.ansatz.parameters.count
    // Walkers at the middles of 8000 parts of equal probability, from the integral of |ψ|² by a fine grid.
    let fine = (-7000...7000).map { 1e-3 * Double($0) }
    let densities = fine.map { x in Double.exp(2 * fermion.logPsi(fermion.ansatz.parameters, x)) }
    var cumulated = [0.0]
    for i in 1..<fine.count { cumulated.append(cumulated[i - 1] + 0.5 * (densities[i - 1] + densities[i])) }
    let total = cumulated[fine.count - 1]
    var walkers: [Double] = []
    var i = 1
    for part in 0..<8000 {
      let target = (Double(part) + 0.5) / 8000 * total
      while cumulated[i] < target { i += 1 }
      walkers.append(fine[i - 1] + 1e-3 * (target - cumulated[i - 1]) / (cumulated[i] - cumulated[i - 1]))
    }
    let sample = Sample(
      TrappedFermions(particles: 1, strength: 0), fermion.ansatz, at: Walkers(walkers, particles: 1), order: .laplacian,
      clipping: false)
    let energy = points.reduce(0) { $0 + $1.weight * $1.localEnergy }
    // The midpoint rule loses the outermost parts of 1/16000, where x⁴ (E_L O²) is a hundred times its mean.
    #expect(sample.energies.mean ≈ energy ± 1e-3)
    var mean = [Double](repeating: 0, count: count)
    for p in points { add(p.weight, p.o, to: &mean) }
    let exact = Matrix(rows: count, columns: count) { i, j in
      points.reduce(0) { sum, p in
        let (oi, oj) = (p.o[i] - mean[i], p.o[j] - mean[j])
        return sum + p.weight * (4 * (p.localEnergy - energy) * oi * oj + p.k[i] * oj + oi * p.k[j])
      }
    }
    for estimator in [QuasiHessian.Estimator.localEnergyDerivative, .mixedDerivatives] {
      let matrix = QuasiHessian(estimator).matrix(sample)
      #expect(Array(matrix.elements) ≈ Array(exact.elements) ± (1e-2 * exact.largestMagnitude))
    }
  }
}
