import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch09QuasiNewtonKFAC
import TestSamples
import TestSupport
import Testing

private let estimators = [QuasiHessian.Estimator.localEnergyDerivative, .mixedDerivatives]

/// H_Q by its definition, from rows of O and K, or of O and M.
private func quasiHessian(energies: [Double], o: [[Double]], k: [[Double]]? = nil, m: [[Double]]? = nil) -> Matrix {
  let n = Double(energies.count)
  let mean = energies.reduce(0, +) / n
  func centredRows(_ rows: [[Double]]) -> [[Double]] {
    let means = rows[0].indices.map { p in rows.reduce(0) { $0 + $1[p] } / n }
    return rows.map { row in zip(row, means).map { $0 - $1 } }
  }
  let oc = Matrix(centredRows(o))
  let weighted = Matrix(rows: oc.rows, columns: oc.columns) { 4 * (energies[$0] - mean) * oc[$0, $1] }
  var sum = product(transposed: weighted, oc)
  if let k {
    let cross = product(transposed: Matrix(centredRows(k)), oc)
    sum += cross + cross.transposed()
  }
  if let m { sum += columnGram(Matrix(m)) }
  return 1 / n * sum
}

@Suite("9.1 The quasi-Hessian") struct QuasiHessians {
  static let tiny = ["tiny_a2", "tiny_a3_d2"]

  @Test("the product with a probe is that of an independent implementation", arguments: tiny)
  func golden(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample()
    let product = QuasiHessian(.localEnergyDerivative).product(try #require(golden.probe), sample)
    let expected = try #require(golden.quasiHessianTimesProbe)
    // One of tiny_a3_d2's walkers is close to a node: there the two implementations' K differ by 3e-9.
    #expect(product ≈ expected.within(relative: name == "tiny_a2" ? 1e-11 : 1e-8))
  }

  // Each walker alone, with the energies and means of all: rounding is what differs.
  @Test("on walkers of |ψ| every walker counts with its weight", arguments: estimators)
  func weighted(estimator: QuasiHessian.Estimator) throws {
    let sample = try pretrainedSample(hidden: 3, strength: -20, walkers: 6, power: 1, steps: 20)
    let (weights, d) = (try #require(sample.weights), sample.derivatives)
    var random = SplitMix64(seed: 9)
    let v = (0..<2).map { _ in random.uniform(-1...1, count: sample.gradient.count) }
    let energies = sample.centred(sample.clippedEnergies)
    let o = v.map { sample.centred(d.logDerivatives(along: $0)) }
    let k = v.map { sample.centred(d.energyDerivatives(along: $0)) }
    let m = v.map { d.mixedDerivatives(along: $0) }
    var expected = 0.0
    for w in 0..<6 {
      var term = 4 * energies[w] * o[0][w] * o[1][w]
      switch estimator {
      case .localEnergyDerivative: term += k[0][w] * o[1][w] + o[0][w] * k[1][w]
      case .mixedDerivatives: for i in 0..<2 { term += m[0][2 * w + i] * m[1][2 * w + i] }
      }
      expected += weights[w] * term / 6
    }
    let metric = QuasiHessian(estimator)
    let scale = 1e-9 * max(abs(expected), metric.forms(v, sample).largestMagnitude)
    #expect(metric.forms(v, sample)[0, 1] ≈ expected ± scale)
    #expect(dot(v[0], metric.product(v[1], sample)) ≈ expected ± scale)
  }

  @Test("products and forms are those of the dense matrix, made of independent rows", arguments: tiny)
  func dense(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample()
    let (o, k) = (try #require(golden.logDerivatives), try #require(golden.energyDerivatives))
    let m = try #require(golden.mixedDerivatives).flatMap { $0 }
    for estimator in estimators {
      let metric = QuasiHessian(estimator)
      let dense =
        estimator == .localEnergyDerivative
        ? quasiHessian(energies: golden.localEnergy, o: o, k: k)
        : quasiHessian(energies: golden.localEnergy, o: o, m: m)
      let matrix = metric.matrix(sample)
      let scale = dense.largestMagnitude
      #expect(Array(matrix.elements) ≈ Array(dense.elements) ± (1e-8 * scale))
      #expect(Array(matrix.elements) ≈ Array(matrix.transposed().elements) ± (1e-11 * scale))
      var random = SplitMix64(seed: 1)
      let vectors = (0..<3).map { _ in random.uniform(-1...1, count: dense.rows) }
      let forms = metric.forms(vectors, sample)
      for i in 0..<3 {
        for j in 0..<3 {
          #expect(
            forms[i, j] ≈ dot(vectors[i], matrix * vectors[j]) ± (1e-11 * scale * norm(vectors[i]) * norm(vectors[j])))
          #expect(forms[i, j] ≈ forms[j, i] ± (1e-12 * forms.largestMagnitude))
        }
      }
    }
  }

  @Test("it sees no change of ψ by a factor", arguments: estimators)
  func normalisation(estimator: QuasiHessian.Estimator) throws {
    let sample = try pretrainedSample(walkers: 100)
    // The first orbital's weights and bias, scaled together.
    let orbitals = sample.parameterGroups[2]
    var v = [Double](repeating: 0, count: sample.gradient.count)
    let bias = orbitals.start + orbitals.layout.biasStart
    for p in orbitals.start..<(orbitals.start + orbitals.layout.columns) { v[p] = sample.ansatz.parameters[p] }
    v[bias] = sample.ansatz.parameters[bias]
    // K and M lose digits where a determinant is small.
    #expect(norm(QuasiHessian(estimator).product(v, sample)) < 1e-7 * norm(v))
  }

  @Test(
    "it is no metric: on a state far from the ground state it has negative directions"
  )
  func indefinite() throws {
    let sample = try pretrainedSample(hidden: 4, strength: -20, walkers: 200, steps: 100)
    let values = SymmetricEigen(QuasiHessian(.mixedDerivatives).matrix(sample)).values
    #expect(values[0] < -1e-3 * values[values.count - 1])
  }

  @Test("KFAC's step by this model is finite and leads downhill, negative directions or not", arguments: estimators)
  func optimizer(estimator: QuasiHessian.Estimator) throws {
    let sample = try pretrainedSample(hidden: 4, strength: -20, walkers: 200, steps: 100)
    var optimizer = SecondOrder(
      name: "qn-kfac", direction: KroneckerDirection(model: QuasiHessian(estimator)),
      damping: LevenbergMarquardt(lambda: 10), length: QuadraticModel(QuasiHessian(estimator)), judge: ReductionRatio())
    let change = optimizer.update(sample).change
    #expect(change.allSatisfy(\.isFinite) && dot(change, sample.gradient) < 0)
  }

  @Test("its state, given to another, makes it go on with the same bits")
  func memory() throws {
    let (ansatz, walk) = try pretrained(walkers: 100)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, QuasiNewtonKFAC().optimizer, sweeps: 5)
    for _ in 0..<6 { _ = try run.advance() }
    var resumed = run
    resumed.optimizer = try QuasiNewtonKFAC().optimizer.resumed(
      from: run.optimizer.state, groups: run.ansatz.parameterGroups)
    for _ in 0..<6 { _ = (try run.advance(), try resumed.advance()) }
    #expect(run.ansatz.parameters == resumed.ansatz.parameters)
  }
}

@Suite("9.2 Two estimators, one expectation") struct TwoEstimators {
  @Test(
    "with one sign per ordering of the particles they differ by noise alone",
    arguments: [(2, 6, 1), (3, 16, 3)] as [(Int, Int, UInt64)])
  func agree(particles: Int, hidden: Int, seed: UInt64) throws {
    // Fitted with few walkers, measured with many: eight copies that go their own ways for a hundred sweeps.
    let (ansatz, few) = try pretrained(particles: particles, hidden: hidden, walkers: 1024, seed: seed, steps: 200)
    var walk = MetropolisWalk(
      positions: (0..<8).flatMap { _ in few.walkers.positions }, particles: particles, width: few.width, seed: seed)
    walk.sweep(ansatz, count: 100, threads: 2)
    let sample = Sample(
      TrappedFermions(particles: particles, strength: -10), ansatz, at: walk.walkers, order: .laplacian, threads: 2)
    #expect(sample.energies.wrongSignFraction == 0)
    var random = SplitMix64(seed: seed + 10)
    let n = Double(sample.walkers.count)
    var scores: [Double] = []
    for _ in 0..<4 {
      let v = random.uniform(-1...1, count: sample.gradient.count)
      let (o, k) = (
        sample.centred(sample.derivatives.logDerivatives(along: v)),
        sample.centred(sample.derivatives.energyDerivatives(along: v))
      )
      let m = sample.derivatives.mixedDerivatives(along: v)
      // A walker's part of vᵀ(H_Q - H_Q')v: 2 (O_c v)(K_c v) - Σ_i (M_i v)².
      let parts = o.indices.map { w in
        2 * o[w] * k[w] - (0..<particles).reduce(0) { $0 + m[w * particles + $1] * m[w * particles + $1] }
      }
      let statistics = SampleStatistics(independent: parts)
      scores.append(statistics.mean / statistics.standardError)
      let forms = estimators.map { QuasiHessian($0).forms([v], sample)[0, 0] }
      #expect(
        forms[0] - forms[1] ≈ statistics.mean
          ± (1e-9 * abs(statistics.mean) + 1e-9 * norm(v) * norm(v) * n.squareRoot()))
      // Not for lack of precision: the part that is compared is many error bars in size.
      #expect(dot(m, m) / n > 8 * statistics.standardError)
    }
    // Four normal numbers, correlated: 1e-4 each beyond 3.9; 5 leaves room for the tails of K.
    #expect(scores.allSatisfy { abs($0) < 5 })
  }
}
