import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// Fitting f_θ(x) to values y, and to slopes y′ where the data have them.
///
///     L = ⟨½ (f - y)²⟩ + ½ c ⟨(∂f - y′)²⟩          g = ⟨(f - y) O⟩ + c ⟨(∂f - y′) M⟩          G = ⟨O Oᵀ⟩ + c ⟨M Mᵀ⟩
///
/// The model of a value is p(y|x) = N(f(x), s²). The logarithmic score of it is (f - y)²/2s² but for a constant, and Hyvärinen's,
/// by y, (f - y)²/2s⁴: two rules, one loss and one metric, up to factors that a step -G⁻¹g does not know. With c = 0 decisional
/// and natural gradient descent are the same method, that of Gauss and Newton; a test holds them to it. With c > 0 the rule looks
/// at slopes, and G is no longer the metric of values.
public struct Regression: FittingProblem {
  /// y, a number a point.
  public let values: [Double]
  /// y′, row-major [points × coordinates]; empty where there are none.
  public let slopes: [Double]
  /// c ≥ 0, in squared lengths.
  public let slopeWeight: Double

  /// Values, and slopes with their weight; one without the other stops the program.
  public init(values: [Double], slopes: [Double] = [], slopeWeight: Double = 0) {
    precondition(slopeWeight >= 0 && slopes.isEmpty == (slopeWeight == 0), "slopes and a positive weight go together")
    (self.values, self.slopes, self.slopeWeight) = (values, slopes, slopeWeight)
  }

  public var order: JetOrder { slopeWeight > 0 ? .gradient : .value }

  /// L; data of another count than the sample's points stop the program.
  public func loss(_ sample: Sample) -> Double {
    let (ofValues, ofSlopes) = residuals(sample)
    return 0.5 * (dot(ofValues, ofValues) + slopeWeight * dot(ofSlopes, ofSlopes)) / Double(values.count)
  }

  /// g.
  public func slope(_ sample: Sample) -> [Double] {
    let (ofValues, ofSlopes) = residuals(sample)
    var gradient = sample.derivatives.logDerivatives(weighted: sample.averaging(ofValues))
    if slopeWeight > 0 {
      add(slopeWeight, sample.derivatives.mixedDerivatives(weighted: sample.averaging(ofSlopes)), to: &gradient)
    }
    return gradient
  }

  /// G.
  public var metric: any ParameterMetric { FunctionMetric(slopeWeight: slopeWeight) }

  private func residuals(_ sample: Sample) -> (values: [Double], slopes: [Double]) {
    precondition(sample.walkers.count == values.count, "\(values.count) values for \(sample.walkers.count) points")
    let coordinates = sample.walkers.positions.count
    precondition(slopes.isEmpty || slopes.count == coordinates, "\(slopes.count) slopes for \(coordinates) coordinates")
    let jet = sample.derivatives.evaluation
    return (zip(jet.logPsi, values).map { $0 - $1 }, slopes.isEmpty ? [] : zip(jet.gradient, slopes).map { $0 - $1 })
  }
}

/// E[O Oᵀ] + c E[M Mᵀ]: how far a step moves f itself, and its slope.
///
/// Unlike Fisher's metric of a density it is not centred: a constant counts, since f is no logarithm of something that is
/// normalised.
public struct FunctionMetric: ParameterMetric {
  /// c ≥ 0.
  public let slopeWeight: Double

  /// c; 0 for values alone.
  public init(slopeWeight: Double = 0) { self.slopeWeight = slopeWeight }

  public var order: JetOrder { slopeWeight > 0 ? .gradient : .value }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let values = sample.averaging(sample.derivatives.logDerivatives(along: v))
    var product = sample.derivatives.logDerivatives(weighted: values)
    if slopeWeight > 0 {
      let slopes = sample.averaging(sample.derivatives.mixedDerivatives(along: v))
      add(slopeWeight, sample.derivatives.mixedDerivatives(weighted: slopes), to: &product)
    }
    return product
  }
}
