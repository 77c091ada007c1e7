import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch15OtherAnsatze
import TestSupport
import Testing

/// A small network, and walkers about the trap.
private func example(
  _ particles: Int, _ activation: Activation = .tanh, walkers: Int = 3
) -> (psi: AntisymmetrizedNetwork, walkers: Walkers) {
  var random = SplitMix64(seed: 7)
  return (
    AntisymmetrizedNetwork(particles: particles, hidden: 4, activation: activation, seed: 3),
    Walkers(random.uniform(-1.5...1.5, count: walkers * particles), particles: particles)
  )
}

@Suite("15.1 A network made antisymmetric") struct Antisymmetrized {
  typealias Psi = AntisymmetrizedNetwork

  private func reference<S: DifferentiableScalar>(_ psi: Psi, _ parameters: [S], _ x: [S]) -> S {
    Psi.referenceLogPsi(psi, parameters: parameters, positions: x).logMagnitude
  }
  private func localEnergyWithoutPotential<S: DifferentiableScalar>(_ psi: Psi, _ parameters: [S], _ x: [S]) -> S {
    let laplacian = laplacian(of: { reference(psi, parameters.map { Dual(constant: Dual(constant: $0)) }, $0) }, at: x)
    let slopes = gradientForward(of: { reference(psi, parameters.map { Dual(constant: $0) }, $0) }, at: x)
    return S(-0.5) * slopes.reduce(laplacian) { $0 + $1 * $1 }
  }

  // Rounding of 1e-16 over what cancellation leaves, at these walkers more than 1e-4: below 1e-9 of the largest entry.
  @Test(
    "ln|ψ| and its derivatives in the coordinates are those of the definition",
    arguments: [1, 2, 3, 4], [Activation.tanh, .sine, .exponential])
  func jets(particles n: Int, activation: Activation) {
    let (psi, walkers) = example(n, activation)
    let found = psi.evaluate(walkers)
    for walker in 0..<walkers.count {
      let x = walkers[walker]
      let (sign, logPsi) = Psi.referenceLogPsi(psi, parameters: psi.parameters, positions: x)
      #expect(found.sign[walker] == sign)
      #expect(found.logPsi[walker] ≈ logPsi ± 1e-9)
      let slopes = gradientForward(of: { reference(psi, psi.parameters.map { Dual(constant: $0) }, $0) }, at: x)
      #expect(Array(found.gradient[(walker * n)..<((walker + 1) * n)]) ≈ slopes.within(relative: 1e-9))
      let curvature = laplacian(
        of: { reference(psi, psi.parameters.map { Dual(constant: Dual(constant: $0)) }, $0) }, at: x)
      #expect(found.laplacian[walker] ≈ curvature.within(relative: 1e-9))
    }
  }

  // Steps of 1e-4 leave out 1e-8 of third derivatives of order 10, and rounding adds 1e-15/1e-8.
  @Test(
    "first derivatives and Laplacian are those of finite differences",
    arguments: [Activation.tanh, .sine, .exponential])
  func differences(activation: Activation) {
    let (psi, walkers) = example(2, activation, walkers: 1)
    let (x, h) = (walkers[0], 1e-4)
    func value(_ change: [Double]) -> Double { reference(psi, psi.parameters, zip(x, change).map { $0 + $1 }) }
    let found = psi.evaluate(walkers)
    let (right, left) = ([value([h, 0]), value([0, h])], [value([-h, 0]), value([0, -h])])
    #expect(found.gradient ≈ zip(right, left).map { ($0 - $1) / (2 * h) } ± 1e-5)
    let curvature = zip(right, left).reduce(0) { $0 + $1.0 + $1.1 - 2 * value([0, 0]) } / (h * h)
    #expect(found.laplacian[0] ≈ curvature ± 1e-4)
  }

  @Test("O, M and K along a direction are those of the definition", arguments: [1, 2, 3], [Activation.tanh, .sine])
  func parameters(particles n: Int, activation: Activation) {
    let (psi, walkers) = example(n, activation, walkers: 2)
    var random = SplitMix64(seed: 3)
    let v = random.uniform(-1...1, count: psi.parameterCount)
    let derivatives = ParameterDerivatives(of: psi, at: walkers, order: .laplacian)
    let (o, m, k) = (
      derivatives.logDerivatives(along: v), derivatives.mixedDerivatives(along: v),
      derivatives.energyDerivatives(along: v)
    )
    for walker in 0..<walkers.count {
      let x = walkers[walker]
      let along = zip(psi.parameters, v).map { Dual($0, tangent: $1) }
      #expect(o[walker] ≈ reference(psi, along, x.map { Dual(constant: $0) }).tangent.within(relative: 1e-8))
      let slopes = gradientForward(
        of: { reference(psi, along.map { Dual(constant: $0) }, $0) }, at: x.map { Dual(constant: $0) })
      #expect(Array(m[(walker * n)..<((walker + 1) * n)]) ≈ slopes.map(\.tangent).within(relative: 1e-8))
      let energy = localEnergyWithoutPotential(psi, along, x.map { Dual(constant: $0) })
      #expect(k[walker] ≈ energy.tangent.within(relative: 1e-8))
    }
  }

  // Sums of at most 200 products: 1e-12 of the largest number.
  @Test("lower orders give the same O and M, and products with the transposes belong to them")
  func transposes() {
    let (psi, walkers) = example(3, walkers: 5)
    let derivatives = ParameterDerivatives(of: psi, at: walkers, order: .gradient)
    let count = psi.parameterCount
    func unit(_ p: Int) -> [Double] { (0..<count).map { $0 == p ? 1 : 0 } }
    let columns = (0..<count).map { derivatives.mixedDerivatives(along: unit($0)) }
    var random = SplitMix64(seed: 5)
    let u = random.uniform(-1...1, count: walkers.count * psi.particles)
    #expect(derivatives.mixedDerivatives(weighted: u) ≈ columns.map { dot($0, u) }.within(relative: 1e-12))
    #expect(derivatives.mixedSquares() ≈ columns.map { dot($0, $0) }.within(relative: 1e-12))
    let values = ParameterDerivatives(of: psi, at: walkers, order: .value)
    let all = ParameterDerivatives(of: psi, at: walkers, order: .laplacian)
    for p in 0..<count {
      #expect(values.logDerivatives(along: unit(p)) ≈ derivatives.logDerivatives(along: unit(p)) ± 1e-12)
      #expect(all.mixedDerivatives(along: unit(p)) ≈ columns[p].within(relative: 1e-12))
    }
  }

  @Test(
    "an exponential's antisymmetric part is a determinant: Σ_h a_h e^b_h det e^(w_hi x_j)", arguments: [2, 3, 4, 5])
  func exponential(particles n: Int) {
    let (psi, walkers) = example(n, .exponential)
    let (found, left) = (psi.evaluate(walkers, order: .value), psi.cancellations(at: walkers))
    let p = psi.parameters
    for walker in 0..<walkers.count {
      let x = walkers[walker]
      var sum = 0.0
      for h in 0..<4 {
        let matrix = (0..<n).map { i in (0..<n).map { j in Double.exp(p[h * n + i] * x[j]) } }
        sum += p[4 * (n + 1) + h] * Double.exp(p[4 * n + h]) * determinant(of: matrix)
      }
      // w² = ½.
      let envelope = Double.exp(-0.5 * dot(x, x) - 0.5 * Double.logFactorial(n))
      // A rounding of some 1e-16 of the terms is one of 1e-16/left of ψ.
      #expect(found.psi[walker] ≈ (sum * envelope).within(relative: 1e-13 / left[walker]))
    }
  }

  // det of a complex matrix by Leibniz's formula for A = 2: e^{i(w_1 x_1 + w_2 x_2)} - e^{i(w_1 x_2 + w_2 x_1)}, by the product of sines.
  @Test(
    "with a sine for σ the sum at A = 2 is 2 cos(b + s(x_1 + x_2)/2) sin(d (x_1 - x_2)/2), s and d sum and difference of its weights"
  )
  func sine() {
    let parameters = [0.9, -0.4, 0.3, 1.0, 0.5.squareRoot()]
    let psi = Psi(particles: 2, hidden: 1, activation: .sine, parameters: parameters)
    let x = [0.7, -0.2]
    let expected =
      2.0.squareRoot() * Double.cos(0.3 + 0.25 * (x[0] + x[1])) * Double.sin(0.65 * (x[0] - x[1]))
      * Double.exp(-0.5 * dot(x, x))
    #expect(psi.evaluate(Walkers([x]), order: .value).psi[0] ≈ expected.within(relative: 1e-13))
  }

  // ∫(e^{ax+by} - e^{bx+ay})² e^{-x²-y²}/2 = π (e^{a²+b²} - e^{(a+b)²/2}). A grid of step 0.2 is exact for a Gaussian.
  @Test("its norm at A = 2, by quadrature, is that of two Gaussians")
  func norm() {
    let (a, b, h) = (0.8, -0.5, 0.2)
    let psi = Psi(
      particles: 2, hidden: 1, activation: .exponential, parameters: [a, b, 0, 1, 0.5.squareRoot()])
    let line = (-40...40).map { h * Double($0) }
    let walkers = Walkers(line.flatMap { x in line.map { [x, $0] } })
    let sum = psi.evaluate(walkers, order: .value).logPsi.reduce(0) { $0 + h * h * Double.exp(2 * $1) }
    let expected = Double.pi * (Double.exp(a * a + b * b) - Double.exp(0.5 * (a + b) * (a + b)))
    #expect(sum ≈ expected.within(relative: 1e-12))
  }

  // Four standard errors of 512 × 30 energies: a false alarm in ten thousand.
  @Test("the sampled energy at A = 2 is that of a quadrature")
  func energy() throws {
    let psi = Psi(particles: 2, hidden: 8, scale: 1, seed: 1)
    let pair = TrappedFermions(particles: 2, strength: 10)
    let h = 0.15
    // Off the diagonal, where ψ = 0.
    let walkers = Walkers(
      (-50...50).flatMap { i in (-50...50).map { [h * Double(i), h * (Double($0) + 0.5)] } })
    let density = psi.evaluate(walkers, order: .value).logPsi.map { Double.exp(2 * $0) }
    let local = pair.localEnergies(of: psi, at: walkers).total
    let exact = dot(density, local) / density.reduce(0, +)
    let walk = MetropolisWalk(walkers: 512, particles: 2, seed: 1)
    var run = VariationalMonteCarlo(pair, psi, walk, Adam(learningRate: 1e-3), threads: 2)
    let found = try run.evaluate(batches: 30)
    #expect(found.energy ≈ exact ± (4 * found.error))
    #expect(found.error < 0.05)
  }

  @Test("exchanging two particles, or two places of the network, changes the sign of ψ and nothing else")
  func exchanges() {
    let (psi, walkers) = example(3, walkers: 1)
    let x = walkers[0]
    let found = psi.evaluate(Walkers([x, [x[1], x[0], x[2]], [x[1], x[2], x[0]]]))
    #expect(found.sign[1] == -found.sign[0] && found.sign[2] == found.sign[0])
    #expect(found.logPsi ≈ [Double](repeating: found.logPsi[0], count: 3) ± 1e-12)
    let other = psi.reordered([2, 1, 0]).evaluate(walkers)
    #expect(other.sign[0] == -found.sign[0])
    #expect(other.logPsi[0] ≈ found.logPsi[0] ± 1e-12)
    #expect(other.laplacian[0] ≈ found.laplacian[0].within(relative: 1e-10))
  }

  @Test("without weights nothing is left: sign 0 and -∞; one particle is the network itself")
  func degenerate() {
    var parameters = [Double](repeating: 0, count: 9)
    parameters[8] = 0.7
    let empty = Psi(particles: 2, hidden: 2, parameters: parameters)
    let found = empty.evaluate(Walkers([0.3, -0.4], particles: 2), order: .value)
    #expect(found.sign == [0] && found.logPsi == [-.infinity])
    let one = Psi(particles: 1, hidden: 1, parameters: [2, 0.1, 3, 0.5])
    let value = 3 * Double.tanh(2 * 0.3 + 0.1) * Double.exp(-0.25 * 0.09)
    #expect(one.evaluate(Walkers([0.3], particles: 1), order: .value).psi[0] ≈ value ± 1e-14)
    #expect(one.cancellations(at: Walkers([0.3], particles: 1)) == [1])
  }
}

@Suite("15.2 The sign problem") struct SignProblem {
  @Test("what is left is |Σ sgn f| over Σ |f|, by two terms written out")
  func twoParticles() {
    let psi = AntisymmetrizedNetwork(particles: 2, hidden: 1, parameters: [0.9, -0.4, 0.3, 1.5, 0.7])
    let (f, g) = (Double.tanh(0.9 * 0.7 + 0.4 * 0.2 + 0.3), Double.tanh(-0.9 * 0.2 - 0.4 * 0.7 + 0.3))
    let left = psi.cancellations(at: Walkers([0.7, -0.2], particles: 2))
    #expect(left[0] ≈ (abs(f - g) / (abs(f) + abs(g))) ± 1e-14)
  }

  @Test("a smooth network over a small range keeps a power of it, that of Vandermonde's product", arguments: [2, 3, 4])
  func vandermonde(particles n: Int) {
    // f = e^u: the lowest antisymmetric polynomial has the degree A (A - 1)/2.
    let degree = Double(n * (n - 1) / 2)
    let left = [0.1, 0.05].map { scale in
      let weights = (0..<n).map { 0.4 * Double($0) }
      let psi = AntisymmetrizedNetwork(
        particles: n, hidden: 1, activation: .exponential, parameters: weights + [0, 1, 0.7])
      return psi.cancellations(at: Walkers((0..<n).map { scale * (Double($0) - 0.3) }, particles: n))[0]
    }
    // The next terms are of relative size scale² Σw²Σx²; half of the range, a power of 2 to a tenth of the exponent.
    #expect(Double.log(left[0] / left[1]) / Double.log(2) ≈ degree ± (0.1 * degree))
  }
}
