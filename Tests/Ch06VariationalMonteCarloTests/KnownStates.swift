import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport

extension DeterminantAnsatz {
  /// The ground state of one, two or three free fermions in the trap: exact for one, else but for terms of order ε² =
  /// 1e-6.
  ///
  /// Envelopes e^{-x²/2} and the columns 1, x, x²: constants come from biases, x from tanh(εx)/ε, x² from a second
  /// difference of tanh at c. The columns need not be the orbitals themselves, since a determinant does not mind mixed
  /// columns.
  static func freeFermions(_ particles: Int) throws -> DeterminantAnsatz {
    precondition((1...3).contains(particles), "1, 2 or 3 particles")
    let shape = try AnsatzShape(particles: particles, hidden: 4, layers: 1)
    let (step, c) = (1e-3, 0.6)
    var tensors = shape.tensors([Double](repeating: 0, count: shape.parameterCount))
    func set(_ k: Int, _ values: [Double]) { tensors[k] = NamedTensor(tensors[k].name, tensors[k].shape, values) }
    // Features tanh(εx), tanh(c + εx), tanh(c - εx), 0.
    set(0, [step, 0, step, 0, -step, 0, 0, 0])
    set(1, [0, c, c, 0])
    // tanh''(c) ε² x² + … = tanh(c + εx) + tanh(c - εx) - 2 tanh c.
    let t = Double.tanh(c)
    let curvature = -2 * t * (1 - t * t) * step * step
    let weights = [[0, 0, 0, 0], [1 / step, 0, 0, 0], [0, 1 / curvature, 1 / curvature, 0]]
    set(2, weights[..<particles].flatMap { $0 })
    set(3, Array([1, 0, -2 * t / curvature][..<particles]))
    set(4, [Double](repeating: 0.5.squareRoot(), count: particles))
    return try DeterminantAnsatz(tensors: tensors)
  }

  /// The same with every parameter moved by up to a fraction of the largest of its tensor: a state with some variance,
  /// and no nodes beyond x_i = x_j.
  func shaken(_ fraction: Double, seed: UInt64 = 1) -> DeterminantAnsatz {
    var random = SplitMix64(seed: seed)
    return DeterminantAnsatz(
      shape,
      parameters: tensors.flatMap { tensor in
        let largest = tensor.values.reduce(0) { max($0, abs($1)) }
        return tensor.values.map { $0 + fraction * largest * random.uniform(-1...1, count: 1)[0] }
      })
  }
}

/// A small network, pretrained for a moment: where the tests of whole runs begin.
func smallRun(
  particles: Int = 2, strength: Double = -20, walkers: Int = 200, optimizer: any Optimizer, threads: Int = 1,
  trap: any Potential = HarmonicTrap()
) throws -> VariationalMonteCarlo<DeterminantAnsatz> {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: particles, hidden: 6), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: particles, seed: 2)
  Pretraining(steps: 50).run(&ansatz, &walk)
  let hamiltonian = TrappedFermions(
    particles: particles, trap: trap, interaction: GaussianInteraction(strength: strength))
  return VariationalMonteCarlo(hamiltonian, ansatz, walk, optimizer, sweeps: 5, threads: threads)
}
