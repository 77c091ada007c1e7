import Ch00Lanes
import Ch01LinearAlgebra

/// How a layer that A particles share is read as one that sees each walker once: Eschenhagen et al., arXiv:2311.00636.
public enum KroneckerApproximation: Sendable {
  /// Every particle is a sample of its own: moments are summed over particles.
  case expand
  /// Particles are summed first: activities averaged, sensitivities added.
  case reduce
}

extension ParameterFactors {
  /// Adds Σ w āāᵀ and Σ w eeᵀ over walkers of weight w, the moments of which KFAC makes factors.
  ///
  /// ā is a layer's whole input: [x_i ; ⟨x⟩ ; 1] for an equivariant layer, [x_i ; 1] with a bias, x_i without.
  /// *Expand* adds ā_iā_iᵀ and e_ie_iᵀ for every particle; *reduce* adds the outer products of Σ_i ā_i/A and Σ_i e_i.
  ///
  /// - Parameters:
  ///   - approximation: *expand* or *reduce*.
  ///   - component: which numbers of the jets: 0 for ā and e themselves, i for their derivatives in coordinate i.
  ///   - weights: w ≥ 0 of each tile's walkers; 0 for those that do not count.
  ///   - activityMoment: row-major, the width of ā squared.
  ///   - sensitivityMoment: row-major, outputs squared.
  package func addMoments(
    _ approximation: KroneckerApproximation, component: Int = 0, weights: [Lanes32], activityMoment: inout [Double],
    sensitivityMoment: inout [Double]
  ) {
    let (width, outputs) = (layout.width, layout.outputs)
    let samples = approximation == .expand ? panels : 1
    var a = ContiguousArray(repeating: Lanes32.zero, count: samples * tiles * width)
    var e = ContiguousArray(repeating: Lanes32.zero, count: samples * tiles * outputs)
    for tile in 0..<tiles {
      // Both factors of an outer product have a root of w.
      let root = weights[tile].map { $0.squareRoot() }
      for sample in 0..<samples {
        let (aStart, eStart) = ((sample * tiles + tile) * width, (sample * tiles + tile) * outputs)
        for f in 0..<layout.inputs {
          let mean =
            approximation == .expand ? meanActivity(of: sample, tile, component, f) : meanActivity(tile, component, f)
          let own = approximation == .expand ? particleActivity(sample, tile, component, f) : mean
          a[aStart + f] = own * root
          if layout.sharing == .equivariant { a[aStart + layout.inputs + f] = mean * root }
        }
        // The bias sees a constant.
        if layout.hasBias, component == 0 { a[aStart + width - 1] = root }
        for f in 0..<outputs {
          let own =
            approximation == .expand
            ? particleSensitivity(sample, tile, component, f) : summedSensitivity(tile, component, f)
          e[eStart + f] = own * root
        }
      }
    }
    addOuterProducts(
      a, at: 0, stride: width, rows: width, a, at: 0, stride: width, columns: width, pairs: samples * tiles,
      into: &activityMoment, at: 0, stride: width)
    addOuterProducts(
      e, at: 0, stride: outputs, rows: outputs, e, at: 0, stride: outputs, columns: outputs, pairs: samples * tiles,
      into: &sensitivityMoment, at: 0, stride: outputs)
  }

  // From panels (deviations and the mean of each set) back to particles, set by set.

  /// The mean over all particles of all sets.
  private func meanActivity(_ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    let first = layout.sharing == .equivariant ? plainPanels : 0
    var sum = activities[activity(first, tile, component) + f]
    for panel in first + 1..<panels { sum += activities[activity(panel, tile, component) + f] }
    return panels - first == 1 ? sum : (1 / Double(panels - first)) * sum
  }

  /// The mean over the set that a particle is of.
  func meanActivity(of i: Int, _ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    guard layout.sharing == .equivariant else { return .zero }
    return activities[activity(plainPanels + i / (panels / layout.sets), tile, component) + f]
  }

  func particleActivity(_ i: Int, _ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    guard layout.sharing == .equivariant else { return activities[activity(i, tile, component) + f] }
    let (mean, deviations, own) = (meanActivity(of: i, tile, component, f), panelsOfSet(with: i), panel(of: i))
    if let own { return mean + activities[activity(own, tile, component) + f] }
    var last = mean
    for panel in deviations { last -= activities[activity(panel, tile, component) + f] }
    return last
  }

  private func summedSensitivity(_ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    let first = layout.sharing == .equivariant ? plainPanels : 0
    var sum = sensitivities[sensitivity(first, tile, component) + f]
    for panel in first + 1..<panels { sum += sensitivities[sensitivity(panel, tile, component) + f] }
    return sum
  }

  func particleSensitivity(_ i: Int, _ tile: Int, _ component: Int, _ f: Int) -> Lanes32 {
    guard layout.sharing == .equivariant else { return sensitivities[sensitivity(i, tile, component) + f] }
    // Panels hold e_i - e_A and the sum: A e_A = Σ e - Σ_{i<A} (e_i - e_A).
    let inSet = panels / layout.sets
    var last = sensitivities[sensitivity(plainPanels + i / inSet, tile, component) + f]
    for panel in panelsOfSet(with: i) { last -= sensitivities[sensitivity(panel, tile, component) + f] }
    last = (1 / Double(inSet)) * last
    return panel(of: i).map { last + sensitivities[sensitivity($0, tile, component) + f] } ?? last
  }

  /// Where the deviations of a particle's set are.
  private func panelsOfSet(with i: Int) -> Range<Int> {
    let inSet = panels / layout.sets
    return (i / inSet * (inSet - 1))..<((i / inSet + 1) * (inSet - 1))
  }

  /// Where a particle's deviation is; nil for the last one of a set, which has none.
  private func panel(of i: Int) -> Int? {
    let inSet = panels / layout.sets
    return i % inSet == inSet - 1 ? nil : i / inSet * (inSet - 1) + i % inSet
  }
}
