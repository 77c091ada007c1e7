import Ch00Lanes
import Ch01LinearAlgebra

/// The derivatives of ln|ψ| in the parameters of one layer, for a batch of walkers, as factors.
///
/// The gradient of an affine layer is a sum of outer products of sensitivities and activities,
///
///     ∂_W ℓ = Σ_p e_p ⊗ a_p          (p runs over the panels: the particles that share the weights)
///
/// and both factors are jets in the coordinates, so the derivatives of the gradient follow from the product rule:
///
///     ∂_W ∂_k ℓ = Σ_p ∂_k e_p ⊗ a_p + e_p ⊗ ∂_k a_p
///     ∂_W Δℓ    = Σ_p Δe_p ⊗ a_p + e_p ⊗ Δa_p + 2 Σ_k ∂_k e_p ⊗ ∂_k a_p
///
/// They are never multiplied out: H + K numbers a panel stand for H·K. `push` takes a direction in parameter space to
/// its derivative at each walker, `pull` takes weights at each walker to a parameter gradient; they are each other's
/// transpose.
///
/// For an equivariant layer the panels are the particles' deviations from their mean, and the mean itself:
///
///     Σ_i e_i ⊗ x_i = Σ_{i<A} (e_i - e_A) ⊗ (x_i - ⟨x⟩) + (Σ_i e_i) ⊗ ⟨x⟩
///
/// A panels, of which the last one belongs to W_mean too, and to the bias.
///
/// Of several sets of particles side by side each has such panels: first the deviations of all sets, then their means. An
/// activity depends on the coordinates of its own set, and its jet is one over these alone.
///
/// In single precision they are for the product Mᵀ M v alone: Σ_k over the mixed derivatives ∂_θ ∂_k ℓ. Metrics are
/// applied fifty times a step, each time to the whole record: hundreds of megabytes for six particles, and reading them
/// takes most of the time. Rounded factors are half as long. The product stays a symmetric, non-negative matrix: what
/// is rounded is M, and both passes see the same one.
public struct LayerFactors<Row: PanelRow>: Sendable {
  /// The shapes of the layer's parameters, and which particles share them.
  public let layout: WeightLayout
  /// Groups of 32 walkers.
  public let tiles: Int
  /// Pairs of factors a tile: one a particle.
  public let panels: Int
  /// n, the coordinates that jets are taken over.
  public let coordinates: Int
  /// How far the jets of a and e go.
  public let order: JetOrder
  /// Numbers in each jet of e.
  public let components: Int
  /// Coordinates of a set, and the numbers in each jet of a.
  let ownCoordinates: Int
  let ownComponents: Int
  let inputStride: Int
  let outputStride: Int
  /// a, as [panel][tile][component][input].
  var activities: ContiguousArray<Row>
  /// e, as [panel][tile][component][output].
  var sensitivities: ContiguousArray<Row>

  /// Factors that are all zero: memory for `record`. Particles or coordinates that are not the same number for each of the
  /// layout's sets stop the program.
  public init(_ layout: WeightLayout, tiles: Int, particles: Int, coordinates: Int, order: JetOrder) {
    precondition(
      layout.sets > 0 && particles % layout.sets == 0 && coordinates % layout.sets == 0,
      "\(particles) particles and \(coordinates) coordinates are not \(layout.sets) equal sets")
    self.layout = layout
    self.tiles = tiles
    panels = particles
    self.coordinates = coordinates
    self.order = order
    components = order.components(coordinates: coordinates)
    ownCoordinates = coordinates / layout.sets
    ownComponents = order.components(coordinates: ownCoordinates)
    inputStride = (layout.inputs + 3) / 4 * 4
    outputStride = (layout.outputs + 3) / 4 * 4
    activities = ContiguousArray(repeating: .zero, count: particles * tiles * ownComponents * inputStride)
    sensitivities = ContiguousArray(repeating: .zero, count: particles * tiles * components * outputStride)
  }

  /// Rounded factors, as far as their first derivatives: Laplacians are left out.
  ///
  /// - Parameter factors: of order `.gradient` or higher; a lower one stops the program.
  public init(rounding factors: ParameterFactors) {
    precondition(factors.order >= .gradient, "mixed derivatives need factors of order gradient")
    self.init(
      factors.layout, tiles: factors.tiles, particles: factors.panels, coordinates: factors.coordinates,
      order: .gradient)
    update(rounding: factors)
  }

  /// The same for new factors of the same layer, in the memory of the old ones.
  package mutating func update(rounding factors: ParameterFactors) {
    precondition(
      factors.layout == layout && factors.tiles == tiles && factors.panels == panels
        && factors.components >= components, "the factors are another layer's")
    for panel in 0..<panels {
      for tile in 0..<tiles {
        Row.round(
          factors.activities, at: factors.activity(panel, tile, 0), count: ownComponents * inputStride,
          into: &activities, at: activity(panel, tile, 0))
        Row.round(
          factors.sensitivities, at: factors.sensitivity(panel, tile, 0), count: components * outputStride,
          into: &sensitivities, at: sensitivity(panel, tile, 0))
      }
    }
  }

  /// Bytes that the factors take.
  public var bytes: Int { (activities.count + sensitivities.count) * MemoryLayout<Row>.size }

  func activity(_ panel: Int, _ tile: Int, _ component: Int) -> Int {
    ((panel * tiles + tile) * ownComponents + component) * inputStride
  }
  func sensitivity(_ panel: Int, _ tile: Int, _ component: Int) -> Int {
    ((panel * tiles + tile) * components + component) * outputStride
  }

  /// Panels of single particles, deviations from a mean where there is one; those of the sets' means come behind them.
  var plainPanels: Int { layout.sharing == .particle ? panels : panels - layout.sets }
  /// True where the panel sees the bias: every particle, or the means alone.
  func seesBias(_ panel: Int) -> Bool { layout.hasBias && (layout.sharing == .particle || panel >= plainPanels) }
  /// True where the panel sees W_own + W_mean.
  func seesTotal(_ panel: Int) -> Bool { panel >= plainPanels }
  /// The set that a panel belongs to.
  func set(of panel: Int) -> Int {
    panel >= plainPanels ? panel - plainPanels : panel / (plainPanels / layout.sets)
  }
  /// The place of the panel's own first coordinate among the components of e.
  func firstSlope(_ panel: Int) -> Int { 1 + set(of: panel) * ownCoordinates }
}

/// Factors as they are recorded, in double precision.
public typealias ParameterFactors = LayerFactors<Lanes32>

/// Factors rounded to single precision.
public typealias SingleFactors = LayerFactors<SingleLanes32>

extension ParameterFactors {
  /// Keeps the factors of one tile: the jets that entered the affine map, and the sensitivities of those that left it.
  /// Jets of another layer's size stop the program.
  public mutating func record(tile: Int, activities x: JetTile, sensitivities e: JetTile) {
    precondition(
      x.particles == panels && e.particles == panels && x.features == layout.inputs && e.features == layout.outputs
        && x.components == components && e.components == components && layout.sets == 1,
      "the jets are not those of this layer")
    for component in 0..<components {
      for panel in 0..<panels {
        let a = activity(panel, tile, component)
        let s = sensitivity(panel, tile, component)
        if layout.sharing == .particle {
          for f in 0..<inputStride { activities[a + f] = x.storage[x.index(panel, component, f)] }
          for f in 0..<outputStride { sensitivities[s + f] = e.storage[e.index(panel, component, f)] }
        } else if panel < panels - 1 {
          // Differences for now; the mean is taken off below.
          for f in 0..<inputStride { activities[a + f] = x.storage[x.index(panel, component, f)] }
          let last = e.index(panels - 1, component)
          for f in 0..<outputStride {
            sensitivities[s + f] = e.storage[e.index(panel, component, f)] - e.storage[last + f]
          }
        } else {
          recordMean(tile, component, x, e)
        }
      }
    }
  }

  private mutating func recordMean(_ tile: Int, _ component: Int, _ x: JetTile, _ e: JetTile) {
    let a = activity(panels - 1, tile, component)
    let s = sensitivity(panels - 1, tile, component)
    for f in 0..<inputStride {
      var sum = Lanes32.zero
      for i in 0..<panels { sum += x.storage[x.index(i, component, f)] }
      let mean = (1 / Double(panels)) * sum
      activities[a + f] = mean
      for i in 0..<(panels - 1) { activities[activity(i, tile, component) + f] -= mean }
    }
    for f in 0..<outputStride {
      var sum = Lanes32.zero
      for i in 0..<panels { sum += e.storage[e.index(i, component, f)] }
      sensitivities[s + f] = sum
    }
  }
}
