import Ch00Lanes
import Ch02AutomaticDifferentiation
import Synchronization

/// Memory for products with ``ParameterDerivatives``: beside the record, so that the record itself need not change.
///
/// A product takes the memory out, works in it, and puts it back; one that finds it taken,
/// because another thread works with the same record, makes its own. So products may run side by side, and give the
/// same bits.
final class DerivativeScratch: Sendable {
  struct Storage: Sendable {
    /// One entry a batch of walkers.
    var batches: [BatchScratch]
    /// One entry a thread.
    var workspaces: [FactorWorkspace<Lanes32>]
    var singleWorkspaces: [FactorWorkspace<SingleLanes32>]
  }

  private let kept: Mutex<Storage?>
  /// What the last record was made in, one entry a thread; of the wave function's own type.
  private let recordMemory = Mutex<(any Sendable)?>(nil)
  /// The mean of O, once it has been asked for: the one number list here that is a result, the same whoever makes it.
  private let mean = Mutex<[Double]?>(nil)
  private let (batches, threads): (Int, Int)

  init(batches: Int, threads: Int) {
    (self.batches, self.threads) = (batches, threads)
    kept = Mutex(nil)
  }

  func use<Result>(_ body: (inout Storage) -> Result) -> Result {
    var storage =
      kept.withLock { $0.take() }
      ?? Storage(
        batches: (0..<batches).map { _ in BatchScratch() }, workspaces: (0..<threads).map { _ in FactorWorkspace() },
        singleWorkspaces: (0..<threads).map { _ in FactorWorkspace() })
    defer { kept.withLock { $0 = storage } }
    return body(&storage)
  }

  /// Memory for making a record: that of the last one where it is of the same kind, else what `make` gives.
  func useRecordMemory<Memory: Sendable>(_ make: () -> [Memory], _ body: (inout [Memory]) -> Void) {
    var memory = recordMemory.withLock { $0.take() } as? [Memory] ?? make()
    body(&memory)
    recordMemory.withLock { $0 = memory }
  }

  func meanLogDerivatives(_ make: () -> [Double]) -> [Double] {
    if let mean = mean.withLock({ $0 }) { return mean }
    let made = make()
    mean.withLock { $0 = made }
    return made
  }

  /// The record has new factors: rounded ones, and the mean, are those of the old.
  func forgetOldFactors() {
    mean.withLock { $0 = nil }
    use { storage in for i in storage.batches.indices { storage.batches[i].singleIsStale = true } }
  }

  /// Bytes of the factors in single precision.
  var bytes: Int {
    kept.withLock { storage in
      storage?.batches.reduce(0) { $0 + $1.singleFactors.reduce(0) { $0 + $1.bytes } } ?? 0
    }
  }
}

/// What products with the factors of one batch work in.
struct BatchScratch: Sendable {
  /// Jets of v · ∂_θ ℓ, or weights to multiply the transpose with, as [tile][component].
  var jets: ContiguousArray<Lanes32> = []
  /// This batch's part of a parameter gradient.
  var gradient: [Double] = []
  /// The factors in single precision, once a product has asked for them.
  var singleFactors: [SingleFactors] = []
  var singleIsStale = true

  /// Leaves the jets of v · ∂_θ ℓ.
  mutating func push(
    _ factors: [ParameterFactors], _ directions: [JetAffine?], tiles: Int, components: Int,
    workspace: inout FactorWorkspace<Lanes32>
  ) {
    if jets.count != tiles * components { jets = ContiguousArray(repeating: .zero, count: tiles * components) }
    for i in jets.indices { jets[i] = .zero }
    for (factor, direction) in zip(factors, directions) {
      guard let direction else { continue }
      factor.push(direction, into: &jets, workspace: &workspace)
    }
  }

  /// Leaves Σ over walkers and components of jets · derivative, for one group or all.
  mutating func pull(
    _ factors: [ParameterFactors], _ chosen: Int?, starts: [Int], parameterCount: Int,
    workspace: inout FactorWorkspace<Lanes32>
  ) {
    clearGradient(count: parameterCount)
    for (group, start) in starts.enumerated() where chosen == nil || chosen == group {
      factors[group].pull(jets, into: &gradient, at: start, workspace: &workspace)
    }
  }

  mutating func clearGradient(count: Int) {
    if gradient.count != count { gradient = [Double](repeating: 0, count: count) }
    for p in gradient.indices { gradient[p] = 0 }
  }

  /// The factors in single precision, unless they are there already.
  mutating func round(_ factors: [ParameterFactors]) {
    guard singleIsStale else { return }
    if singleFactors.count != factors.count || singleFactors.first?.tiles != factors.first?.tiles {
      singleFactors = factors.map { SingleFactors(rounding: $0) }
    } else {
      for group in factors.indices { singleFactors[group].update(rounding: factors[group]) }
    }
    singleIsStale = false
  }
}
