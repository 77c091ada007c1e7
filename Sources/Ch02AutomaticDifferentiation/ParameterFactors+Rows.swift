import Ch00Lanes

extension ParameterFactors {
  /// A panel's activities and sensitivities of each walker, as rows: the values alone.
  ///
  /// ∂_W ℓ of a walker is Σ_p e_p ⊗ a_p over the panels, so that the inner product of two walkers' rows is
  /// Σ_pq (e_p · e'_q)(a_p · a'_q): `panelOverlap` says what to add for the mean's weights and the bias.
  ///
  /// - Parameters:
  ///   - panel: which.
  ///   - walkers: how many of the batch count.
  ///   - activities: receives [walkers × inputs], appended.
  ///   - sensitivities: receives [walkers × outputs], appended.
  package func appendRows(
    panel: Int, walkers: Int, activities rows: inout [Double], sensitivities columns: inout [Double]
  ) {
    for walker in 0..<walkers {
      let (tile, lane) = (walker / Lanes32.count, walker % Lanes32.count)
      let (a, e) = (activity(panel, tile, 0), sensitivity(panel, tile, 0))
      for f in 0..<layout.inputs { rows.append(activities[a + f][lane]) }
      for f in 0..<layout.outputs { columns.append(sensitivities[e + f][lane]) }
    }
  }
}

extension WeightLayout {
  /// The inner product of two panels' whole inputs, from that of their activities: times a number, plus a number.
  package func panelOverlap(_ p: Int, _ q: Int, of panels: Int) -> (factor: Double, constant: Double) {
    // The means of the sets are the last panels, and see the mean's weights and the bias too.
    let areMeans = min(p, q) >= panels - sets
    switch sharing {
    case .equivariant: return (areMeans ? 2 : 1, areMeans && hasBias ? 1 : 0)
    case .particle: return (1, hasBias ? 1 : 0)
    }
  }
}
