import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSamples
import TestSupport
import Testing

// Tolerance: 1e-9 of the largest value compared. Close to a node the kinetic energy is a small difference of large
// numbers: there a walker loses digits in proportion to the condition κ of its determinants.
@Suite("4.5 Reference values") struct ReferenceValues {
  @Test(
    "sign, ln|ψ|, its gradient and its Laplacian are those of an independent implementation", arguments: Golden.names)
  func values(name: String) throws {
    let golden = try Golden.load(name)
    let values = try golden.ansatz.evaluate(golden.walkers)
    #expect(values.sign == golden.sign)
    #expect(values.logPsi ≈ golden.logPsi.within(relative: 1e-11))
    #expect(values.gradient ≈ golden.gradient.flatMap { $0 }.within(relative: 1e-9))
    #expect(values.laplacian ≈ golden.laplacian.within(relative: 1e-9))
    let kinetic = golden.x.indices.map { walker in
      let gradient = values.gradient[(walker * golden.particles)..<((walker + 1) * golden.particles)]
      return -0.5 * (values.laplacian[walker] + gradient.reduce(0) { $0 + $1 * $1 })
    }
    for walker in golden.x.indices {
      #expect(kinetic[walker] ≈ golden.kinetic[walker].within(relative: try golden.tolerance(walker: walker)))
    }
  }

  @Test("a pass for values alone gives the same ln|ψ| as one with derivatives", arguments: Golden.names)
  func valuesAlone(name: String) throws {
    let golden = try Golden.load(name)
    let values = try golden.ansatz.evaluate(golden.walkers, order: .value)
    #expect(values.sign == golden.sign)
    #expect(values.logPsi ≈ golden.logPsi.within(relative: 1e-11))
    #expect(values.gradient.isEmpty)
  }

  @Test("the definition, a number at a time, is what the batched path computes", arguments: Golden.names)
  func definition(name: String) throws {
    let golden = try Golden.load(name)
    let ansatz = try golden.ansatz
    for (walker, x) in golden.x.enumerated() {
      let (sign, logPsi) = DeterminantAnsatz.referenceLogPsi(ansatz.shape, parameters: ansatz.parameters, positions: x)
      #expect(sign == golden.sign[walker])
      #expect(logPsi ≈ golden.logPsi[walker] ± 1e-10)
    }
  }

  @Test("O, M and K hold the derivatives of an independent implementation", arguments: ["tiny_a2", "tiny_a3_d2"])
  func parameterDerivatives(name: String) throws {
    let golden = try Golden.load(name)
    let ansatz = try golden.ansatz
    let derivatives = ParameterDerivatives(of: ansatz, at: golden.walkers, order: .laplacian)
    let (walkers, particles) = (golden.x.count, golden.particles)
    for walker in 0..<walkers {
      var one = [Double](repeating: 0, count: walkers)
      one[walker] = 1
      #expect(derivatives.logDerivatives(weighted: one) ≈ golden.logDerivatives![walker].within(relative: 1e-9))
      // Third derivatives: one more power of 1/ψ for rounding to grow with.
      let tolerance = 10 * (try golden.tolerance(walker: walker))
      #expect(
        derivatives.energyDerivatives(weighted: one) ≈ golden.energyDerivatives![walker].within(relative: tolerance))
      for i in 0..<particles {
        var coordinate = [Double](repeating: 0, count: walkers * particles)
        coordinate[walker * particles + i] = 1
        #expect(
          derivatives.mixedDerivatives(weighted: coordinate)
            ≈ golden.mixedDerivatives![walker][i].within(relative: 1e-9))
      }
    }
    // Along the probe: the same numbers, contracted from the other side.
    let probe = golden.probe!
    func dot(_ x: [Double]) -> Double { zip(x, probe).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(derivatives.logDerivatives(along: probe) ≈ golden.logDerivatives!.map(dot).within(relative: 1e-9))
    #expect(
      derivatives.mixedDerivatives(along: probe)
        ≈ golden.mixedDerivatives!.flatMap { $0.map(dot) }.within(relative: 1e-9))
    #expect(derivatives.energyDerivatives(along: probe) ≈ golden.energyDerivatives!.map(dot).within(relative: 1e-9))
  }

  @Test("the decision metric times a probe, in one pass over the factors", arguments: ["tiny_a2", "tiny_a3_d2"])
  func decisionMetric(name: String) throws {
    let golden = try Golden.load(name)
    let derivatives = ParameterDerivatives(of: try golden.ansatz, at: golden.walkers, order: .gradient, threads: 2)
    let product = derivatives.mixedGram(golden.probe!).map { $0 / Double(golden.x.count) }
    #expect(product ≈ golden.decisionMetricTimesProbe!.within(relative: 1e-9))
    // With O's rows too: OᵀO of the same probe, from the golden rows.
    let o = golden.logDerivatives!
    let weights = o.map { row in zip(row, golden.probe!).reduce(0) { $0 + $1.0 * $1.1 } }
    let values = o[0].indices.map { p in zip(o, weights).reduce(0) { $0 + $1.0[p] * $1.1 } / Double(golden.x.count) }
    let both = derivatives.gram(golden.probe!, valueWeight: 2.5).map { $0 / Double(golden.x.count) }
    #expect(both ≈ zip(golden.decisionMetricTimesProbe!, values).map { $0 + 2.5 * $1 }.within(relative: 1e-9))
  }
}
