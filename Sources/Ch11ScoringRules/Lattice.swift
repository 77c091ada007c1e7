import Ch02AutomaticDifferentiation

/// All distributions over the sites x = 0, 1, … n-1, by their logits θ ∈ ℝⁿ.
///
///     p_i = e^{θ_i} / Σ_j e^{θ_j}
///
/// A number added to all logits changes nothing: every metric has that direction in its null space.
public struct Lattice: ParametricFamily {
  /// n, the sites 0 … n-1.
  public let siteCount: Int

  /// All distributions over so many sites; none stop the program.
  public init(sites: Int) {
    precondition(sites > 0, "a lattice needs sites, got \(sites)")
    siteCount = sites
  }

  /// n: a logit a site.
  public var parameterCount: Int { siteCount }

  /// ln p_i at x = i; -∞ outside, where there is no site. An x between two sites stops the program.
  ///
  /// - Complexity: O(n), for the normalisation.
  public func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
    guard x.value >= 0 && x.value <= Double(siteCount - 1) else { return S(-.infinity) }
    precondition(x.value == x.value.rounded(), "there is no site at \(x.value)")
    // The largest logit comes off first, so that no exponential overflows; a constant does not change the derivative.
    let largest = S(parameters.map(\.value).max() ?? 0)
    let sum = parameters.reduce(0) { $0 + exp($1 - largest) }
    return parameters[Int(x.value)] - largest - log(sum)
  }

  /// The n sites themselves, whatever the members: the sum is exact.
  public func quadrature(resolving parameters: [[Double]]) -> Quadrature { .sites(siteCount) }
}
