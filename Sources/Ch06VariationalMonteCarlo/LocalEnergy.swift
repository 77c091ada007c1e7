import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// The local energy of each walker, and what it is made of.
///
///     E_L = (Hψ)/ψ = -½ Σ_i [∂_i²ℓ + (∂_i ℓ)²] + Σ_i u(x_i) + Σ_{i<j} v(x_i - x_j),       ℓ = ln|ψ|
///
/// Its mean over |ψ|² is the energy; where ψ is an eigenstate it is the same number at every walker. Energies in ħω.
public struct LocalEnergies: Sendable, Equatable {
  /// -½ Σ_i [∂_i²ℓ + (∂_i ℓ)²], shape [walkers], in ħω.
  public var kinetic: [Double] = []
  /// Σ_i u(x_i), shape [walkers], in ħω.
  public var trap: [Double] = []
  /// Σ_{i<j} v(x_i - x_j), shape [walkers], in ħω.
  public var interaction: [Double] = []
  /// E_L, shape [walkers], in ħω.
  public var total: [Double] = []
  /// sign ψ, one a walker: 1, -1, or 0 at a node.
  public var sign: [Double] = []
  /// The smaller part of the walkers by the sign of ψ relative to the order of their particles, 0 … ½: see
  /// `wrongSignFraction`.
  public var wrongSignFraction = 0.0

  /// Ē, the mean of E_L over the walkers, in ħω; NaN without walkers.
  public var mean: Double { WeightedMean(total).mean }
  /// Variance of E_L over the walkers, in (ħω)²: 0 for an eigenstate, and for one walker.
  public var variance: Double { WeightedMean(total).variance }
  /// Standard error of the mean of independent walkers: √(variance / walkers), in ħω; infinite for one walker.
  public var standardError: Double { WeightedMean(total).error }
}

extension Hamiltonian {
  /// E_L at many walkers, in their order, in ħω. Where ψ = 0 it is not finite; this function does not throw.
  ///
  /// - Parameters:
  ///   - psi: the wave function.
  ///   - walkers: configurations, in oscillator lengths.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  /// - Precondition: the Hamiltonian, ψ and the walkers have the same number of particles.
  ///
  /// - Complexity: 2 + A forward passes a walker.
  public func localEnergies<Psi: TrainableWaveFunction>(
    of psi: Psi, at walkers: Walkers, threads: Int = 1
  ) -> LocalEnergies {
    precondition(
      psi.particles == particles && walkers.particles == particles,
      "the Hamiltonian has \(particles) particles, ψ \(psi.particles), walkers \(walkers.particles)")
    var parts = walkers.batches.map { (batch: $0, energies: LocalEnergies()) }
    let n = particles
    let jet = ContiguousArray(repeating: Lanes32.zero, count: JetOrder.laplacian.components(coordinates: n))
    var scratch = (0..<max(1, min(threads, parts.count))).map { _ in
      (workspace: psi.makeWorkspace(order: .laplacian), jet: jet)
    }
    parallelForEach(&parts, workspaces: &scratch) { _, part, scratch in
      for tile in 0..<part.batch.tiles {
        var sign = Lanes32.zero
        psi.logPsiJet(
          part.batch.positions, at: tile * n, sign: &sign, jet: &scratch.jet, workspace: &scratch.workspace)
        var kinetic = scratch.jet[n + 1]
        for i in 1...n { kinetic.addProduct(scratch.jet[i], scratch.jet[i]) }
        kinetic = -0.5 * kinetic
        let potential = potentialEnergy(part.batch.positions.span.extracting((tile * n)..<((tile + 1) * n)))
        let total = kinetic + potential.trap + potential.interaction
        let counted = part.batch.count(inTile: tile)
        part.energies.kinetic.append(counted, of: kinetic)
        part.energies.trap.append(counted, of: potential.trap)
        part.energies.interaction.append(counted, of: potential.interaction)
        part.energies.total.append(counted, of: total)
        part.energies.sign.append(counted, of: sign)
      }
    }
    let sign = parts.flatMap(\.energies.sign)
    return LocalEnergies(
      kinetic: parts.flatMap(\.energies.kinetic), trap: parts.flatMap(\.energies.trap),
      interaction: parts.flatMap(\.energies.interaction), total: parts.flatMap(\.energies.total), sign: sign,
      wrongSignFraction: Ch06VariationalMonteCarlo.wrongSignFraction(
        sign: sign, positions: walkers.positions, particles: n))
  }
}

extension [Double] {
  /// Appends the first `count` walkers of a tile.
  fileprivate mutating func append(_ count: Int, of lanes: Lanes32) {
    // Unsafe: 32 numbers of a register row as a sequence, without an array between; `prefix` ends at the 32nd at the
    // latest.
    Swift.withUnsafeBytes(of: lanes) { bytes in append(contentsOf: bytes.bindMemory(to: Double.self).prefix(count)) }
  }
}

/// The smaller part of the walkers by their sign, relative to the order of their particles.
///
/// An antisymmetric ψ without spurious nodes, whose only nodes are x_i = x_j, has one sign for each ordering of the
/// particles: then this is 0. A network that was just made has more nodes, and walkers on both sides of them.
///
/// - Parameters:
///   - sign: sign ψ, one a walker.
///   - positions: row-major [walkers × particles], in oscillator lengths.
///   - particles: of each walker.
/// - Returns: a fraction, 0 … ½; 0 without walkers. A sign of 0 counts as negative.
/// - Complexity: O(walkers · particles²).
public func wrongSignFraction(sign: [Double], positions: [Double], particles: Int) -> Double {
  guard !sign.isEmpty else { return 0 }
  var positive = 0
  for walker in sign.indices {
    let x = positions[(walker * particles)..<((walker + 1) * particles)]
    var odd = false
    for i in x.indices { for j in x.startIndex..<i where x[j] > x[i] { odd.toggle() } }
    if (sign[walker] > 0) != odd { positive += 1 }
  }
  return Double(min(positive, sign.count - positive)) / Double(sign.count)
}
