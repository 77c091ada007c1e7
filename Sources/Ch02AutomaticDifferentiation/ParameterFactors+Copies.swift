import Ch00Lanes

extension WeightLayout {
  /// The layout of the same weights where several sets of particles go through them side by side.
  ///
  /// A mean over particles is then one over those of a set. It becomes an input like the others: [x_i ; ⟨x⟩] with twice as
  /// many inputs, and every particle sees all weights. The flat list of parameters stays what it is.
  public var overCopies: WeightLayout {
    WeightLayout(inputs: columns, outputs: outputs, hasBias: hasBias, sharing: .particle)
  }
}

extension ParameterFactors {
  /// Keeps the factors of one set of particles among several, with sensitivities multiplied by a function w of all sets.
  ///
  /// A function of K sets of A particles may be made of values of one function ℓ at each set, so that
  ///
  ///     ∂_W F = Σ_i w_i ∂_W ℓ(x^i) = Σ_i Σ_p (w_i e_ip) ⊗ a_ip
  ///
  /// The factors of F are those of the K sets one behind the other, KA panels over KA coordinates. An activity depends on the
  /// coordinates of its own set alone; a sensitivity is a product, and its jet follows by the product rule:
  ///
  ///     ∂_k (w e) = w ∂_k e + e ∂_k w        Δ(w e) = w Δe + e Δw + 2 Σ_k ∂_k w ∂_k e
  ///
  /// - Parameters:
  ///   - tile: the place to fill.
  ///   - set: i, from 0.
  ///   - single: the factors of ℓ over A coordinates, of the same order; this layer's layout is its `overCopies`.
  ///   - singleTile: where in `single` the set's own are.
  ///   - weight: holds the jet of w over all coordinates, from `start` on.
  ///   - start: the place of w's value.
  /// - Complexity: A · components · (inputs + outputs) products of 32 numbers.
  package mutating func record(
    tile: Int, set: Int, of single: ParameterFactors, singleTile: Int, weight: ContiguousArray<Lanes32>, at start: Int
  ) {
    let a = single.panels
    precondition(
      layout == single.layout.overCopies && order == single.order && coordinates == panels && (set + 1) * a <= panels,
      "the factors are another layer's")
    precondition(start >= 0 && start + components <= weight.count, "a jet of \(components) numbers expected")
    let own = order == .value ? 0 : single.coordinates
    let first = 1 + set * own
    for particle in 0..<a {
      let panel = set * a + particle
      // Activities: those of the set, and none of the others' coordinates.
      for component in 0..<single.components {
        let at = activity(panel, tile, overCopies(component, of: single, first: first))
        for f in 0..<single.layout.inputs {
          let mean = single.layout.sharing == .equivariant ? single.meanActivity(singleTile, component, f) : .zero
          activities[at + f] = single.activity(of: particle, singleTile, component, f, mean: mean)
          if single.layout.sharing == .equivariant { activities[at + single.layout.inputs + f] = mean }
        }
      }
      // Sensitivities: products of jets.
      for f in 0..<layout.outputs {
        let e = single.sensitivity(of: particle, singleTile, 0, f)
        for component in 0..<components {
          sensitivities[sensitivity(panel, tile, component) + f] = weight[start + component] * e
        }
        guard order > .value else { continue }
        var mixed = Lanes32.zero
        for k in 0..<own {
          let slope = single.sensitivity(of: particle, singleTile, 1 + k, f)
          sensitivities[sensitivity(panel, tile, first + k) + f].addProduct(weight[start], slope)
          mixed.addProduct(weight[start + first + k], slope)
        }
        guard order == .laplacian else { continue }
        let last = sensitivity(panel, tile, components - 1) + f
        sensitivities[last].addProduct(
          weight[start], single.sensitivity(of: particle, singleTile, single.components - 1, f))
        sensitivities[last].addProduct(2, mixed)
      }
    }
  }

  /// Where a component of one set's jets is among those over all coordinates.
  private func overCopies(_ component: Int, of single: ParameterFactors, first: Int) -> Int {
    if component == 0 { return 0 }
    return component <= single.coordinates ? first + component - 1 : components - 1
  }

  // From panels (deviations and the mean) back to particles.

  private func meanActivity(_ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    activities[activity(panels - 1, tile, component) + f]
  }

  private func activity(of particle: Int, _ tile: Int, _ component: Int, _ f: Int, mean: Lanes32) -> Lanes32 {
    guard layout.sharing == .equivariant else { return activities[activity(particle, tile, component) + f] }
    if particle < panels - 1 { return mean + activities[activity(particle, tile, component) + f] }
    var last = mean
    for panel in 0..<(panels - 1) { last -= activities[activity(panel, tile, component) + f] }
    return last
  }

  private func sensitivity(of particle: Int, _ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    guard layout.sharing == .equivariant else { return sensitivities[sensitivity(particle, tile, component) + f] }
    // Panels hold e_i - e_A and the sum: A e_A = Σ e - Σ_{i<A} (e_i - e_A).
    var last = sensitivities[sensitivity(panels - 1, tile, component) + f]
    for panel in 0..<(panels - 1) { last -= sensitivities[sensitivity(panel, tile, component) + f] }
    last = (1 / Double(panels)) * last
    return particle < panels - 1 ? last + sensitivities[sensitivity(particle, tile, component) + f] : last
  }
}
