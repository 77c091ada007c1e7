import Ch01LinearAlgebra
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// λ = c ‖g‖^p, and no less than noise/W, W the number of walkers.
///
/// Far from the goal the gradient is large and a quadratic model not to be believed; close to it λ goes away by itself, and no
/// schedule is needed. p = ½ is for Newton's method on convex functions, which then converges from anywhere. A sampled g does
/// not go to zero: its norm ends as that of its noise, σ(E_L) √(tr F/W), which goes away as ψ becomes an eigenstate.
///
/// - Source: Mishchenko, arXiv:2112.02089, for p = ½.
public struct GradientNormDamping: Damping {
  /// c: a number for p = 1, √ħω for p = ½.
  public var factor: Double
  /// p.
  public var power: Double
  /// What is divided by the number of walkers for the least λ, in the metric's unit; 2 as in pi-dgd.
  public var noise: Double

  /// Numbers that are not positive stop the program; noise may be zero, but then g must not be.
  public init(_ factor: Double, power: Double = 1, noise: Double = 2) {
    precondition(factor > 0 && power > 0 && noise >= 0, "positive numbers are needed")
    (self.factor, self.power, self.noise) = (factor, power, noise)
  }

  public func lambda(_ sample: Sample) -> Double {
    max(factor * Double.pow(norm(sample.gradient), power), noise / Double(sample.walkers.count))
  }
}
