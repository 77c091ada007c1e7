/// Sums and integrals over outcomes, ∫ f dx ≈ Σ_k w_k f(x_k).
///
/// On a lattice the nodes are its sites, the weights are 1, and the sum is the thing itself. On a line the nodes are
/// equally spaced and so are the weights: the trapezoidal rule, which for a function that is analytic and decays on
/// both sides is as good as it gets. Its error is what Poisson's sum formula says it is, the Fourier transform of f at
/// the multiples of 2π/h:
///
///     h Σ_k f(x₀ + kh) - ∫ f dx = 2 Σ_{m≥1} Re[ f̂(2πm/h) e^{2πi m x₀/h} ]
///
/// For a Gaussian of width σ that is 2 e^{-2π²σ²/h²}: 1e-2 at h = 2σ, 5e-9 at σ, 1e-34 at σ/2. To halve the spacing is
/// to raise the error to its fourth power. Gauss-Hermite nodes would fit Gaussians of one width only.
public struct Quadrature: Sendable, Equatable {
  /// x_k, shape [nodes]: sites, or positions in oscillator lengths.
  public let nodes: [Double]
  /// w_k, the same for all nodes: 1 on sites, the spacing on a line.
  public let weight: Double

  /// The sites 0 … n-1, each with weight 1; a negative count stops the program.
  public static func sites(_ count: Int) -> Quadrature {
    Quadrature(nodes: (0..<count).map { Double($0) }, weight: 1)
  }

  /// Equally spaced nodes from one end to the other, for a function that has decayed to nothing at both.
  ///
  /// - Parameters:
  ///   - lower: the first node.
  ///   - upper: the last node.
  ///   - spacing: the largest distance between nodes.
  /// - Precondition: lower < upper and spacing > 0.
  public static func line(from lower: Double, to upper: Double, spacing: Double) -> Quadrature {
    precondition(lower < upper && spacing > 0, "no nodes between \(lower) and \(upper) at a distance of \(spacing)")
    let intervals = ((upper - lower) / spacing).rounded(.up)
    let step = (upper - lower) / intervals
    return Quadrature(nodes: (0...Int(intervals)).map { lower + step * Double($0) }, weight: step)
  }
}
