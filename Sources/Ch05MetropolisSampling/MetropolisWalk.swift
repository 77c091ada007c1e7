import Ch00Lanes
import Ch04DeterminantAnsatz

/// Many walkers, each a Markov chain with |ψ|² as its stationary distribution, or another power of |ψ|.
///
///     var walk = MetropolisWalk(walkers: 4096, particles: 2, seed: 1)
///     walk.sweep(psi, count: 400, adaptingWidth: true, threads: 2)   // forget the start
///     walk.sweep(psi, count: 20, threads: 2)                         // the next sample
///
/// A sweep moves all particles of a walker by independent normal numbers times the width, and accepts the move with
/// probability min(1, |ψ(X')|²/|ψ(X)|²), or with |ψ|^p in the place of |ψ|² (`power`). Numbers come from ``Philox``, keyed by walker and sweep: the walk is the same
/// bit for bit on any number of threads, and after any stop and resume.
///
/// ln|ψ| of the present positions is computed afresh whenever `sweep` is called. It is never kept from one call to the
/// next, so that it cannot be that of an older ψ.
///
/// Most moves are clear cases: seven digits of ln|ψ| decide them as sixteen would, in half of the time. A sweep asks
/// for `singlePrecisionLogPsi` first, where ψ has it, and for `logPsi` only if a decision could depend on it
/// (`ScreeningErrorBound`, with a margin of 32). So the walk is the one that double precision alone would lead, bit for
/// bit.
public struct MetropolisWalk: Sendable {
  /// Where the walkers are now, in oscillator lengths.
  public private(set) var walkers: Walkers
  /// The standard deviation of a proposed move, in oscillator lengths.
  public var width: ProposalWidth
  /// Sweeps done so far: the place in the stream of random numbers.
  public private(set) var sweeps: UInt64
  /// Fraction of moves accepted in the last call of `sweep` that made any, 0 … 1; 0 before the first.
  public private(set) var acceptance: Double
  /// p: walkers follow |ψ|^p, p in `powers`. With p = 2 an average over them is one of quantum mechanics; with less, walkers
  /// go to where ψ is small more often, and an average needs the weights |ψ|^(2-p).
  public var power = 2.0 {
    didSet { precondition(Self.powers.contains(power), "walkers follow |ψ|^p with p in \(Self.powers), got \(power)") }
  }
  /// What `power` may be. Far below 1 a walk spreads to where weights are next to nothing.
  public static let powers = 0.1...2.0
  /// The key of all random numbers.
  public let seed: UInt64

  /// Walkers from independent normal distributions, a particle's with variance ℓ². The free ground state of A fermions
  /// has A/2, so that sweeps have to spread many of them: the first hundreds are not for averages. No walkers, or other
  /// than 1 … 510 particles, stop the program.
  ///
  /// - Parameters:
  ///   - count: walkers.
  ///   - particles: of each.
  ///   - seed: key of the random numbers.
  ///   - length: ℓ, how large the trap is (`Hamiltonian.length`).
  ///   - width: of the proposal at the first sweep; nil for ℓ.
  public init(walkers count: Int, particles: Int, seed: UInt64, length: Double = 1, width: ProposalWidth? = nil) {
    precondition(count > 0, "at least one walker is needed, got \(count)")
    precondition(particles > 0, "at least one particle is needed, got \(particles)")
    let random = Philox(key: seed)
    var positions = [Double](repeating: 0, count: count * particles)
    for first in stride(from: 0, to: count, by: Lanes32.count) {
      for i in 0..<particles {
        let stream = Philox.stream(.start, sweep: UInt64(i / 2), draw: 0)
        let pair = random.normalPairs(first: UInt64(first), stream: stream)
        let normals = i % 2 == 0 ? pair.0 : pair.1
        for walker in first..<min(first + Lanes32.count, count) {
          positions[walker * particles + i] = length * normals[walker - first]
        }
      }
    }
    self.init(positions: positions, particles: particles, width: width ?? ProposalWidth(length), seed: seed)
  }

  /// A walk that goes on from where another one stood.
  ///
  /// - Parameters:
  ///   - positions: row-major [walkers × particles], in oscillator lengths; another count stops the program.
  ///   - particles: 1 … 510, for which random numbers are keyed.
  ///   - width: of the proposal at the next sweep.
  ///   - sweeps: those done already, the place in the stream of random numbers.
  ///   - power: p of |ψ|^p, in `powers`; another one stops the program.
  ///   - seed: key of the random numbers.
  public init(
    positions: [Double], particles: Int, width: ProposalWidth = ProposalWidth(), sweeps: UInt64 = 0, power: Double = 2,
    seed: UInt64
  ) {
    precondition(Self.powers.contains(power), "walkers follow |ψ|^p with p in \(Self.powers), got \(power)")
    precondition(particles <= 510, "random numbers are keyed for at most 510 particles, got \(particles)")
    walkers = Walkers(positions, particles: particles)
    self.width = width
    self.sweeps = sweeps
    self.seed = seed
    self.power = power
    acceptance = 0
  }

  /// Moves every walker `count` times.
  ///
  /// - Parameters:
  ///   - psi: the wave function as it is now; another number of particles stops the program.
  ///   - count: sweeps; nothing is done for 0.
  ///   - adaptingWidth: whether the width is adapted to 50 % acceptance afterwards. Not for final evaluations.
  ///   - screening: whether clear cases are decided in single precision (`singlePrecisionLogPsi`). Changes the time and
  ///     nothing else.
  ///   - threads: fewer than 1 count as 1; the bits of the walk do not depend on it.
  /// - Complexity: `count` + 1 evaluations of ψ a walker; with screening `count` + 1 in single precision, one in double, and one or
  ///   two more in double precision for each sweep of a tile that the first leave undecided. Memory is allocated once a call, not once a sweep.
  public mutating func sweep<Function: WaveFunction>(
    _ psi: Function, count: Int, adaptingWidth: Bool = false, screening: Bool = true, threads: Int = 1
  ) {
    precondition(psi.particles == walkers.particles, "ψ has \(psi.particles) particles, walkers \(walkers.particles)")
    guard count > 0 else { return }
    let empty = ContiguousArray(repeating: Lanes32.zero, count: walkers.particles)
    var scratch = (0..<max(1, threads)).map { _ in SweepScratch(function: psi.makeWorkspace(), proposal: empty) }
    let (random, width, start) = (Philox(key: seed), width.value, sweeps)
    // ln u < p (ln|ψ'| - ln|ψ|) is (2/p) ln u < 2 (ln|ψ'| - ln|ψ|).
    let scale = 2 / power
    let screens = screening && psi.hasSinglePrecisionValues
    walkers.parallelForEachBatch(workspaces: &scratch) { _, batch, scratch in
      for tile in 0..<batch.tiles {
        let at = tile * psi.particles
        let first = UInt64(batch.first + tile * Lanes32.count)
        var (sign, old, new) = (Lanes32.zero, Lanes32.zero, Lanes32.zero)
        var moves = Lanes32.zero
        psi.logPsi(batch.positions, at: at, sign: &sign, logMagnitude: &old, workspace: &scratch.function)
        var bound = ScreeningErrorBound()
        var usesSinglePrecision = screens
        if usesSinglePrecision {
          psi.singlePrecisionLogPsi(
            batch.positions, at: at, logMagnitude: &new, conditionNumber: &bound.conditionNumber,
            workspace: &scratch.function)
          bound.measure(single: new, double: old)
        }
        for sweep in start..<(start + UInt64(count)) {
          propose(
            from: batch.positions, at: at, width: width, random, first: first, sweep: sweep, into: &scratch.proposal)
          let uniform = random.uniforms(first: first, stream: Philox.stream(.sweep, sweep: sweep, draw: 255))
          let threshold = uniform.map { scale * Lanes.log($0) }
          if usesSinglePrecision {
            psi.singlePrecisionLogPsi(
              scratch.proposal, at: 0, logMagnitude: &new, conditionNumber: &bound.conditionNumber,
              workspace: &scratch.function)
          }
          if !usesSinglePrecision || bound.needsDoublePrecision(threshold: threshold, old: old, new: new) {
            if !bound.presentIsInDoublePrecision {
              psi.logPsi(batch.positions, at: at, sign: &sign, logMagnitude: &old, workspace: &scratch.function)
            }
            psi.logPsi(scratch.proposal, at: 0, sign: &sign, logMagnitude: &new, workspace: &scratch.function)
            bound.valuesAreInDoublePrecision()
            usesSinglePrecision = usesSinglePrecision && bound.isWorthwhile
          }
          accept(
            scratch.proposal, new, threshold: threshold, into: &batch.positions, at: at, &old, moves: &moves,
            bound: &bound)
        }
        scratch.accepted += Int(moves.keeping(first: batch.count(inTile: tile)).laneSum)
      }
    }
    sweeps += UInt64(count)
    acceptance = Double(scratch.reduce(0) { $0 + $1.accepted }) / Double(walkers.count * count)
    if adaptingWidth { self.width.adapt(acceptance: acceptance) }
  }
}

extension MetropolisWalk {
  /// f at every walker, `times` times with `sweeps` sweeps before each: what averages and error bars are made of.
  ///
  /// For walkers of |ψ|², which count alike; another `power` stops the program.
  ///
  /// - Parameters:
  ///   - psi: the wave function that is sampled.
  ///   - times: at least 1.
  ///   - sweeps: before each measurement.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - f: a function of one configuration, [particles], in oscillator lengths; it must be finite.
  /// - Returns: statistics of times · walkers values, in units of f.
  public mutating func measure<Function: WaveFunction>(
    _ psi: Function, times: Int, sweeps: Int = 1, threads: Int = 1, _ f: ([Double]) -> Double
  ) -> SampleStatistics {
    precondition(power == 2, "walkers of |ψ|^\(power) do not count alike: set the walk's power to 2, and let it forget")
    var values: [Double] = []
    for _ in 0..<times {
      sweep(psi, count: sweeps, threads: threads)
      for walker in 0..<walkers.count { values.append(f(walkers[walker])) }
    }
    return SampleStatistics(values, walkers: walkers.count)
  }
}

/// Scratch memory of one thread.
private struct SweepScratch<Workspace: Sendable>: Sendable {
  var function: Workspace
  var proposal: ContiguousArray<Lanes32>
  var accepted = 0
}

/// X' = X + width · normal numbers, for the 32 walkers of a tile.
@inline(never)
private func propose(
  from positions: ContiguousArray<Lanes32>, at start: Int, width: Double, _ random: Philox, first: UInt64,
  sweep: UInt64, into proposal: inout ContiguousArray<Lanes32>
) {
  let particles = proposal.count
  var i = 0
  while i < particles {
    // A draw for two particles; the decision's uniform number is draw 255.
    let (x, y) = random.normalPairs(first: first, stream: Philox.stream(.sweep, sweep: sweep, draw: UInt64(i / 2)))
    proposal[i] = positions[start + i]
    proposal[i].addProduct(width, x)
    if i + 1 < particles {
      proposal[i + 1] = positions[start + i + 1]
      proposal[i + 1].addProduct(width, y)
    }
    i += 2
  }
}

/// Metropolis' decision: X ← X' where ln u < p (ln|ψ'| - ln|ψ|). A NaN is refused.
///
/// - Parameter threshold: (2/p) ln u.
@inline(never)
private func accept(
  _ proposal: ContiguousArray<Lanes32>, _ new: Lanes32, threshold: Lanes32,
  into positions: inout ContiguousArray<Lanes32>, at start: Int, _ old: inout Lanes32, moves: inout Lanes32,
  bound: inout ScreeningErrorBound
) {
  let a = threshold.a .< 2 * (new.a - old.a)
  let b = threshold.b .< 2 * (new.b - old.b)
  let c = threshold.c .< 2 * (new.c - old.c)
  let d = threshold.d .< 2 * (new.d - old.d)
  func replace(_ x: inout Lanes32, with y: Lanes32) {
    x.a.replace(with: y.a, where: a)
    x.b.replace(with: y.b, where: b)
    x.c.replace(with: y.c, where: c)
    x.d.replace(with: y.d, where: d)
  }
  for i in proposal.indices { replace(&positions[start + i], with: proposal[i]) }
  replace(&old, with: new)
  replace(&bound.presentError, with: bound.proposedError)
  replace(&moves, with: 1 + moves)
}
