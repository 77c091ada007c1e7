import Ch00Lanes
import Ch02AutomaticDifferentiation

/// The three linear maps from parameter space that every optimiser of this book is made of, at a sample of walkers.
///
///     O = ∂_θ ℓ          M_i = ∂_θ ∂_i ℓ          K = ∂_θ E_L = -½ ∂_θ Δℓ - Σ_i ∂_i ℓ M_i
///
/// They are kept as factors (see `ParameterFactors`), some kilobytes a feature and tile (0.4 MB a tile at A = 2, 3 MB
/// at A = 6, with 64 features), and act without a row of P numbers for
/// a walker ever being formed:
///
///     let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .gradient, threads: 2)
///     let ov = derivatives.logDerivatives(along: v)            // O v, a number a walker
///     let gradient = derivatives.logDerivatives(weighted: u)   // Oᵀ u, a number a parameter
///
/// Sums over walkers that belong to a mean over |ψ|² (`gram`, `mixedSquares`, `logSquares`, `moments`,
/// `meanLogDerivatives`) count a walker with its weight, where walkers follow another power of |ψ|; products with a
/// given u or v do not.
///
/// Order `.value` gives O, `.gradient` O and M, `.laplacian` O, M and K. A record does not change when products are
/// taken with it; the memory that they work in lies beside it (`DerivativeScratch`).
///
/// - Complexity: a record costs 2 (1 + A) or 2 (2 + A) forward passes. M v and Mᵀ u are four panel products a particle
///   and layer together, whatever A is.
public struct ParameterDerivatives: Sendable {
  /// The groups of the parameters, in the order of the flat vector.
  public let groups: [ParameterGroup]
  /// A, the coordinates of a walker.
  public let particles: Int
  /// How far the derivatives in the coordinates go.
  public let order: JetOrder
  /// Threads that share the work, at least 1; the bits of a product do not depend on it.
  public let threads: Int
  /// sign ψ, ln|ψ|, ∂_i ℓ and Δℓ at the walkers, as far as the order goes; shapes as in ``Evaluation``.
  public private(set) var evaluation: Evaluation
  /// What each walker counts in a mean over |ψ|²: |ψ|^(2-p) over its mean, [walkers], for walkers that follow |ψ|^p; nil for
  /// p = 2, where each counts 1.
  public private(set) var weights: [Double]?
  /// W, the walkers of the sample.
  public private(set) var walkers: Int
  private(set) var batches: [Batch]
  private(set) var scratch: DerivativeScratch

  /// The factors of up to 128 walkers.
  struct Batch: Sendable {
    var positions: WalkerBatch
    var first: Int { positions.first }
    var count: Int { positions.count }
    var tiles: Int { positions.tiles }
    /// One entry a parameter group.
    var factors: [ParameterFactors] = []
    var evaluation = Evaluation()
  }

  /// Runs forward and backward at every walker and keeps the factors.
  ///
  /// - Parameters:
  ///   - psi: the wave function, copied.
  ///   - walkers: configurations, in oscillator lengths.
  ///   - order: how far the derivatives in the coordinates go.
  ///   - power: p, where walkers are a sample of |ψ|^p.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - memory: an older record whose memory to use where it fits. Fresh memory costs more than the arithmetic: the
  ///     system hands it out page by page, at the first touch of each. A copy of it that somebody keeps stays what it
  ///     is.
  public init<Psi: TrainableWaveFunction>(
    of psi: Psi, at walkers: Walkers, order: JetOrder, power: Double = 2, threads: Int = 1,
    reusing memory: consuming ParameterDerivatives? = nil
  ) {
    precondition(
      walkers.particles == psi.particles, "walkers have \(walkers.particles) particles, ψ has \(psi.particles)")
    let (groups, particles, threads) = (psi.parameterGroups, psi.particles, max(1, threads))
    (self.groups, self.particles, self.order, self.threads) = (groups, particles, order, threads)
    self.walkers = walkers.count
    evaluation = Evaluation()
    batches = []
    scratch = DerivativeScratch(batches: walkers.batches.count, threads: threads)

    // The old record's memory, unless somebody else holds it too.
    if var old = consume memory, old.groups == groups, old.particles == particles, old.order == order,
      old.threads == threads, old.batches.count == walkers.batches.count
    {
      swap(&batches, &old.batches)
      if isKnownUniquelyReferenced(&old.scratch) {
        scratch = old.scratch
        scratch.forgetOldFactors()
      }
    } else {
      batches = walkers.batches.map { Batch(positions: $0) }
    }
    for i in batches.indices { batches[i].positions = walkers.batches[i] }
    record(psi)
    weights = power == 2 ? nil : Self.weights(logPsi: evaluation.logPsi, power: power)
  }

  /// |ψ|^(2-p) over its mean; where every ψ is 0 there is no such number, and NaN is what comes out.
  private static func weights(logPsi: [Double], power: Double) -> [Double] {
    let largest = logPsi.max() ?? 0
    let weights = logPsi.map { Double.exp((2 - power) * ($0 - largest)) }
    let scale = Double(weights.count) / weights.reduce(0, +)
    return weights.map { scale * $0 }
  }

  /// What the walkers of one tile count: 1 or their weights, 0 for those beyond the last.
  func weights(_ batch: Batch, tile: Int) -> Lanes32 {
    let counted = batch.positions.count(inTile: tile)
    guard let weights else { return Lanes32(repeating: 1).keeping(first: counted) }
    var lanes = Lanes32.zero
    for lane in 0..<counted { lanes[lane] = weights[batch.first + tile * Lanes32.count + lane] }
    return lanes
  }

  private mutating func record<Psi: TrainableWaveFunction>(_ psi: Psi) {
    let (groups, n, order) = (groups, particles, order)
    let jet = ContiguousArray(repeating: Lanes32.zero, count: order.components(coordinates: n))
    let make = { [threads] in
      (0..<threads).map { _ in RecordMemory<Psi>(workspace: psi.makeReverseWorkspace(order: order), jet: jet) }
    }
    scratch.useRecordMemory(make) { memory in
      parallelForEach(&batches, workspaces: &memory) { _, batch, memory in
        if batch.factors.first?.tiles != batch.tiles {
          batch.factors = emptyFactors(groups, tiles: batch.tiles, particles: n, order: order)
        }
        batch.evaluation = Evaluation()
        for tile in 0..<batch.tiles {
          var sign = Lanes32.zero
          psi.record(
            batch.positions.positions, tile: tile, sign: &sign, jet: &memory.jet, into: &batch.factors,
            workspace: &memory.workspace)
          batch.evaluation.append(
            batch.positions.count(inTile: tile), sign: sign, jet: memory.jet, order: order, particles: n)
        }
      }
    }
    evaluation = Evaluation(joining: batches.map(\.evaluation))
  }

  /// P, the parameters of all groups.
  public var parameterCount: Int { groups.parameterCount }

  /// Bytes that the factors take, in single precision too where a product has asked for it.
  public var bytes: Int { batches.reduce(scratch.bytes) { $0 + $1.factors.reduce(0) { $0 + $1.bytes } } }

  /// An estimate of the bytes that `bytes` will be: nearly all of the memory that a step needs.
  ///
  /// A metric's products may ask for the factors in single precision too, which is half as much again.
  package static func estimatedBytes(
    of groups: [ParameterGroup], walkers: Int, particles: Int, order: JetOrder
  ) -> Double {
    let features = groups.reduce(0) { $0 + $1.layout.inputs + $1.layout.outputs }
    let components = Double(order.components(coordinates: particles)) * (order == .gradient ? 1.5 : 1)
    return Double(walkers) * Double(particles) * components * Double(8 * features)
  }

  var components: Int { order.components(coordinates: particles) }
}

/// What one thread makes a record in.
private struct RecordMemory<Psi: TrainableWaveFunction>: Sendable {
  var workspace: Psi.ReverseWorkspace
  /// The jet of ln|ψ|.
  var jet: ContiguousArray<Lanes32>
}

/// Empty factors for a batch of walkers, one entry a parameter group.
func emptyFactors(_ groups: [ParameterGroup], tiles: Int, particles: Int, order: JetOrder) -> [ParameterFactors] {
  groups.map {
    ParameterFactors($0.layout, tiles: tiles, particles: particles, coordinates: particles, order: order)
  }
}
