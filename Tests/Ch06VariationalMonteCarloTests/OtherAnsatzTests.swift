import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

/// ψ = exp(-(w x)²), one particle and one parameter: a wave function of another make than the book's.
private struct Gaussian: TrainableWaveFunction {
  var parameters: [Double]
  let particles = 1
  let parameterGroups = [
    ParameterGroup(
      role: .layer(0), layout: WeightLayout(inputs: 1, outputs: 1, hasBias: false, sharing: .particle), start: 0)
  ]
  var tensors: [NamedTensor] { [NamedTensor("width", [1, 1], parameters)] }

  /// x as a jet, and -2 w x as a jet.
  struct Workspace: Sendable {
    var x: JetTile
    var z: JetTile
  }
  typealias ReverseWorkspace = Workspace

  func makeWorkspace() -> Workspace { makeWorkspace(order: .value) }
  func makeWorkspace(order: JetOrder) -> Workspace {
    let tile = JetTile(particles: 1, features: 1, coordinates: 1, order: order)
    return Workspace(x: tile, z: tile)
  }
  func makeReverseWorkspace(order: JetOrder) -> Workspace { makeWorkspace(order: order) }

  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Workspace
  ) {
    var jet = ContiguousArray([Lanes32.zero])
    logPsiJet(positions, at: start, sign: &sign, jet: &jet, workspace: &workspace)
    logMagnitude = jet[0]
  }

  // ℓ = -w²x²: ℓ' = -2w²x, ℓ'' = -2w².
  func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    workspace: inout Workspace
  ) {
    let (x, square) = (positions[start], parameters[0] * parameters[0])
    sign = Lanes32(repeating: 1)
    jet[0] = -square * (x * x)
    if jet.count > 1 { jet[1] = (-2 * square) * x }
    if jet.count > 2 { jet[2] = Lanes32(repeating: -2 * square) }
  }

  // With z = w x, ∂ℓ/∂w = (∂ℓ/∂z) x, and the sensitivity is -2 z.
  func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    into factors: inout [ParameterFactors], workspace w: inout Workspace
  ) {
    logPsiJet(positions, at: tile, sign: &sign, jet: &jet, workspace: &w)
    w.x.setCoordinates(positions, at: tile)
    for component in 0..<w.x.components { w.z[0, component, 0] = (-2 * parameters[0]) * w.x[0, component, 0] }
    factors[0].record(tile: tile, activities: w.x, sensitivities: w.z)
  }
}

/// A trap of another frequency ω, as a Hamiltonian of its own.
private struct Oscillator: Hamiltonian {
  let particles = 1
  let frequency: Double
  func potentialEnergy(_ positions: Span<Lanes32>) -> (trap: Lanes32, interaction: Lanes32) {
    ((0.5 * frequency * frequency) * (positions[0] * positions[0]), .zero)
  }
}

@Suite("6.12 Another ψ, another Hamiltonian") struct OtherAnsatz {
  // Far from the ground state, one walker's E_L differs: E = w²/2 + ω²/(8w²) has its minimum ω/2 at w² = ω/2.
  @Test("a Gaussian finds the ground state of an oscillator by the book's loop", arguments: [1.0, 3.0])
  func gaussian(frequency: Double) throws {
    var run = VariationalMonteCarlo(
      Oscillator(frequency: frequency), Gaussian(parameters: [0.5]),
      MetropolisWalk(walkers: 300, particles: 1, seed: 1),
      Adam(learningRate: 0.03), sweeps: 10)
    for _ in 0..<150 { _ = try run.advance() }
    let final = try run.evaluate(batches: 5)
    // 150 steps of 0.03 that shrink with the gradient leave w to 1e-2, and E to its square.
    #expect(run.ansatz.parameters[0] * run.ansatz.parameters[0] ≈ (frequency / 2) ± (0.02 * frequency))
    #expect(final.energy ≈ (frequency / 2) ± 2e-3)
  }

  @Test("its gradient is that of E = w²/2 + ω²/(8w²), on walkers that stand for equal parts of |ψ|²")
  func gradient() throws {
    let (w, omega) = (0.8, 1.0)
    // Quantiles of a normal distribution with variance 1/(4w²), by its own integral.
    let sigma = 1 / (2 * w)
    var (x, sum) = ([Double](), 0.0)
    let (points, h) = (2000, 1e-4)
    var position = -8 * sigma
    for k in 0..<points {
      let target = (Double(k) + 0.5) / Double(points)
      while sum < target {
        sum += h * Double.exp(-0.5 * position * position / (sigma * sigma)) / (sigma * (2 * Double.pi).squareRoot())
        position += h
      }
      x.append(position)
    }
    let sample = Sample(
      Oscillator(frequency: omega), Gaussian(parameters: [w]), at: Walkers(x, particles: 1), order: .value,
      clipping: false)
    // The midpoint rule loses the outermost parts of 1/4000, where x⁴ is some hundred times its mean.
    #expect(sample.energies.mean ≈ (w * w / 2 + omega * omega / (8 * w * w)) ± 2e-3)
    #expect(sample.gradient[0] ≈ (w - omega * omega / (4 * w * w * w)) ± 1e-2)
  }
}
