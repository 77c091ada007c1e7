import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// A loss over data, by a scoring rule: L(θ) = the mean over data of S(x, p_θ).
///
/// Chapter 7's step wants three things of a problem: how low it is (`loss`), its gradient (`slope`), and a metric. The first two
/// are the problem's. The third is a choice, and `metric` is the one that the rule brings along: the Hessian of its divergence,
/// averaged over the data.
///
///     D(p_θ, p_θ+δ) = ½ δᵀ G δ + …,      G an average over p_θ        (the talk's)
///     L(θ+δ) = L(θ) + gᵀδ + ½ δᵀ G_q δ + …,    G_q the same average over the data, plus what vanishes where p_θ = q
///
/// So G_q is Gauss and Newton's matrix, and G where the model fits. It needs no sample of the model: with a network that is
/// not normalised that is the difference between a product and a quadrature.
public protocol FittingProblem: Slope {
  /// L, in units of the rule.
  func loss(_ sample: Sample) -> Double
  /// G_q, in units of the rule per θ².
  var metric: any ParameterMetric { get }
}

extension FittingProblem {
  /// The network at the data, with V = 0 and nothing clipped: its energies are -½ (Δf + |∇f|²), and its gradient is theirs, not the
  /// loss's.
  ///
  /// - Parameters:
  ///   - network: f_θ.
  ///   - data: one point a walker; points of other than the network's coordinates stop the program.
  ///   - order: how far derivatives go; nil for what the problem asks for.
  ///   - step: counted from 1.
  ///   - threads: fewer than 1 count as 1.
  public func sample(_ network: PointNetwork, at data: Walkers, order: JetOrder? = nil, step: Int = 1, threads: Int = 1)
    -> Sample
  {
    Sample(
      NoPotential(particles: data.particles), network, at: data, order: order ?? self.order, clipping: false,
      step: step,
      threads: threads)
  }
}

/// V = 0: a local energy is then -½ (Δf + |∇f|²), which is what a density has to say about data (``ScoreMatching``).
public struct NoPotential: Hamiltonian {
  /// n.
  public let particles: Int

  /// For points of so many coordinates.
  public init(particles: Int) { self.particles = particles }

  /// Zeros.
  public func potentialEnergy(_ positions: Span<Lanes32>) -> (trap: Lanes32, interaction: Lanes32) { (.zero, .zero) }
}

/// A metric averaged over other points than those of the sample that it is asked at: over the model, say, where the sample is
/// the data. Products at any sample of the same network are those at `points`.
public struct MetricElsewhere<Metric: ParameterMetric>: ParameterMetric {
  /// The metric whose products are taken.
  public let metric: Metric
  /// Where it is averaged.
  public let points: Sample

  /// A metric and its points.
  public init(_ metric: Metric, at points: Sample) { (self.metric, self.points) = (metric, points) }

  public var order: JetOrder { .value }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    metric.product(v, points, precision: precision)
  }
}
