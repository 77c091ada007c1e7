import Ch00Lanes
import Ch04DeterminantAnsatz

/// A ψ that is a formula: ln|ψ| of 32 walkers.
struct Formula: WaveFunction {
  let particles: Int
  let logarithm: @Sendable (ArraySlice<Lanes32>) -> Lanes32

  func makeWorkspace() {}
  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    sign = Lanes32(repeating: 1)
    logMagnitude = logarithm(Array(positions[start..<(start + particles)])[...])
  }

  /// |ψ|² is the standard normal distribution of one particle, from which walks start.
  static let normal = Formula(particles: 1) { x in -0.25 * (x[0] * x[0]) }

  /// The normal distribution up to `edge`, and beyond it what ψ is there.
  static func normal(beyond edge: Double, logarithm: Double) -> Formula {
    Formula(particles: 1) { x in
      x[0].map { x in (-0.25 * x * x).replacing(with: logarithm, where: x .> Lanes(repeating: edge)) }
    }
  }
}
