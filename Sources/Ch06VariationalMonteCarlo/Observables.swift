import Ch03TrappedFermions
import Ch05MetropolisSampling

/// What a wave function says of its particles: energy, size, densities, each with an error bar.
///
///     let found = try run.measure(batches: 50)
///     print(found.energy.energy, found.rmsRadius, found.density.values(), found.occupationNumbers.values)
///
/// All of them are means over the same walkers at the same times. Walkers are independent chains: error bars are the
/// spread of the walkers' own means (densities: of the means of groups of walkers) over the square root of their
/// number.
public struct Observables: Sendable, Equatable {
  /// E and its error, in ħω.
  public let energy: FinalEnergy
  /// Σ_i x_i²/A over walkers and times, in squared oscillator lengths.
  public let meanSquare: SampleStatistics
  /// n(x), [bins], in inverse oscillator lengths.
  public let density: OneBodyDensity
  /// n(x, x'), [bins/2, bins/2], in inverse squared oscillator lengths.
  public let pairDensity: PairDensity
  /// ρ(x, x'), [points, points], in inverse oscillator lengths.
  public let densityMatrix: OneBodyDensityMatrix
  /// λ_k, [points].
  public let occupationNumbers: OccupationNumbers

  /// What came before.
  public let equilibration: Equilibration

  /// √(⟨Σ_i x_i²⟩/A) in oscillator lengths.
  public var rmsRadius: Double { meanSquare.mean.squareRoot() }
  /// Standard error of `rmsRadius`, from that of its square, in oscillator lengths.
  public var rmsRadiusError: Double { meanSquare.standardError / (2 * rmsRadius) }
}

extension VariationalMonteCarlo {
  /// Observables of ψ as it stands.
  ///
  /// First the walkers forget where they stood (`equilibrate`), and it is seen how far they go: densities are counted in a box
  /// a quarter wider and half an oscillator length more at each end, even about 0 where 0 lies inside. Then the width is
  /// frozen, and everything is that of `evaluate`. ψ stays; the walkers and their width move on.
  ///
  /// - Parameters:
  ///   - batches: times at which the walkers are measured, at least 1; like the next two, fewer stop the program.
  ///   - bins: of the one-body density, at least 2; the pair density has half as many a side.
  ///   - points: of the density matrix, a side, at least 2.
  ///   - report: called after each batch with its number.
  /// - Throws: `NumericalFailure` where a number is not finite.
  /// - Complexity: as much as (points + 13 + A) · batches + 350 sweeps and three windows of `equilibrate` or more, most of it for the
  ///   density matrix.
  public mutating func measure(
    batches: Int = RunLength.batches, bins: Int = 100, points: Int = 64, report: (_ batch: Int) -> Void = { _ in }
  ) throws(NumericalFailure) -> Observables {
    precondition(bins > 1 && points > 1, "\(bins) bins and \(points) points resolve nothing")
    let equilibration = try equilibrate()
    var reach = Reach()
    for _ in 1...15 {
      walk.sweep(ansatz, count: 10, adaptingWidth: true, threads: threads)
      reach.add(walk.walkers)
    }
    let box = reach.box
    let spacing = (box.upperBound - box.lowerBound) / Double(points - 1)

    var density = OneBodyDensity(Bins(box, count: bins), walkers: walk.walkers)
    var pairDensity = PairDensity(Bins(box, count: bins / 2), walkers: walk.walkers)
    var densityMatrix = OneBodyDensityMatrix(
      LineGrid(from: box.lowerBound, to: box.upperBound, spacing: spacing, anchor: box.lowerBound),
      walkers: walk.walkers)
    var squares: [Double] = []
    let (psi, particles, threads) = (ansatz, ansatz.particles, threads)
    let energy = try evaluate(batches: batches, equilibration: 200) { batch, walkers in
      density.add(walkers)
      pairDensity.add(walkers)
      densityMatrix.add(psi, at: walkers, threads: threads)
      let x = walkers.positions
      squares += (0..<walkers.count).map { walker in
        x[(walker * particles)..<((walker + 1) * particles)].reduce(0) { $0 + $1 * $1 } / Double(particles)
      }
      report(batch)
    }
    let occupationNumbers = densityMatrix.occupationNumbers(threads: threads)
    guard occupationNumbers.eigenvalues.allSatisfy(\.isFinite) else {
      throw NumericalFailure(step: step, description: "ψ is not a number somewhere in \(box)")
    }
    return Observables(
      energy: energy, meanSquare: SampleStatistics(squares, walkers: walk.walkers.count), density: density,
      pairDensity: pairDensity, densityMatrix: densityMatrix, occupationNumbers: occupationNumbers,
      equilibration: equilibration)
  }
}
