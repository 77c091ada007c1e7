import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch11ScoringRules

// Distributions that several suites play with, and two families of the tests' own.

typealias Gaussian = Distribution<Gaussians, Double>

/// Means and widths of order one, none of them near another.
let gaussians: [Gaussian] = [[0, 1], [0.3, 1.1], [-0.7, 0.6], [1.5, 2.2], [0.1, 0.25]].map { Gaussians()($0) }

/// Distributions over five sites, from even to nearly certain.
let forecasts: [Distribution<Lattice, Double>] = [
  [0, 0, 0, 0, 0], [0.5, -0.2, 0.1, 0.3, -1], [1, 2, 3, 2, 1], [4, 0, -2, 0.5, 0], [-3, -3, 0, 5, 0.2],
].map { Lattice(sites: 5)($0) }

extension Matrix {
  /// Row after row, to compare by `≈`.
  var list: [Double] { Array(elements) }
}

/// ln p = -2 ln(2 cosh((x - μ)/2s)) - ln s: heavier tails than a Gaussian's. Poles at distance πs from the line.
struct Logistic: ParametricFamily {
  let parameterCount = 2

  func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
    let z = abs(x - parameters[0]) / parameters[1]
    return -z - 2 * log(1 + exp(-z)) - log(parameters[1])
  }

  func quadrature(resolving parameters: [[Double]]) -> Quadrature {
    let (lower, upper) = (
      parameters.map { $0[0] - 45 * $0[1] }.min() ?? 0, parameters.map { $0[0] + 45 * $0[1] }.max() ?? 0
    )
    return .line(from: lower, to: upper, spacing: 0.4 * (parameters.map { $0[1] }.min() ?? 1))
  }
}

/// Gaussians by θ = (μ + ln σ, ln σ): the same distributions under other names.
struct RenamedGaussians: ParametricFamily {
  let parameterCount = 2

  func original<S: DifferentiableScalar>(_ θ: [S]) -> [S] { [θ[0] - θ[1], exp(θ[1])] }

  func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
    Gaussians().logDensity(at: x, parameters: original(parameters))
  }

  func quadrature(resolving parameters: [[Double]]) -> Quadrature {
    Gaussians().quadrature(resolving: parameters.map { original($0) })
  }
}

/// -q(x)/‖q‖: a rule of the reader's own, as in the documentation of `ScoringRule`.
struct SphericalScore: ScoringRule {
  func score<F: ParametricFamily, S: DifferentiableScalar>(_ q: Distribution<F, S>) -> (_ x: Double) -> S {
    let norm = sqrt(q.expectation(over: q.quadrature) { exp(q.logDensity(at: $0)) })
    return { x in -exp(q.logDensity(at: x)) / norm }
  }
}
