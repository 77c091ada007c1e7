import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// δ = α Δ + μ δ_prev with (α, μ) where a quadratic model of the energy is least (`Rescaling`).
///
/// Where that points uphill, the step goes along -g, which always is downhill. The model's damping is λ for every
/// parameter, also where the direction was damped by λ s.
public struct QuadraticModel: StepLength {
  /// Q of the model ½ δᵀ(Q + λ)δ + gᵀδ.
  public let metric: any ParameterMetric

  /// The model with this Q; λ comes from the damping.
  public init(_ metric: any ParameterMetric) { self.metric = metric }

  public var order: JetOrder { metric.order }
  public var diagnostics: [Diagnostic] { [.alpha, .mu] }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    func rescaled(_ direction: [Double], _ previous: [Double]?) -> ([Double], Rescaling) {
      let rescaling = Rescaling(
        direction, previous: previous, gradient: sample.gradient, model: metric, lambda: lambda, sample)
      var change = direction.map { rescaling.alpha * $0 }
      if let previous { add(rescaling.mu, previous, to: &change) }
      return (change, rescaling)
    }
    var (change, rescaling) = rescaled(direction, previous)
    if dot(sample.gradient, change) >= 0 {
      (change, rescaling) = rescaled(sample.gradient.map { -$0 }, nil)
    }
    report[.alpha] = rescaling.alpha
    report[.mu] = rescaling.mu
    return (change, rescaling.predictedChange)
  }
}

/// δ = α Δ + μ δ_prev with (α, μ) at the minimum of M(δ) = ½ δᵀ(Q + λ)δ + gᵀδ over the plane of the two vectors.
///
///     [ Δᵀ(Q+λ)Δ       Δᵀ(Q+λ)δ_prev      ] [α]       [ gᵀΔ      ]
///     [ Δᵀ(Q+λ)δ_prev  δ_prevᵀ(Q+λ)δ_prev ] [μ]  =  - [ gᵀδ_prev ]
///
/// A Q that is not positive (the quasi-Hessian is not) can make the system indefinite, and its stationary point a
/// saddle: then λ is doubled until the system stays positive with half of λ's part taken off. Where it is singular,
/// or there is no δ_prev, μ = 0. Where the result points uphill, `QuadraticModel` goes along -g.
public struct Rescaling: Sendable, Equatable {
  /// α, the length along Δ.
  public let alpha: Double
  /// μ, the share of δ_prev.
  public let mu: Double
  /// M(δ) - M(0): the change that the model predicts.
  public let predictedChange: Double
  /// λ after doubling, if any.
  public let lambda: Double

  /// α and μ for this Δ.
  ///
  /// - Parameters:
  ///   - delta: Δ.
  ///   - previous: δ_prev; nil for none.
  ///   - g: g, one number a parameter.
  ///   - model: Q.
  ///   - lambda: λ of the model, at least.
  ///   - sample: the walkers that Q is a mean over.
  public init(
    _ delta: [Double], previous: [Double]?, gradient g: [Double], model: any ParameterMetric, lambda: Double,
    _ sample: Sample
  ) {
    let vectors = [delta] + (previous.map { [$0] } ?? [])
    let inPlane = model.forms(vectors, sample)
    var forms = Matrix(rows: 2, columns: 2)
    for i in vectors.indices { for j in vectors.indices { forms[i, j] = inPlane[i, j] } }
    self.init(
      forms: forms,
      squares: (dot(delta, delta), previous.map { dot(delta, $0) } ?? 0, previous.map { dot($0, $0) } ?? 0),
      slopes: (dot(g, delta), previous.map { dot(g, $0) } ?? 0), lambda: lambda)
  }

  /// The same from the numbers that the system is made of.
  ///
  /// - Parameters:
  ///   - forms: Q between Δ and δ_prev: [[ΔQΔ, ΔQδ], [δQΔ, δQδ]].
  ///   - squares: Δ·Δ, Δ·δ_prev, δ_prev·δ_prev.
  ///   - slopes: g·Δ and g·δ_prev.
  ///   - lambda: λ of the model, at least.
  public init(forms: Matrix, squares: (Double, Double, Double), slopes: (Double, Double), lambda: Double) {
    var lambda = lambda
    var (a, b, c) = (0.0, 0.0, 0.0)
    for _ in 0..<200 {
      a = forms[0, 0] + lambda * squares.0
      b = 0.5 * (forms[0, 1] + forms[1, 0]) + lambda * squares.1
      c = forms[1, 1] + lambda * squares.2
      // Positive, with a margin: at least half of what λ itself adds.
      let (ownA, ownC) = (0.5 * lambda * squares.0, 0.5 * lambda * squares.2)
      if a > 0 && a >= ownA && c >= ownC
        && (a - ownA) * (c - ownC) >= (b - 0.5 * lambda * squares.1) * (b - 0.5 * lambda * squares.1) * (1 - 1e-12)
      {
        break
      }
      lambda *= 2
    }
    let determinant = a * c - b * b
    var (alpha, mu) = (0.0, 0.0)
    if a > 0, determinant > 1e-8 * a * c {
      alpha = -(c * slopes.0 - b * slopes.1) / determinant
      mu = -(a * slopes.1 - b * slopes.0) / determinant
    } else if a > 0 {
      alpha = -slopes.0 / a
    }
    self.alpha = alpha
    self.mu = mu
    self.lambda = lambda
    predictedChange =
      0.5 * (alpha * alpha * a + 2 * alpha * mu * b + mu * mu * c) + alpha * slopes.0 + mu * slopes.1
  }
}

extension Diagnostic {
  /// The weight of the last step in this one: by a quadratic model, or in a prior.
  public static let mu = Diagnostic("mu", symbol: "μ", "weight of the last step")
}
