import AppendixText
import NeuralQuantumStates

// What several solutions use: averages, and the functions that pages define.

/// "0.123 ± 0.004": an average and its error bar.
func estimate(_ s: SampleStatistics, _ digits: Int = 3) -> String {
  "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}

/// The mean of independent values with its error bar.
func estimate(_ values: [Double], _ digits: Int = 3) -> String {
  estimate(SampleStatistics(independent: values), digits)
}

func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

/// Page 1's -½ d²/dx² on n points between walls a distance `width` apart, and a potential.
func hamiltonian(points n: Int, width: Double, potential: (Double) -> Double = { _ in 0 }) -> Matrix {
  let h = width / Double(n + 1)
  return Matrix(rows: n, columns: n) { i, j in
    switch abs(i - j) {
    case 0: 1 / (h * h) + potential(Double(i + 1) * h - width / 2)
    case 1: -0.5 / (h * h)
    default: 0
    }
  }
}

/// Page 5's `FreePair` with a narrowness a: ψ = (x_1 - x_2) exp(-½ a (x_1² + x_2²)).
///
/// With R² = x_1² + x_2² its averages are known: aR² has the density u exp(-u), so that R² has mean 2/a and variance
/// 2/a². Without interaction E_L = 2a + ½(1 - a²) R² and E = a + 1/a.
struct ScaledPair: WaveFunction {
  let narrowness: Double
  let particles = 2

  func makeWorkspace() {}
  func logPsi(
    _ x: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    let (x1, x2) = (x[start], x[start + 1])
    let distance = x1 - x2
    sign = distance.map { Lanes(repeating: 1).withSign(of: $0) }
    logMagnitude = distance.map { Lanes.log($0.magnitude) } - (0.5 * narrowness) * (x1 * x1 + x2 * x2)
  }

  /// R² of so many independent walkers.
  func squares(walkers: Int, seed: UInt64 = 1) -> [Double] {
    var walk = MetropolisWalk(
      walkers: walkers, particles: 2, seed: seed, width: ProposalWidth(1 / narrowness.squareRoot()))
    walk.sweep(self, count: 300)
    return (0..<walkers).map { walker in
      let x = walk.walkers[walker]
      return x[0] * x[0] + x[1] * x[1]
    }
  }

  /// E_L without interaction, where R² is given.
  func localEnergy(_ square: Double) -> Double { 2 * narrowness + 0.5 * (1 - narrowness * narrowness) * square }
}

/// The strongly attracting pair of pages 6 to 12.
let pair = TrappedFermions(particles: 2, strength: -20)
/// Its energy, from chapter 3.
let exact = -2.4717559

/// A pretrained network for two particles, and walkers that follow it.
func pretrainedPair(walkers: Int, hidden: Int, seed: UInt64 = 1) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: seed)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: seed)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}

/// Page 13's `particle`.
func oneParticle(shaken: Double) throws -> Sample {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 12), seed: 2)
  let points = Walkers((0...400).map { -8 + 0.04 * Double($0) }, particles: 1)
  ansatz.fitOrbitals(at: points, ridge: 1e-8) { x, orbitals in oscillatorOrbitals(x, into: &orbitals) }
  ansatz.parameters = ansatz.parameters.enumerated().map { $1 * (1 + shaken * Double(($0 * 7 + 3) % 11 - 5)) }
  return Sample(
    TrappedFermions(particles: 1, strength: 0), ansatz, at: points, order: .gradient, power: 0, clipping: false)
}

/// Page 13's `modes`: what the error of ln p, or a change of it, has of each of the first four.
func modes(_ change: [Double], at x: [Double]) -> [Double] {
  let weights = x.map { Double.exp(-$0 * $0) / Double.pi.squareRoot() * (x[1] - x[0]) }
  return (1...4).map { k in
    zip(zip(x, weights), change).reduce(0) { sum, point in
      var (last, here) = (0.0, 1.0)
      for j in 0..<k { (last, here) = (here, 2.0.squareRoot() * point.0.0 * here - Double(j) * last) }
      return sum + point.0.1 * point.1 * here / Double.exp(0.5 * Double.logFactorial(k))
    }
  }
}

/// The error of ln p, mode by mode.
func errorOfModes(_ sample: Sample) -> [Double] {
  let x = sample.walkers.positions
  return modes(zip(sample.derivatives.evaluation.logPsi, x).map { 2 * $0 + $1 * $1 }, at: x)
}

/// Page 13's `left`: what a step leaves of each mode, to first order.
func leftOfModes(_ direction: [Double], rate: Double, _ sample: Sample) -> [Double] {
  let change = sample.derivatives.logDerivatives(along: direction).map { 2 * rate * $0 }
  return zip(errorOfModes(sample), modes(change, at: sample.walkers.positions)).map { 1 + $1 / $0 }
}
