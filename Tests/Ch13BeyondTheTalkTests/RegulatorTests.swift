import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch13BeyondTheTalk
import TestSamples
import TestSupport
import Testing

@Suite("13.6 Regulators") struct RegulatorTests {
  @Test("a weight is damped by the mean square of its input: of x, of the particles' mean, of 1 for a bias")
  func layerOutputs() throws {
    let sample = try pretrainedSample(hidden: 6, walkers: 60, order: .value)
    let scale = LayerOutputScale().scale(sample)
    let (x, n) = (sample.walkers.positions, sample.walkers.particles)
    let own = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    let means = stride(from: 0, to: x.count, by: n).map { x[$0..<($0 + n)].reduce(0, +) / Double(n) }
    let ofMean = means.reduce(0) { $0 + $1 * $1 } / Double(means.count)
    // The first layer's inputs are x and the mean, two a row; then come the six biases.
    let first = sample.parameterGroups[0]
    for row in 0..<6 {
      #expect(scale[first.start + 2 * row] ≈ 1e-3 + own ± 1e-12)
      #expect(scale[first.start + 2 * row + 1] ≈ 1e-3 + ofMean ± 1e-12)
      #expect(scale[first.start + 12 + row] == 1)
    }
  }

  @Test("a long step uphill is halved to the last, a short one downhill stands")
  func backtracking() throws {
    let sample = try pretrainedSample(hidden: 6, walkers: 200, order: .value)
    func part(_ factor: Double) -> Double? {
      var (length, report) = (Backtracking(FixedLength(), halvings: 3), Diagnostics())
      let step = length.step(
        sample.gradient.map { factor * $0 }, previous: nil, sample, lambda: 0, report: &report)
      #expect(step.change == sample.gradient.map { (report[.backtracked] ?? 0) * factor * $0 })
      return report[.backtracked]
    }
    #expect(part(-1e-3) == 1)
    #expect(part(0.1) == 0.125)
  }

  @Test("no step changes the energy of its own walkers, one that leaves them behind has no finite change")
  func energyChange() throws {
    let sample = try pretrainedSample(hidden: 6, walkers: 60, order: .value)
    #expect(abs(Backtracking.energyChange(sample, sample.gradient, 0)) < 1e-12)
    #expect(Backtracking.energyChange(sample, sample.gradient, 1e3) == .infinity)
  }

  @Test("a damping by the gradient's norm needs no schedule, and knows how many walkers there are")
  func gradientNorm() throws {
    let sample = try pretrainedSample(walkers: 50, order: .value)
    let size = norm(sample.gradient)
    // Above the floor of 2 over 50 walkers, or the first line would show the floor alone.
    try #require(0.5 * size > 0.04)
    #expect(GradientNormDamping(0.5).lambda(sample) == 0.5 * size)
    #expect(GradientNormDamping(0.5, power: 0.5, noise: 0).lambda(sample) ≈ 0.5 * size.squareRoot() ± 1e-14)
    #expect(GradientNormDamping(1e-9, noise: 5).lambda(sample) == 0.1)
  }
}
