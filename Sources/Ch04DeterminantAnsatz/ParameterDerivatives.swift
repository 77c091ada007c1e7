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
///     var derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .gradient, threads: 2)
///     let ov = derivatives.logDerivatives(along: v)            // O v, a number a walker
///     let gradient = derivatives.logDerivatives(weighted: u)   // Oᵀ u, a number a parameter
///
/// Order `.value` gives O, `.gradient` O and M, `.laplacian` O, M and K.
///
/// - Complexity: a record costs 2 (1 + A) or 2 (2 + A) forward passes. M v and Mᵀ u are four panel products a particle
///   and layer together, whatever A is.
public struct ParameterDerivatives: Sendable {
  public let shape: AnsatzShape
  public let order: JetOrder
  /// sign ψ, ln|ψ|, ∂_i ℓ and Δℓ at the walkers, as far as the order goes.
  public private(set) var evaluation: Evaluation
  public private(set) var walkers: Int
  let components: Int
  var batches: [Batch]
  var workspaces: [FactorWorkspace<Lanes32>]
  var singleWorkspaces: [FactorWorkspace<SingleLanes32>]
  private var reverse: [ReverseWorkspace]

  /// The factors of up to 128 walkers.
  struct Batch: Sendable {
    var positions: WalkerBatch
    var first: Int { positions.first }
    var count: Int { positions.count }
    var tiles: Int { positions.tiles }
    /// One entry a parameter group, in the order of `shape.groups`.
    var factors: [ParameterFactors] = []
    /// The same in single precision, once a product has asked for it.
    var singleFactors: [SingleFactors] = []
    var singleIsStale = true
    var evaluation = Evaluation(sign: [], logPsi: [], gradient: [], laplacian: [])
    /// Jets of v · ∂_θ ℓ, or weights to pull with, as [tile][component].
    var jets: ContiguousArray<Lanes32> = []
    /// This batch's part of a parameter gradient.
    var gradient: [Double] = []
  }

  /// Runs forward and backward at every walker and keeps the factors.
  ///
  /// - Parameter order: how far the derivatives in the coordinates go.
  public init(of ansatz: DeterminantAnsatz, at walkers: Walkers, order: JetOrder, threads: Int = 1) {
    shape = ansatz.shape
    self.order = order
    self.walkers = 0
    components = order.components(coordinates: ansatz.particles)
    batches = []
    evaluation = Evaluation(sign: [], logPsi: [], gradient: [], laplacian: [])
    workspaces = (0..<max(1, threads)).map { _ in FactorWorkspace() }
    singleWorkspaces = (0..<max(1, threads)).map { _ in FactorWorkspace() }
    reverse = (0..<max(1, threads)).map { _ in ReverseWorkspace(ansatz.shape, order: order) }
    update(of: ansatz, at: walkers)
  }

  /// The same for new parameters and walkers, in the memory of the old ones.
  ///
  /// Fresh memory costs more than the arithmetic: the system hands it out page by page, at the first touch of each.
  ///
  /// - Parameter ansatz: of the same shape.
  public mutating func update(of ansatz: DeterminantAnsatz, at walkers: Walkers) {
    precondition(ansatz.shape == shape, "the ansatz has another shape")
    precondition(
      walkers.particles == ansatz.particles,
      "walkers have \(walkers.particles) particles, the ansatz \(ansatz.particles)")
    self.walkers = walkers.count
    if batches.count != walkers.batches.count { batches = walkers.batches.map { Batch(positions: $0) } }
    for i in batches.indices {
      batches[i].positions = walkers.batches[i]
      batches[i].singleIsStale = true
    }
    parallelForEach(&batches, workspaces: &reverse) { _, batch, workspace in
      ansatz.record(&batch, workspace: &workspace)
    }
    evaluation = Evaluation(
      sign: batches.flatMap(\.evaluation.sign), logPsi: batches.flatMap(\.evaluation.logPsi),
      gradient: batches.flatMap(\.evaluation.gradient), laplacian: batches.flatMap(\.evaluation.laplacian))
  }

  /// Threads that share the work.
  public var threads: Int { workspaces.count }

  /// Bytes that the factors take, in single precision too where a product has asked for it.
  public var bytes: Int {
    batches.reduce(0) { $0 + $1.factors.reduce(0) { $0 + $1.bytes } + $1.singleFactors.reduce(0) { $0 + $1.bytes } }
  }
}

/// Scratch memory for a backward pass through one tile.
struct ReverseWorkspace: Sendable {
  var forward: AnsatzWorkspace
  /// ∂ℓ/∂M^d as [component][particle][orbital].
  var matrixSensitivities: [ContiguousArray<Lanes32>]
  /// ∂ℓ/∂(W h + b) and ∂ℓ/∂z of one determinant.
  var orbital: JetTile
  var width: JetTile
  /// ∂ℓ/∂h of the layer at hand, of the one before it, and what one determinant adds.
  var feature: JetTile
  var earlier: JetTile
  var unused: JetTile

  init(_ shape: AnsatzShape, order: JetOrder) {
    forward = AnsatzWorkspace(shape, order: order)
    matrixSensitivities = forward.matrices
    orbital = forward.orbitals[0]
    width = orbital
    feature = forward.features[1]
    earlier = feature
    unused = forward.features[0]
    // Values alone need the inverses too.
    if order == .value {
      let n = shape.particles
      if shape.determinants == 1 {
        forward.single = SingleDeterminant(size: n, coordinates: n, order: order)
      } else {
        forward.minors = MinorExpansion(size: n, determinants: shape.determinants, coordinates: n, order: order)
      }
    }
  }
}

extension DeterminantAnsatz {
  /// Forward and backward through the tiles of one batch; leaves factors and values in it.
  func record(_ batch: inout ParameterDerivatives.Batch, workspace w: inout ReverseWorkspace) {
    let n = particles
    let order = w.forward.order
    if batch.factors.first?.tiles != batch.tiles {
      batch.factors = emptyFactors(tiles: batch.tiles, order: order)
    }
    batch.evaluation = Evaluation(sign: [], logPsi: [], gradient: [], laplacian: [])
    for tile in 0..<batch.tiles {
      // Forward, with the determinants' derivatives.
      var sign = Lanes32.zero
      forward(batch.positions.positions, at: tile * n, minimumSquaredWidth: minimumSquaredWidth, workspace: &w.forward)
      if w.forward.single != nil {
        w.forward.single?.evaluate(w.forward.matrices[0], sign: &sign, logPsi: &w.forward.logPsi)
        w.forward.single?.sensitivities(w.forward.matrices[0], into: &w.matrixSensitivities[0])
      } else {
        w.forward.minors?.evaluate(w.forward.matrices, sign: &sign, logPsi: &w.forward.logPsi)
        w.forward.minors?.sensitivities(into: &w.matrixSensitivities)
      }
      w.forward.logPsi[0] += logFactor(batch.positions.positions, at: tile * n)
      batch.keepValues(sign: sign, w.forward, tile: tile, particles: n)

      backward(
        positions: batch.positions.positions, tile: tile, minimumSquaredWidth: minimumSquaredWidth,
        into: &batch.factors, workspace: &w)
    }
  }

  /// From ∂ℓ/∂M^d in the workspace back to the factors of every parameter group, for one tile.
  func backward(
    positions: ContiguousArray<Lanes32>, tile: Int, minimumSquaredWidth: Double, into factors: inout [ParameterFactors],
    workspace w: inout ReverseWorkspace
  ) {
    let (layerCount, determinants, n) = (shape.layers, shape.determinants, particles)

    // Through envelopes and orbitals, determinant by determinant.
    for d in 0..<determinants {
      pullThroughEnvelope(
        w.forward.matrices[d], w.matrixSensitivities[d], positions: positions, at: tile * n, widths: widths[d],
        minimumSquaredWidth: minimumSquaredWidth, featureSensitivity: &w.orbital, widthSensitivity: &w.width)
      factors[layerCount + determinants + d].record(
        tile: tile, activities: w.forward.features[0], sensitivities: w.width)
      orbitals[d].pullback(
        &w.orbital, x: w.forward.features[layerCount], y: w.forward.orbitals[d], tile: tile, into: &w.earlier,
        wantsInputs: true, factors: &factors[layerCount + d], workspace: &w.forward.jets)
      if d == 0 { w.feature.copy(w.earlier) } else { w.feature.add(w.earlier) }
    }

    // Through the layers.
    for l in (0..<layerCount).reversed() {
      if l == 0 {
        layers[0].pullback(
          &w.feature, x: w.forward.features[0], y: w.forward.features[1], tile: tile, into: &w.unused,
          wantsInputs: false, factors: &factors[0], workspace: &w.forward.jets)
      } else {
        layers[l].pullback(
          &w.feature, x: w.forward.features[l], y: w.forward.features[l + 1], tile: tile, into: &w.earlier,
          wantsInputs: true, factors: &factors[l], workspace: &w.forward.jets)
        swap(&w.feature, &w.earlier)
      }
    }
  }

  /// Empty factors for one batch of walkers, one entry a parameter group.
  func emptyFactors(tiles: Int, order: JetOrder) -> [ParameterFactors] {
    shape.groups.map {
      ParameterFactors($0.layout, tiles: tiles, particles: particles, coordinates: particles, order: order)
    }
  }
}

extension ParameterDerivatives.Batch {
  mutating func keepValues(sign: Lanes32, _ w: AnsatzWorkspace, tile: Int, particles n: Int) {
    for walker in 0..<positions.count(inTile: tile) {
      evaluation.sign.append(sign[walker])
      evaluation.logPsi.append(w.logPsi[0][walker])
      if w.order >= .gradient { for i in 0..<n { evaluation.gradient.append(w.logPsi[i + 1][walker]) } }
      if w.order == .laplacian { evaluation.laplacian.append(w.logPsi[n + 1][walker]) }
    }
  }
}
