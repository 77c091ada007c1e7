import Ch02AutomaticDifferentiation

/// Distributions p_θ of one real outcome x, known by their parameters θ.
///
/// A family is a formula and a quadrature:
///
///     struct Logistic: ParametricFamily {
///       let parameterCount = 1
///       func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
///         -2 * log(exp((x - parameters[0]) / 2) + exp((parameters[0] - x) / 2))
///       }
///       func quadrature(resolving parameters: [[Double]]) -> Quadrature { … }
///     }
///
/// The formula is generic, so that it can be differentiated by θ and by x as often as a rule or a metric asks for.
public protocol ParametricFamily: Sendable {
  /// How many numbers θ has.
  var parameterCount: Int { get }

  /// ln p_θ(x) + ln Z(θ), -∞ where there are no outcomes: normalised, ∫ p dx = 1, or Σ_x p = 1 on sites, unless the
  /// family has a ``logNormalisation(parameters:)``.
  func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S

  /// ln Z(θ), by which ``logDensity(at:parameters:)`` is too large at every x: 0 unless the family says otherwise. A
  /// member asks for it once.
  func logNormalisation<S: DifferentiableScalar>(parameters: [S]) -> S

  /// Nodes on which products of any two of these members, times polynomials, integrate to rounding.
  ///
  /// - Parameter parameters: shape [members][parameterCount].
  func quadrature(resolving parameters: [[Double]]) -> Quadrature
}

extension ParametricFamily {
  /// 0, of a formula that is normalised.
  public func logNormalisation<S: DifferentiableScalar>(parameters: [S]) -> S { 0 }
}

/// A member p_θ of a family: what one states in a game, and what outcomes are drawn from.
public struct Distribution<Family: ParametricFamily, Scalar: DifferentiableScalar> {
  /// The family that p belongs to.
  public let family: Family
  /// θ, shape [parameterCount].
  public let parameters: [Scalar]
  private let logNormalisation: Scalar

  /// p_θ; another number of parameters than the family's stops the program.
  public init(_ family: Family, _ parameters: [Scalar]) {
    precondition(
      parameters.count == family.parameterCount,
      "a family of \(family.parameterCount) parameters has no member with \(parameters.count)")
    self.family = family
    self.parameters = parameters
    logNormalisation = family.logNormalisation(parameters: parameters)
  }

  /// The same member over other numbers, its parameters constants.
  public init(constant p: Distribution<Family, Double>) {
    (family, parameters) = (p.family, p.parameters.map { Scalar($0) })
    logNormalisation = Scalar(p.logNormalisation)
  }

  /// ln p(x); on a line p is an inverse length.
  public func logDensity(at x: Double) -> Scalar {
    family.logDensity(at: Scalar(x), parameters: parameters) - logNormalisation
  }

  /// ∂_x ln p and ∂_x² ln p, by dual numbers over dual numbers; both vanish where p lives on sites only.
  public func logDensityDerivatives(at x: Double) -> (first: Scalar, second: Scalar) {
    let one: Scalar = 1
    let point = Dual(Dual(Scalar(x), tangent: one), tangent: Dual(constant: one))
    let logDensity = family.logDensity(at: point, parameters: parameters.map { Dual(constant: Dual(constant: $0)) })
    return (logDensity.primal.tangent, logDensity.tangent.tangent)
  }

  /// Nodes for integrals over this member alone, chosen anew at each call.
  public var quadrature: Quadrature { family.quadrature(resolving: [plainParameters]) }

  /// E_{X~p} f(X).
  ///
  /// - Parameters:
  ///   - quadrature: nodes that resolve p f.
  ///   - f: a function of the outcome.
  /// - Complexity: a density and a value of f for each node.
  public func expectation(over quadrature: Quadrature, of f: (Double) -> Scalar) -> Scalar {
    var sum: Scalar = 0
    for x in quadrature.nodes { sum += exp(logDensity(at: x)) * f(x) }
    return sum * Scalar(quadrature.weight)
  }

  /// θ without derivatives.
  var plainParameters: [Double] { parameters.map(\.value) }
}

extension Distribution: Sendable where Scalar: Sendable {}

extension ParametricFamily {
  /// p_θ; another number of parameters than the family's stops the program.
  public func callAsFunction<S: DifferentiableScalar>(_ parameters: [S]) -> Distribution<Self, S> {
    Distribution(self, parameters)
  }
}
