import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch14ExcitedStates
import TestSupport
import Testing

/// K small networks, and walkers about the trap.
private func example(
  states: Int, particles: Int = 2, determinants: Int = 1, layers: Int = 2, walkers: Int = 3
) throws -> (psi: ExcitedStates<DeterminantAnsatz>, walkers: Walkers) {
  let shape = try AnsatzShape(particles: particles, hidden: 4, layers: layers, determinants: determinants)
  var random = SplitMix64(seed: 7)
  return (
    ExcitedStates((0..<states).map { DeterminantAnsatz(shape, seed: UInt64($0) + 1) }),
    Walkers(random.uniform(-1.5...1.5, count: walkers * states * particles), particles: states * particles)
  )
}

@Suite("14.1 K states as one wave function") struct States {
  typealias Psi = ExcitedStates<DeterminantAnsatz>

  private func reference<S: DifferentiableScalar>(_ psi: Psi, _ parameters: [S], _ x: [S]) -> S {
    Psi.referenceLogPsi(psi.states.map(\.shape), parameters: parameters, positions: x).logMagnitude
  }
  private func localEnergyWithoutPotential<S: DifferentiableScalar>(_ psi: Psi, _ parameters: [S], _ x: [S]) -> S {
    let laplacian = laplacian(of: { reference(psi, parameters.map { Dual(constant: Dual(constant: $0)) }, $0) }, at: x)
    let slopes = gradientForward(of: { reference(psi, parameters.map { Dual(constant: $0) }, $0) }, at: x)
    return S(-0.5) * slopes.reduce(laplacian) { $0 + $1 * $1 }
  }

  // Rounding of 1e-16, times the condition of small matrices and of weights that cancel: below 1e-9 of the largest entry.
  @Test(
    "ln|Ψ| and its derivatives in all coordinates are those of the definition",
    arguments: [(2, 2, 1), (3, 2, 1), (2, 3, 1), (2, 2, 2), (1, 2, 1), (3, 1, 1)])
  func jets(states: Int, particles: Int, determinants: Int) throws {
    let (psi, walkers) = try example(states: states, particles: particles, determinants: determinants)
    let found = psi.evaluate(walkers)
    let n = psi.particles
    for walker in 0..<walkers.count {
      let x = walkers[walker]
      let (sign, logPsi) = Psi.referenceLogPsi(
        psi.states.map(\.shape), parameters: psi.parameters, positions: x)
      #expect(found.sign[walker] == sign)
      #expect(found.logPsi[walker] ≈ logPsi ± 1e-10)
      let slopes = gradientForward(
        of: { reference(psi, psi.parameters.map { Dual(constant: $0) }, $0) }, at: x)
      #expect(Array(found.gradient[(walker * n)..<((walker + 1) * n)]) ≈ slopes.within(relative: 1e-9))
      let curvature = laplacian(
        of: { reference(psi, psi.parameters.map { Dual(constant: Dual(constant: $0)) }, $0) }, at: x)
      #expect(found.laplacian[walker] ≈ curvature.within(relative: 1e-9))
    }
  }

  @Test(
    "O, M and K along a direction are those of the definition", arguments: [(2, 2, 1), (3, 2, 1), (2, 2, 2), (2, 3, 1)])
  func parameters(states: Int, particles: Int, determinants: Int) throws {
    let (psi, walkers) = try example(states: states, particles: particles, determinants: determinants, walkers: 2)
    var random = SplitMix64(seed: 3)
    let v = random.uniform(-1...1, count: psi.parameterCount)
    let derivatives = ParameterDerivatives(of: psi, at: walkers, order: .laplacian)
    let (o, m, k) = (
      derivatives.logDerivatives(along: v), derivatives.mixedDerivatives(along: v),
      derivatives.energyDerivatives(along: v)
    )
    let n = psi.particles
    for walker in 0..<walkers.count {
      let x = walkers[walker]
      let along = zip(psi.parameters, v).map { Dual($0, tangent: $1) }
      #expect(o[walker] ≈ reference(psi, along, x.map { Dual(constant: $0) }).tangent.within(relative: 1e-9))
      let slopes = gradientForward(
        of: { reference(psi, along.map { Dual(constant: $0) }, $0) }, at: x.map { Dual(constant: $0) })
      #expect(Array(m[(walker * n)..<((walker + 1) * n)]) ≈ slopes.map(\.tangent).within(relative: 1e-9))
      let energy = localEnergyWithoutPotential(psi, along, x.map { Dual(constant: $0) })
      #expect(k[walker] ≈ energy.tangent.within(relative: 1e-9))
    }
  }

  // Sums of at most 200 products: 1e-12 of the largest number.
  @Test("products with the transposes, the diagonals and the moments belong to the same O and M")
  func transposes() throws {
    let (psi, walkers) = try example(states: 2, walkers: 5)
    let derivatives = ParameterDerivatives(of: psi, at: walkers, order: .gradient)
    let (count, n) = (psi.parameterCount, psi.particles)
    let columns = (0..<count).map { p in
      derivatives.mixedDerivatives(along: (0..<count).map { $0 == p ? 1 : 0 })
    }
    var random = SplitMix64(seed: 5)
    let u = random.uniform(-1...1, count: walkers.count * n)
    #expect(derivatives.mixedDerivatives(weighted: u) ≈ columns.map { dot($0, u) }.within(relative: 1e-12))
    #expect(derivatives.mixedSquares() ≈ columns.map { dot($0, $0) }.within(relative: 1e-12))
    let values = (0..<count).map { p in derivatives.logDerivatives(along: (0..<count).map { $0 == p ? 1 : 0 }) }
    #expect(derivatives.logSquares() ≈ values.map { dot($0, $0) }.within(relative: 1e-12))

    // The bias sees the sum of all sensitivities, and the first layer's activities are [x_i ; mean of the set ; 1].
    let w = Double(walkers.count)
    let layer = psi.parameterGroups[0]
    let biases = (layer.start + layer.layout.biasStart)..<layer.range.upperBound
    let sums = Matrix(rows: 4, columns: 4) { dot(values[biases.lowerBound + $0], values[biases.lowerBound + $1]) / w }
    let found = derivatives.moments(.reduce)[0].sensitivities
    #expect(Array(found.elements) ≈ Array(sums.elements).within(relative: 1e-12))
    let pairs = (0..<walkers.count).flatMap { walker -> [(Double, Double)] in
      let x = walkers[walker]
      return x.indices.map { (x[$0], (x[$0 / 2 * 2] + x[$0 / 2 * 2 + 1]) / 2) }
    }
    let activities = derivatives.moments(.expand)[0].activities
    #expect(activities[0, 0] ≈ (pairs.reduce(0) { $0 + $1.0 * $1.0 } / (4 * w)) ± 1e-12)
    #expect(activities[1, 1] ≈ (pairs.reduce(0) { $0 + $1.1 * $1.1 } / (4 * w)) ± 1e-12)
    #expect(activities[0, 1] ≈ (pairs.reduce(0) { $0 + $1.0 * $1.1 } / (4 * w)) ± 1e-12)
  }

  @Test("exchanging two sets, or two particles of one set, changes the sign of Ψ and nothing else")
  func exchanges() throws {
    let (psi, walkers) = try example(states: 2, walkers: 1)
    let x = walkers[0]
    let found = psi.evaluate(Walkers([x, [x[2], x[3], x[0], x[1]], [x[1], x[0], x[2], x[3]]]), order: .value)
    #expect(found.sign[1] == -found.sign[0] && found.sign[2] == -found.sign[0])
    #expect(found.logPsi ≈ [Double](repeating: found.logPsi[0], count: 3) ± 1e-12)
  }

  @Test("another basis of the same states multiplies Ψ by a constant, the determinant of the change of basis")
  func span() {
    let states = lowestOccupations(particles: 2, count: 3).map { OscillatorDeterminant($0) }
    let change: Matrix = [[1, 0.5, -0.2], [0.3, -1, 0.4], [0.1, 0.7, 2]]
    let mixed = ExcitedStates((0..<3).map { Mixture(states: states, weights: Array(change.row($0))) })
    var random = SplitMix64(seed: 2)
    let walkers = Walkers(random.uniform(-2...2, count: 6 * 20), particles: 6)
    let (one, two) = (values(ExcitedStates(states), walkers), values(mixed, walkers))
    // det of the change by hand: 1(-2 - 0.28) - 0.5(0.6 - 0.04) - 0.2(0.21 + 0.1) = -2.622.
    #expect(zip(two, one).map { $0 - $1 } ≈ [Double](repeating: Double.log(2.622), count: 20) ± 1e-11)
  }

  @Test("far out, where states are smaller than any double, derivatives of ln|Ψ| are finite")
  func farOut() throws {
    let (psi, _) = try example(states: 2)
    let walkers = Walkers([30, -28, -0.3, 0.4], particles: 4)
    let found = psi.evaluate(walkers)
    #expect(found.logPsi[0] < -745 && found.logPsi[0].isFinite)
    #expect(found.gradient.allSatisfy { $0.isFinite } && found.laplacian[0].isFinite)
    let derivatives = ParameterDerivatives(of: psi, at: walkers, order: .gradient)
    #expect(derivatives.mixedSquares().allSatisfy { $0.isFinite })
  }

  @Test("states come back from their tensors, and tensors of no state are refused by name")
  func tensors() throws {
    let (psi, _) = try example(states: 2)
    #expect(try Psi(tensors: psi.tensors.reversed()).parameters == psi.parameters)
    for (broken, message) in [
      (Array(psi.tensors.dropLast()), "states.1: tensor log_envelope.log_envs.0.weight [2, 1] is missing"),
      (psi.states[0].tensors, "tensor layers.0.fc.weight is of no state, states.0.layers.0.fc.weight is one"),
      (psi.tensors.filter { $0.name.hasPrefix("states.1") }, "1 states, and none is states.0"),
    ] {
      #expect(throws: AnsatzError.tensors(message)) { try Psi(tensors: broken) }
    }
  }

  private func values<State: WaveFunction>(_ psi: ExcitedStates<State>, _ walkers: Walkers) -> [Double] {
    (0..<walkers.count).map { walker in
      var workspace = psi.makeWorkspace()
      var (sign, value) = (Lanes32.zero, Lanes32.zero)
      let x = ContiguousArray(walkers[walker].map { Lanes32(repeating: $0) })
      psi.logPsi(x, at: 0, sign: &sign, logMagnitude: &value, workspace: &workspace)
      return value[0]
    }
  }
}

/// Σ_b w_b ψ_b.
private struct Mixture: WaveFunction {
  let states: [OscillatorDeterminant]
  let weights: [Double]
  var particles: Int { states[0].particles }
  func makeWorkspace() -> [OscillatorDeterminant.Workspace] { states.map { $0.makeWorkspace() } }
  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout [OscillatorDeterminant.Workspace]
  ) {
    var sum = Lanes32.zero
    for b in states.indices {
      states[b].logPsi(positions, at: start, sign: &sign, logMagnitude: &logMagnitude, workspace: &workspace[b])
      sum.addProduct(weights[b], sign * logMagnitude.map { Lanes.exp($0) })
    }
    sign = sum.map { Lanes(repeating: 1).withSign(of: $0) }
    logMagnitude = sum.map { Lanes.log($0.magnitude) }
  }
}
