import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// s of the damping λ s: in which units each parameter is damped.
public protocol DampingScale: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// s > 0, one number a parameter.
  mutating func scale(_ sample: Sample) -> [Double]
  /// Takes note of the direction that was found with it.
  mutating func note(direction: [Double])
}

extension DampingScale {
  /// Nothing.
  public mutating func note(direction: [Double]) {}
}

/// s: how stiff each layer is, one entry a parameter; the damping of a step is λ s.
///
///     s_p = 1 + median of the metric's diagonal over the layer of p (of an even number, the upper middle one)
///
/// Two orbitals that are almost the same span the same space as two that are not: ψ is the same but for a factor. But
/// ln|ψ| answers to their weights 1/ε times as strongly, where ε measures how far apart they are, and the metric's
/// diagonal grows by 1/ε². A damping λ alone lets through whatever the present sample happens to say about such
/// weights: strongly attracted fermions drift there in some runs and are lost. A damping that grows with the diagonal
/// holds the step in ψ, whatever the weights are. It is Marquardt's scaling (SIAM J. Appl. Math. 11, 431 (1963)) with
/// one number a layer, so that a single parameter without effect on this sample is damped as its neighbours are.
///
/// The 1 is for the layers whose diagonal is small: without it the hidden layers follow the noise of the first samples.
/// The median, because a few weights of the orbital layer can hold most of its trace, and the mean would damp all
/// others as if they were as stiff.
///
/// The diagonal costs as much as three or four products with a vector, and a layer's median changes slowly: it is taken anew
/// every few steps.
public struct LayerStiffness: DampingScale {
  /// The metric whose diagonal is looked at.
  public let metric: any BlockMetric
  /// Steps between two looks at the diagonal, at least 1.
  public var interval: Int
  /// 1 + median, one entry a layer; nil before the first step.
  private var layers: [Double]?

  /// A scale that has not looked at a metric yet.
  ///
  /// - Parameters:
  ///   - metric: the one whose diagonal says how stiff a layer is.
  ///   - interval: steps between two looks at the diagonal, at least 1.
  public init(of metric: any BlockMetric, interval: Int = 5) {
    precondition(interval > 0, "the interval must be positive, got \(interval)")
    (self.metric, self.interval) = (metric, interval)
  }

  public var order: JetOrder { metric.order }

  public mutating func scale(_ sample: Sample) -> [Double] {
    let groups = sample.parameterGroups
    var current = layers ?? []
    if current.count != groups.count || (sample.step - 1) % interval == 0 {
      let diagonal = metric.diagonal(sample)
      current = groups.map { 1 + diagonal[$0.range].sorted()[$0.range.count / 2] }
      layers = current
    }
    return zip(groups, current).flatMap { [Double](repeating: $1, count: $0.range.count) }
  }

  public func save(to state: inout OptimizerState) { state.append("layers", layers) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    layers = try reader.list("layers", count: reader.groups.count)
    guard layers?.allSatisfy({ $0 > 0 }) ?? true else {
      throw OptimizerStateError("tensor layers holds a number that is not positive")
    }
  }
}
