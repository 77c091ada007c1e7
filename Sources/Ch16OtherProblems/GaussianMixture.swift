import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo

/// q(x) = Σ_m w_m N(c_m, s_m²), isotropic Gaussians in n dimensions: a density that is known, to be found from samples.
public struct GaussianMixture: Sendable {
  /// One Gaussian.
  public struct Component: Sendable {
    /// w, a share of all samples.
    public var share: Double
    /// c, shape [n].
    public var centre: [Double]
    /// s > 0.
    public var width: Double

    /// w, c and s.
    public init(share: Double, centre: [Double], width: Double) {
      (self.share, self.centre, self.width) = (share, centre, width)
    }
  }

  /// The Gaussians; shares add up to 1.
  public let components: [Component]
  /// n.
  public var coordinates: Int { components[0].centre.count }

  /// A density from its parts; shares that are negative or do not add up to 1, widths that are not positive and centres of different dimensions
  /// stop the program.
  public init(_ components: [Component]) {
    let shares = components.reduce(0) { $0 + $1.share }
    precondition(abs(shares - 1) < 1e-12, "shares must add up to 1, not \(shares)")
    precondition(components.allSatisfy { $0.share >= 0 }, "a negative share is no density")
    precondition(
      components.allSatisfy { $0.width > 0 && $0.centre.count == components[0].centre.count },
      "positive widths, and centres of one dimension")
    self.components = components
  }

  /// ln q at a point x, shape [n], for any scalar; another number of coordinates stops the program.
  public func logDensity<S: DifferentiableScalar>(at x: [S]) -> S {
    precondition(x.count == coordinates, "a point of \(x.count) coordinates, \(coordinates) expected")
    let terms = components.map { component -> S in
      let square = zip(x, component.centre).reduce(S(0)) { $0 + ($1.0 - S($1.1)) * ($1.0 - S($1.1)) }
      let width = component.width
      let constant = Double.log(component.share) - 0.5 * Double(x.count) * Double.log(2 * .pi * width * width)
      return S(constant) - square * S(0.5 / (width * width))
    }
    let largest = S(terms.map(\.value).max() ?? 0)
    return largest + log(terms.reduce(S(0)) { $0 + exp($1 - largest) })
  }

  /// Independent samples, a point a walker; a function of count and seed.
  public func samples(_ count: Int, seed: UInt64) -> Walkers {
    let random = Philox(key: seed)
    let n = coordinates
    var positions = [Double](repeating: 0, count: count * n)
    for first in stride(from: 0, to: count, by: Lanes32.count) {
      let choice = random.uniforms(first: UInt64(first), stream: Philox.stream(.user, sweep: 1, draw: 0))
      let normals = (0..<(n + 1) / 2).flatMap { pair -> [Lanes32] in
        let stream = Philox.stream(.user, sweep: 1, draw: UInt64(1 + pair))
        let two = random.normalPairs(first: UInt64(first), stream: stream)
        return [two.0, two.1]
      }
      for lane in 0..<min(Lanes32.count, count - first) {
        var left = choice[lane]
        let chosen = components.first { component in
          left -= component.share
          return left < 0
        }
        let component = chosen ?? components[components.count - 1]
        for k in 0..<n {
          positions[(first + lane) * n + k] = component.centre[k] + component.width * normals[k][lane]
        }
      }
    }
    return Walkers(positions, particles: n)
  }

  /// Equally spaced points of a cube around the origin.
  ///
  /// - Parameters:
  ///   - extent: half an edge.
  ///   - spacing: the distance of neighbours.
  public func grid(extent: Double, spacing: Double) -> Walkers {
    let steps = Int((2 * extent / spacing).rounded())
    let line = (0...steps).map { -extent + spacing * Double($0) }
    var points: [[Double]] = [[]]
    for _ in 0..<coordinates { points = points.flatMap { point in line.map { point + [$0] } } }
    return Walkers(points)
  }
}

/// How far a network is from a known density, by quadrature.
public struct DensityError: Sendable {
  private let grid: Walkers
  private let volume: Double
  private let logDensity: [Double]
  private let slopes: [Double]

  /// The density on the points of a grid, which has to hold all but a rounding error of it.
  public init(from truth: GaussianMixture, extent: Double, spacing: Double) {
    let grid = truth.grid(extent: extent, spacing: spacing)
    self.grid = grid
    volume = Double.pow(spacing, Double(truth.coordinates))
    let points = (0..<grid.count).map { grid[$0] }
    logDensity = points.map { point in truth.logDensity(at: point) }
    slopes = points.flatMap { point in gradient(of: { x in truth.logDensity(at: x) }, at: point) }
  }

  /// D(q, p) = ½ E_q |∇ ln p - ∇ ln q|², Hyvärinen's divergence: what the loss of score matching is too high by, in inverse
  /// squared lengths.
  public func hyvarinen(_ network: PointNetwork) -> Double {
    let jet = network.evaluate(grid, order: .gradient)
    let n = grid.particles
    return 0.5 * volume
      * jet.gradient.indices.reduce(0) { sum, i in
        let difference = 2 * jet.gradient[i] - slopes[i]
        return sum + Double.exp(logDensity[i / n]) * difference * difference
      }
  }

  /// E_q[ln q - ln p], Kullback and Leibler's divergence, in nats, by a sum over the grid. Z of p is summed there too, so that p
  /// outside of it does not count.
  ///
  /// - Complexity: two evaluations of the network a grid point.
  public func kullbackLeibler(_ network: PointNetwork) -> Double {
    let f = network.evaluate(grid, order: .value).logPsi
    let norm = MaximumLikelihood(grid: grid, volume: volume).logNormalisation(of: network)
    return volume
      * f.indices.reduce(0) { $0 + Double.exp(logDensity[$1]) * (logDensity[$1] - 2 * f[$1] + norm) }
  }
}
