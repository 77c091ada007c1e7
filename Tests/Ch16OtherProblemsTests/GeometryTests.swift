import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch11ScoringRules
import Ch12DecisionalGradientDescent
import Ch16OtherProblems
import TestSamples
import TestSupport
import Testing

@Suite("16.5 Rules of a reader's own") struct OwnRules {
  let members = [[0.0, 1.0], [0.3, 1.1], [-0.7, 0.6], [1.5, 2.2]].map { Gaussians()($0) }
  let weighted = WeightedEnergyScore { 1 + $0 * $0 }

  @Test("the weighted energy score is proper, and its divergence ½ E[w (∂ℓ - ∂ℓ′)²]")
  func proper() throws {
    #expect(try #require(weighted.leastDivergence(among: members)).divergence > 0)
    let (p, q) = (members[1], members[2])
    let nodes = p.family.quadrature(resolving: [p.parameters, q.parameters])
    let expected = p.expectation(over: nodes) { x in
      let difference = 0.5 * (p.logDensityDerivatives(at: x).first - q.logDensityDerivatives(at: x).first)
      return 0.5 * (1 + x * x) * difference * difference
    }
    // Scores of order ten are subtracted before the average.
    #expect(weighted.divergence(p, q) ≈ expected.within(relative: 1e-10))
  }

  // With M = ∂_θ∂ℓ: 1/(2σ²) for the mean, z/σ² for the width, z = (x - μ)/σ.
  @Test("its metric for a Gaussian is that of integrals by hand, by the definition and from scores")
  func metric() {
    for p in members {
      let (mean, s) = (p.parameters[0], p.parameters[1])
      let s4 = s * s * s * s
      let center = 0.25 * (1 + mean * mean + s * s) / s4
      let cross = 0.5 * 2 * mean * s / s4
      let width = (1 + mean * mean + 3 * s * s) / s4
      let expected = [center, cross, cross, width]
      #expect(Array(weighted.metricFromDivergence(p).elements) ≈ expected.within(relative: 1e-9))
      #expect(Array(weighted.metric(p).elements) ≈ expected.within(relative: 1e-9))
    }
  }

  @Test("with w = 1 it is the energy score without a potential")
  func unweighted() {
    let flat = WeightedEnergyScore { _ in 1 }
    let p = members[1]
    for x in [-1.0, 0.2, 2] { #expect(flat.score(p)(x) ≈ EnergyScore().score(p)(x) ± 1e-13) }
  }

  @Test("a sum of rules has the sum of their metrics, and is proper")
  func sum() throws {
    let both = SumOfScores(1, EnergyScore(), 0.3, LogScore())
    #expect(try #require(both.leastDivergence(among: members)).divergence > 0)
    let p = members[2]
    let expected = EnergyScore().metric(p) + 0.3 * LogScore().metric(p)
    #expect(Array(both.metric(p).elements) ≈ Array(expected.elements).within(relative: 1e-12))
    #expect(Array(both.metricFromDivergence(p).elements) ≈ Array(expected.elements).within(relative: 1e-9))
  }
}

@Suite("16.6 Their metrics in variational Monte Carlo") struct OwnMetrics {
  @Test("Σ_i E[w(x_i) M_i M_iᵀ] is the dense matrix of independent rows", arguments: ["tiny_a2", "tiny_a3_d2"])
  func dense(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample(order: .gradient)
    let rows = try #require(golden.mixedDerivatives)
    var scaled: [[Double]] = []
    for (w, walker) in rows.enumerated() {
      for (i, row) in walker.enumerated() {
        let root = (1 + golden.x[w][i] * golden.x[w][i]).squareRoot()
        scaled.append(row.map { root * $0 })
      }
    }
    let dense = 1 / Double(rows.count) * columnGram(Matrix(scaled))
    let metric = WeightedDecisionMetric { 1 + $0 * $0 }.matrix(sample)
    // M near a node loses digits: 1e-8 of the largest.
    #expect(Array(metric.elements) ≈ Array(dense.elements) ± (1e-8 * dense.largestMagnitude))
  }

  @Test("w = 1 gives the decision metric, on weighted walkers too", arguments: [2.0, 1.0])
  func unweighted(power: Double) throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 70, order: .gradient, power: power, steps: 50)
    var random = SplitMix64(seed: 2)
    let v = random.uniform(-1...1, count: sample.gradient.count)
    let product = DecisionMetric().product(v, sample)
    #expect(WeightedDecisionMetric { _ in 1 }.product(v, sample) ≈ product.within(relative: 1e-11))
    let sum = WeightedDecisionMetric { _ in 1 } + 0.5 * FisherMetric()
    let expected = zip(product, FisherMetric().product(v, sample)).map { $0 + 0.5 * $1 }
    #expect(sum.product(v, sample) ≈ expected.within(relative: 1e-11))
  }

  @Test("two fermions are found with it, by chapter 7's step")
  func run() throws {
    let (ansatz, walk) = try pretrained(hidden: 12, walkers: 512)
    let metric = WeightedDecisionMetric { 1 + $0 * $0 }
    let optimizer = SecondOrder(
      name: "weighted",
      direction: MetricDirection(.whole(metric), prior: Prior(0.95), solver: MinimumResidual(tolerance: 1e-2)),
      damping: ExponentialDecay(from: 1, decay: 0.9, floor: 1e-2),
      length: MetricBound(0.1, in: metric, unit: .freeFermions))
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: 10), ansatz, walk, optimizer, sweeps: 10, threads: 2)
    for _ in 0..<30 { _ = try run.advance() }
    let final = try run.evaluate(batches: 5)
    // From chapter 3; free fermions' determinant, where the run begins, is 0.5 above it.
    #expect(final.energy ≈ 2.425619 ± 0.02)
  }
}

@Suite("16.7 Chapters 11 and 12 on one particle") struct OneParticle {
  // A network without a node: a constant of 3 in its orbital, against features of at most 1 each.
  static let network: DeterminantAnsatz = {
    let shape = (try? AnsatzShape(particles: 1, hidden: 2, layers: 1))!
    var network = DeterminantAnsatz(shape, seed: 3)
    let orbital = shape.groups[1]
    network.parameters[orbital.start + orbital.layout.biasStart] = 3
    return network
  }()
  let nodes = Quadrature.line(from: -7, to: 7, spacing: 0.2)

  @Test("the second derivative of a rule's divergence is chapter 12's G = Σ E[M Mᵀ] = ¼ E[∂_θ∂ ln p (∂_θ∂ ln p)ᵀ]")
  func held() {
    let p = OneParticleFamily(of: Self.network, nodes: nodes)(Self.network.parameters)
    // The nodes as walkers that count with |ψ|².
    let sample = Sample(
      TrappedFermions(particles: 1, strength: 0), Self.network, at: Walkers(nodes.nodes, particles: 1),
      order: .gradient, power: 0, clipping: false)
    let chapter12 = DecisionMetric().matrix(sample)
    let scale = chapter12.largestMagnitude
    // Squares on the same nodes: rounding. Second derivatives need an integration by parts besides, exact to e^-7².
    #expect(Array(EnergyScore().metric(p).elements) ≈ Array(chapter12.elements) ± (1e-11 * scale))
    #expect(Array(EnergyScore().metricFromDivergence(p).elements) ≈ Array(chapter12.elements) ± (1e-9 * scale))
    #expect(scale > 0.1)
    // The reader's rule and the reader's metric.
    let weighted = WeightedDecisionMetric { 1 + $0 * $0 }.matrix(sample)
    let rule = WeightedEnergyScore { 1 + $0 * $0 }
    #expect(
      Array(rule.metricFromDivergence(p).elements) ≈ Array(weighted.elements) ± (1e-9 * weighted.largestMagnitude))
  }

  // Integrals on the same nodes, and integrations by parts: exact to e^-7².
  @Test("the energy score's ∇h is chapter 6's energy gradient, and the logarithm's metric chapter 7's F")
  func gradients() {
    let p = OneParticleFamily(of: Self.network, nodes: nodes)(Self.network.parameters)
    let sample = Sample(
      TrappedFermions(particles: 1, strength: 0), Self.network, at: Walkers(nodes.nodes, particles: 1),
      order: .gradient, power: 0, clipping: false)
    let score = EnergyScore { 0.5 * $0 * $0 }
    let scale = norm(sample.gradient)
    #expect(score.objectiveGradient(p) ≈ sample.gradient ± (1e-9 * scale))
    #expect(score.objectiveGradientFromScores(p) ≈ sample.gradient ± (1e-9 * scale))
    #expect(scale > 0.1)
    let fisher = FisherMetric().matrix(sample)
    #expect(Array(LogScore().metric(p).elements) ≈ Array(fisher.elements) ± (1e-11 * fisher.largestMagnitude))
  }

  @Test("the metric is the second difference of the divergence, to the digits that differences have")
  func differences() {
    let family = OneParticleFamily(of: Self.network, nodes: nodes)
    let p = family(Self.network.parameters)
    var random = SplitMix64(seed: 2)
    let v = random.uniform(-1...1, count: family.parameterCount)
    let sample = Sample(
      TrappedFermions(particles: 1, strength: 0), Self.network, at: Walkers(nodes.nodes, particles: 1),
      order: .gradient, power: 0, clipping: false)
    func divergence(_ h: Double) -> Double {
      EnergyScore().divergence(p, family(zip(Self.network.parameters, v).map { $0 + h * $1 }))
    }
    let h = 1e-3
    let expected = dot(v, DecisionMetric().product(v, sample))
    #expect(((divergence(h) + divergence(-h)) / (h * h)) ≈ expected.within(relative: 1e-4))
  }
}
