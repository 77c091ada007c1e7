import Ch00Lanes

extension WeightLayout {
  /// The layout of the same weights where several sets of particles go through them side by side. The flat list of parameters
  /// stays what it is.
  public func over(sets: Int) -> WeightLayout {
    WeightLayout(inputs: inputs, outputs: outputs, hasBias: hasBias, sharing: sharing, sets: sets)
  }
}

extension ParameterFactors {
  /// Keeps the factors of one set of particles among several, with sensitivities multiplied by a function w of all sets.
  ///
  /// A function F of K sets of A particles may be made of the values of one function ℓ at each set, so that
  ///
  ///     ∂_W F = Σ_i w_i ∂_W ℓ(x^i) = Σ_i Σ_p (w_i e_ip) ⊗ a_ip
  ///
  /// The factors of F are those of the K sets side by side, KA panels over KA coordinates. An activity depends on the
  /// coordinates of its own set alone; a sensitivity is a product, and its jet follows by the product rule:
  ///
  ///     ∂_k (w e) = w ∂_k e + e ∂_k w        Δ(w e) = w Δe + e Δw + 2 Σ_k ∂_k w ∂_k e
  ///
  /// - Parameters:
  ///   - tile: the place to fill.
  ///   - set: i, from 0.
  ///   - single: the factors of ℓ over A coordinates, of the same order and a layout of one set.
  ///   - singleTile: where in `single` the set's own are.
  ///   - weight: holds the jet of w over all coordinates, from `start` on.
  ///   - start: the place of w's value.
  /// - Complexity: A · components · outputs products of 32 numbers.
  package mutating func record(
    tile: Int, set: Int, of single: ParameterFactors, singleTile: Int, weight: ContiguousArray<Lanes32>, at start: Int
  ) {
    precondition(
      layout == single.layout.over(sets: layout.sets) && order == single.order && set < layout.sets
        && panels == layout.sets * single.panels && coordinates == layout.sets * single.coordinates,
      "the factors are another layer's")
    precondition(start >= 0 && start + components <= weight.count, "a jet of \(components) numbers expected")
    let plainOfSet = single.plainPanels
    for panel in 0..<single.panels {
      let to = panel < plainOfSet ? set * plainOfSet + panel : plainPanels + set
      let (from, at) = (single.activity(panel, singleTile, 0), activity(to, tile, 0))
      for f in 0..<(ownComponents * inputStride) { activities[at + f] = single.activities[from + f] }
      recordProduct(
        single, single.sensitivity(panel, singleTile, 0), weight, start, into: sensitivity(to, tile, 0),
        firstSlope: firstSlope(to))
    }
  }

  /// The jets of w e for one panel.
  private mutating func recordProduct(
    _ single: ParameterFactors, _ from: Int, _ weight: ContiguousArray<Lanes32>, _ start: Int, into at: Int,
    firstSlope: Int
  ) {
    let stride = outputStride
    for f in 0..<layout.outputs {
      let e = single.sensitivities[from + f]
      for component in 0..<components { sensitivities[at + component * stride + f] = weight[start + component] * e }
      guard order > .value else { continue }
      var mixed = Lanes32.zero
      for k in 0..<ownCoordinates {
        let slope = single.sensitivities[from + (1 + k) * stride + f]
        sensitivities[at + (firstSlope + k) * stride + f].addProduct(weight[start], slope)
        mixed.addProduct(weight[start + firstSlope + k], slope)
      }
      guard order == .laplacian else { continue }
      let last = at + (components - 1) * stride + f
      sensitivities[last].addProduct(weight[start], single.sensitivities[from + (ownComponents - 1) * stride + f])
      sensitivities[last].addProduct(2, mixed)
    }
  }
}
