import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import TestSamples

/// One particle and a small network, with points at equal distances for walkers: they are a sample of |ψ|⁰, and their weights
/// |ψ|² make every mean an integral by the trapezoidal rule, which is exact to rounding for what falls off at both ends.
func quadratureSample(
  strength: Double = 0, points: Int = 257, order: JetOrder = .laplacian, seed: UInt64 = 4, shaken: Double = 0.15
) throws -> Sample {
  var (ansatz, _) = try pretrained(particles: 1, hidden: 3, walkers: 64, seed: seed, steps: 60)
  // Away from the ground state, or all that is interesting vanishes.
  ansatz.parameters = ansatz.parameters.enumerated().map { $1 + shaken * Double(($0 * 7 + 3) % 11 - 5) / 5 }
  let x = (0..<points).map { i -> Double in -7 + 14 * Double(i) / Double(points - 1) }
  return Sample(
    TrappedFermions(particles: 1, strength: strength), ansatz, at: Walkers(x, particles: 1), order: order, power: 0,
    clipping: false)
}

extension Sample {
  /// O minus its mean, times √(w/n): one row a walker.
  var centredRows: Matrix {
    let parameters = gradient.count
    let columns = (0..<parameters).map { p -> [Double] in
      var unit = [Double](repeating: 0, count: parameters)
      unit[p] = 1
      return centred(derivatives.logDerivatives(along: unit))
    }
    let roots = (weights ?? walkers.batches.flatMap { [Double](repeating: 1, count: $0.count) })
      .map { ($0 / Double(walkers.count)).squareRoot() }
    return Matrix(rows: walkers.count, columns: parameters) { roots[$0] * columns[$1][$0] }
  }
}

func largest(_ matrix: Matrix) -> Double { matrix.elements.reduce(0) { max($0, abs($1)) } }
