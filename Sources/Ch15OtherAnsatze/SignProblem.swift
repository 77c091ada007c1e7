import Ch00Lanes
import Ch04DeterminantAnsatz

extension AntisymmetrizedNetwork {
  /// What cancellation leaves of the sum over permutations, a number a walker.
  ///
  ///     |Σ_π sgn(π) f(x_π)| / Σ_π |f(x_π)|
  ///
  /// 1 for one particle. Terms of independent signs would leave about 1/√A!. Each term has a relative error of 10⁻¹⁶, so
  /// that where r is left ψ has one of up to 10⁻¹⁶/r: -log₁₀ r digits may be lost. Independent errors average, and lose
  /// ½ log₁₀ A! fewer.
  ///
  /// - Parameter walkers: configurations, in oscillator lengths.
  /// - Returns: shape [walkers], 0 … 1; NaN where all terms vanish.
  /// - Complexity: A! evaluations of the network.
  /// - Precondition: the walkers have the particles of ψ.
  public func cancellations(at walkers: Walkers) -> [Double] {
    precondition(walkers.particles == particles, "walkers have \(walkers.particles) particles, ψ has \(particles)")
    var left: [Double] = []
    for batch in walkers.batches {
      for tile in 0..<batch.tiles {
        var (signed, unsigned) = (Lanes32.zero, Lanes32.zero)
        for p in 0..<permutations.count {
          var f = Lanes32.zero
          for h in 0..<hidden {
            f.addProduct(output(h), activation.value(argument(h, p, batch.positions, at: tile * particles)))
          }
          signed.addProduct(permutations.signs[p], f)
          unsigned += f.map { $0.magnitude }
        }
        let ratio = signed.map { $0.magnitude } / unsigned
        for lane in 0..<batch.count(inTile: tile) { left.append(ratio[lane]) }
      }
    }
    return left
  }
}
