import Ch00Lanes
import Ch04DeterminantAnsatz

/// The angle between ψ and a given φ, from walkers of |φ|², as a loss that no factor of ψ changes.
///
///     L = -ln cos²∠(ψ, φ),        cos² = ⟨φ|ψ⟩²/(⟨φ|φ⟩⟨ψ|ψ⟩) = E[s]²/E[s²],        s = ψ/φ        (1)
///     ∂_θ L = -2 E[(s/E[s] - s²/E[s²]) O]        (2)
///
/// The orbital loss of chapter 6 asks that each orbital be one of the trap's, with its norm. ψ depends only on the space that
/// the orbitals span. L compares that, needs no orbitals, and ignores a factor of ψ. The proposal of a scale-invariant
/// loss is that of Abrahamsen and others, arXiv:2303.11602, whose formula is not at hand; this one is derived on the chapter's
/// page from the property.
///
/// Walkers of |φ|² and not of |ψ|²: they are cheap, they stay where they are while ψ changes, and s and sO = ∂_θψ/φ are finite where ψ
/// has nodes of its own. What ψ does where φ is small they do not see.
public struct OverlapLoss: Sendable {
  /// cos²∠(ψ, φ), 0 … 1; never above 1, on any walkers.
  public let cosineSquared: Double
  /// ∂_θ L, shape [parameterCount].
  public let gradient: [Double]
  /// s/E[s], shape [walkers].
  public let ratios: [Double]
  /// O at the walkers.
  public let derivatives: ParameterDerivatives

  /// L, at least 0; infinite where the mean of s vanishes.
  public var loss: Double { -Double.log(cosineSquared) }

  /// Measures ψ against φ.
  ///
  /// - Parameters:
  ///   - psi: ψ.
  ///   - target: φ; a factor of it does not matter.
  ///   - walkers: a sample of |φ|², in oscillator lengths.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  /// - Precondition: ψ, φ and the walkers have the same number of particles.
  public init<Psi: TrainableWaveFunction, Target: WaveFunction>(
    of psi: Psi, with target: Target, at walkers: Walkers, threads: Int = 1
  ) {
    derivatives = ParameterDerivatives(of: psi, at: walkers, order: .value, threads: threads)
    let (s, count) = (logRatios(derivatives.evaluation, target, walkers), Double(walkers.count))
    let mean = s.reduce(0, +) / count
    let square = s.reduce(0) { $0 + $1 * $1 } / count
    cosineSquared = min(1, mean * mean / square)
    ratios = s.map { $0 / mean }
    gradient = derivatives.logDerivatives(weighted: s.map { -2 / count * ($0 / mean - $0 * $0 / square) })
  }
}

/// ψ/φ at the walkers, times a number that brings the largest to ±1.
private func logRatios<Target: WaveFunction>(
  _ psi: Evaluation, _ target: Target, _ walkers: Walkers
) -> [Double] {
  precondition(
    target.particles == walkers.particles, "φ has \(target.particles) particles, walkers \(walkers.particles)")
  var workspace = target.makeWorkspace()
  var (signs, logarithms): ([Double], [Double]) = ([], [])
  for batch in walkers.batches {
    for tile in 0..<batch.tiles {
      var (sign, value) = (Lanes32.zero, Lanes32.zero)
      target.logPsi(
        batch.positions, at: tile * walkers.particles, sign: &sign, logMagnitude: &value, workspace: &workspace)
      for lane in 0..<batch.count(inTile: tile) {
        signs.append(sign[lane])
        logarithms.append(value[lane])
      }
    }
  }
  let differences = zip(psi.logPsi, logarithms).map { $0 - $1 }
  let largest = differences.max() ?? 0
  return differences.indices.map { psi.sign[$0] * signs[$0] * Double.exp(differences[$0] - largest) }
}
