import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import TestSamples
import TestSupport
import Testing

@Suite("12.1 The decision metric") struct DecisionMetrics {
  static let tiny = ["tiny_a2", "tiny_a3_d2"]

  @Test("the product with a probe is that of an independent implementation", arguments: tiny)
  func golden(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample(order: .gradient)
    let product = DecisionMetric().product(try #require(golden.probe), sample)
    let expected = try #require(golden.decisionMetricTimesProbe)
    #expect(product ≈ expected.within(relative: 1e-8))
  }

  @Test("products, forms, diagonal and blocks are those of the dense matrix, made of independent rows", arguments: tiny)
  func dense(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample(order: .gradient)
    let rows = try #require(golden.mixedDerivatives)
    let dense = 1 / Double(rows.count) * columnGram(Matrix(rows.flatMap { $0 }))
    // M near a node loses digits: 1e-8 of the largest.
    let scale = 1e-8 * dense.largestMagnitude
    #expect(Array(DecisionMetric().matrix(sample).elements) ≈ Array(dense.elements) ± scale)
    #expect(DecisionMetric().diagonal(sample) ≈ dense.diagonal ± scale)
    var random = SplitMix64(seed: 1)
    let vectors = (0..<2).map { _ in random.uniform(-1...1, count: dense.rows) }
    let forms = DecisionMetric().forms(vectors, sample)
    for i in 0..<2 {
      for j in 0..<2 {
        let expected = dot(vectors[i], DecisionMetric().product(vectors[j], sample))
        #expect(forms[i, j] ≈ expected ± (1e-11 * forms.largestMagnitude))
      }
    }
    for (index, group) in sample.parameterGroups.enumerated() {
      let product = DecisionMetric().product(vectors[0], group: index, sample)
      let expected = dense.block(rows: group.range, columns: group.range) * Array(vectors[0][group.range])
      #expect(Array(product[group.range]) ≈ expected ± (scale * norm(vectors[0])))
      #expect(product.indices.allSatisfy { group.range.contains($0) || product[$0] == 0 })
    }
  }

  @Test("it is symmetric, and has no negative eigenvalue", arguments: [1, 33])
  func positive(walkers: Int) throws {
    let sample = try pretrainedSample(hidden: 4, walkers: walkers, order: .gradient, steps: 50)
    let matrix = DecisionMetric().matrix(sample)
    let values = SymmetricEigen(matrix).values
    let rounding = 1e-12 * values[values.count - 1]
    #expect(Array(matrix.elements) ≈ Array(matrix.transposed().elements) ± rounding)
    #expect(values[0] > -rounding)
    // A row for each coordinate of each walker.
    #expect(values.count { $0 > rounding } <= 2 * walkers)
  }

  @Test(
    "the diagonal is right for any number of walkers, in full tiles and in parts of one", arguments: [1, 31, 33, 130])
  func diagonals(walkers: Int) throws {
    let sample = try pretrainedSample(hidden: 4, walkers: walkers, order: .gradient, steps: 50)
    let diagonal = DecisionMetric().diagonal(sample)
    #expect(diagonal ≈ DecisionMetric().matrix(sample).diagonal.within(relative: 1e-11))
  }
}

@Suite("12.2 Decisional gradient descent") struct TalksStep {
  @Test("its direction solves (G_bb + λ) Δ_b = -g_b layer by layer, and its length is best by the whole G")
  func step() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .gradient)
    let lambda = 0.01
    var settings = DecisionalGradientDescent(["lambda": lambda])
    settings.solver = MinimumResidual(tolerance: 1e-11, iterationLimit: 3000)
    var optimizer = settings.optimizer
    let matrix = DecisionMetric().matrix(sample)
    var direction = sample.gradient.map { -$0 }
    for group in sample.parameterGroups {
      var part = matrix.block(rows: group.range, columns: group.range)
      for p in 0..<part.rows { part[p, p] += lambda }
      direction.replaceSubrange(group.range, with: try #require(Cholesky(part)).solve(Array(direction[group.range])))
    }
    // At the first step δ = α Δ, and ½ α² Δᵀ(G + λ)Δ + α gᵀΔ is lowest at:
    let curvature = dot(direction, matrix * direction) + lambda * dot(direction, direction)
    let alpha = -dot(sample.gradient, direction) / curvature
    // A residual of 1e-11, times the condition of the damped blocks: below 1e5.
    #expect(optimizer.update(sample).change ≈ direction.map { alpha * $0 }.within(relative: 1e-6))
  }
}

@Suite("12.3 The divergence of the local energy") struct Divergence {
  /// One fermion with two features; integrals are sums over x = -7 … 7, exact to rounding (chapter 9's tests say why).
  private let ansatz: DeterminantAnsatz
  private let line = Walkers((-70...70).map { 0.1 * Double($0) }, particles: 1)
  private let hamiltonian = TrappedFermions(particles: 1, strength: 0)

  init() throws {
    ansatz = DeterminantAnsatz(
      try AnsatzShape(particles: 1, hidden: 2, layers: 1),
      parameters: [0.5, -0.1, 0.2, 0.5, 0.1, -0.3, 0.3, -0.2, 1, 0.75])
  }

  /// |ψ|², with the sum 1.
  private var density: [Double] {
    let squares = ansatz.evaluate(line, order: .value).logPsi.map { Double.exp(2 * $0) }
    let sum = squares.reduce(0, +)
    return squares.map { $0 / sum }
  }

  /// E_θ[E_L,θ - E_L,θ+δ].
  private func divergence(_ v: [Double], _ epsilon: Double) -> Double {
    var moved = ansatz
    moved.move(by: v, factor: epsilon)
    let (here, there) = (
      hamiltonian.localEnergies(of: ansatz, at: line).total, hamiltonian.localEnergies(of: moved, at: line).total
    )
    return dot(density, zip(here, there).map { $0 - $1 })
  }

  @Test("to second order it is ½ δᵀGδ, and to first order nothing", arguments: [1, 2, 3, 4])
  func secondOrder(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let derivatives = ParameterDerivatives(of: ansatz, at: line, order: .gradient)
    let form = dot(density, derivatives.mixedDerivatives(along: v).map { $0 * $0 })
    // The third order is what is left, ε times numbers of order one, ten at most; both signs together leave the fourth,
    // ε² times a hundred at most.
    let epsilon = 1e-3
    let (ahead, back) = (divergence(v, epsilon), divergence(v, -epsilon))
    #expect(ahead / (0.5 * epsilon * epsilon * form) ≈ 1 ± 1e-2)
    #expect((ahead + back) / (epsilon * epsilon * form) ≈ 1 ± 1e-4)
  }

  @Test("it is ½ E[(∂ ln ψ - ∂ ln ψ')²], for steps of any length: never negative", arguments: [0.01, 0.3, -0.5])
  func exact(epsilon: Double) {
    var random = SplitMix64(seed: 5)
    let v = random.uniform(-1...1, count: ansatz.parameters.count).map { 0.5 * $0 }
    var moved = ansatz
    moved.move(by: v, factor: epsilon)
    let (here, there) = (
      ansatz.evaluate(line, order: .gradient).gradient, moved.evaluate(line, order: .gradient).gradient
    )
    let expected = 0.5 * dot(density, zip(here, there).map { ($0 - $1) * ($0 - $1) })
    #expect(expected > 0)
    #expect(divergence(v, epsilon) ≈ expected ± (1e-11 + 1e-9 * expected))
  }
}
