import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch16OtherProblems
import TestSupport
import Testing

@Suite("16.1 A network for points") struct Networks {
  // Rounding: 1e-14 or so; a wrong rule leaves 0.1.
  @Test(
    "the layer's reference, forward rule and pullback agree, with and without a residual", arguments: [false, true])
  func layer(residual: Bool) {
    let layer = TanhLayer(inputs: residual ? 5 : 3, outputs: 5, residual: residual)
    #expect(checkLayer(layer, particles: 3, seed: 1).worst < 1e-12)
  }

  @Test("value, slopes and Laplacian are those of the definition by dual numbers", arguments: [1, 2, 3])
  func jets(coordinates n: Int) {
    let network = PointNetwork(coordinates: n, hidden: 5, confinement: 0.3, seed: 4)
    var random = SplitMix64(seed: 1)
    let points = (0..<40).map { _ in random.uniform(-2...2, count: n) }
    let jets = network.evaluate(Walkers(points))
    for (w, x) in points.enumerated() {
      #expect(jets.logPsi[w] ≈ network.reference(network.parameters, x) ± 1e-12)
      let slopes = gradientForward(of: { y in network.reference(network.parameters.map { .init($0) }, y) }, at: x)
      #expect(Array(jets.gradient[(w * n)..<(w * n + n)]) ≈ slopes ± 1e-12)
      let second = laplacian(of: { y in network.reference(network.parameters.map { .init($0) }, y) }, at: x)
      #expect(jets.laplacian[w] ≈ second ± 1e-11)
    }
    #expect(jets.sign.allSatisfy { $0 == 1 })
  }

  @Test("O and M are those of a tape, K that of the local energy without a potential", arguments: [1, 2])
  func parameterDerivatives(coordinates n: Int) {
    let network = PointNetwork(coordinates: n, hidden: 4, confinement: 0.2, seed: 2)
    var random = SplitMix64(seed: 3)
    let points = (0..<5).map { _ in random.uniform(-1...1, count: n) }
    let record = ParameterDerivatives(of: network, at: Walkers(points), order: .laplacian)
    let x = points[3]
    var one = [Double](repeating: 0, count: 5)
    one[3] = 1
    let values = gradient(of: { p in network.reference(p, x.map { Adjoint(constant: $0) }) }, at: network.parameters)
    #expect(record.logDerivatives(weighted: one) ≈ values ± 1e-12)
    var (mixed, energies) = ([Double](repeating: 0, count: values.count), [Double](repeating: 0, count: values.count))
    for k in 0..<n {
      let seeded = x.indices.map {
        Adjoint(constant: Dual(Dual(x[$0], tangent: $0 == k ? 1 : 0), tangent: $0 == k ? 1 : 0))
      }
      let jets = gradient(
        of: { p in network.reference(p, seeded) }, at: network.parameters.map { Dual(constant: Dual(constant: $0)) })
      // E_L = -½ Σ_k (∂_k² f + (∂_k f)²).
      let slope = record.evaluation.gradient[3 * n + k]
      for p in mixed.indices {
        mixed[p] += jets[p].primal.tangent
        energies[p] -= 0.5 * jets[p].tangent.tangent + slope * jets[p].primal.tangent
      }
    }
    let all = (0..<(5 * n)).map { $0 / n == 3 ? 1.0 : 0 }
    #expect(record.mixedDerivatives(weighted: all) ≈ mixed ± 1e-11)
    #expect(record.energyDerivatives(weighted: one) ≈ energies ± 1e-11)
  }
}

@Suite("16.2 A known density") struct Mixtures {
  let truth = GaussianMixture([
    .init(share: 0.5, centre: [-1.5], width: 0.6), .init(share: 0.2, centre: [0.4], width: 0.3),
    .init(share: 0.3, centre: [1.8], width: 0.5),
  ])

  // 99.9 % of χ² with 19 degrees of freedom lie below 43.8; the seed is fixed.
  @Test("samples follow the density: χ² over twenty cells")
  func samples() {
    let count = 20_000
    let walkers = truth.samples(count, seed: 5)
    let (low, width) = (-3.0, 0.3)
    var seen = [Double](repeating: 0, count: 20)
    for x in walkers.positions { seen[min(max(Int((x - low) / width), 0), 19)] += 1 }
    let fine = (0...6000).map { -6 + 0.002 * Double($0) }
    var expected = [Double](repeating: 0, count: 20)
    for x in fine {
      expected[min(max(Int((x - low) / width), 0), 19)] += 0.002 * Double.exp(truth.logDensity(at: [x])) * Double(count)
    }
    #expect(expected.reduce(0, +) ≈ Double(count).within(relative: 1e-6))
    #expect(zip(seen, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 } < 43.8)
  }

  @Test("samples are a function of their seed, and a longer list begins with a shorter one")
  func seeds() {
    let (one, two) = (truth.samples(50, seed: 1).positions, truth.samples(80, seed: 1).positions)
    #expect(one == Array(two.prefix(50)))
    #expect(truth.samples(50, seed: 2).positions != one)
  }

  // ln ψ² = -2c x² is a Gaussian of variance 1/4c; against N(0, s²) both divergences have closed forms.
  @Test("the distances of a Gaussian from a Gaussian are those of the formulas")
  func distances() {
    let (c, s) = (0.4, 0.8)
    var network = PointNetwork(hidden: 3, confinement: c, seed: 1)
    network.parameters = network.parameters.map { _ in 0 }
    let ratio = s * s * 4 * c
    let error = DensityError(from: GaussianMixture([.init(share: 1, centre: [0], width: s)]), extent: 9, spacing: 0.05)
    #expect(error.kullbackLeibler(network) ≈ (0.5 * (ratio - 1 - Double.log(ratio))) ± 1e-12)
    let slope = 4 * c - 1 / (s * s)
    #expect(error.hyvarinen(network) ≈ (0.5 * slope * slope * s * s) ± 1e-12)
  }
}
