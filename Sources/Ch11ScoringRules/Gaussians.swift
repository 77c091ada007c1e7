import Ch00Lanes
import Ch02AutomaticDifferentiation

/// Normal distributions by mean and width, θ = (μ, σ) with σ > 0.
///
///     ln p = -½ ((x - μ)/σ)² - ln σ - ½ ln 2π
///
///     let p = Gaussians()([0.5, 1.2])
///
/// Its square root is the oscillator's lowest state where σ² = 1/(2ω).
public struct Gaussians: ParametricFamily {
  /// The family has no settings.
  public init() {}

  /// Two: μ and σ, in oscillator lengths.
  public var parameterCount: Int { 2 }

  /// ln p at x, with p in inverse oscillator lengths; NaN for σ < 0.
  public func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
    let z = (x - parameters[0]) / parameters[1]
    return -0.5 * z * z - log(parameters[1]) - S(0.5 * Double.log(2 * .pi))
  }

  /// Nodes out to ten widths of each member, where p is e^-50 of its height, two fifths of the least width apart.
  ///
  /// A product of two members is narrower than either by up to √2. At two fifths of the width its error is e^{-61}.
  ///
  /// - Parameter parameters: (μ, σ) of each member; a width that is not positive stops the program.
  /// - Complexity: O(range of the members / least width) nodes.
  public func quadrature(resolving parameters: [[Double]]) -> Quadrature {
    var (lower, upper, least) = (Double.infinity, -Double.infinity, Double.infinity)
    for member in parameters {
      let (mean, width) = (member[0], member[1])
      precondition(width > 0, "a Gaussian's width must be positive, got \(width)")
      lower = min(lower, mean - 10 * width)
      upper = max(upper, mean + 10 * width)
      least = min(least, width)
    }
    return .line(from: lower, to: upper, spacing: 0.4 * least)
  }
}
