import Ch00Lanes
import Ch02AutomaticDifferentiation

/// σ, the function that a hidden unit applies to its sum.
///
/// An antisymmetric sum keeps of σ what changes under exchanges. A smooth σ over a small range is nearly a polynomial of low
/// degree, of which little is left; a σ with a kink is close to none. The rectifier is here for that comparison alone: its ψ
/// has kinks, where the kinetic energy is more than the local energy sees.
public enum Activation: String, Sendable, CaseIterable {
  /// tanh u.
  case tanh
  /// sin u: the antisymmetric sum is a determinant, Im e^{ib} det e^{i w_i x_j}.
  case sine
  /// max(u, 0); its derivatives beyond the first are taken as 0.
  case rectifier
  /// e^u: the antisymmetric sum is e^b det e^{w_i x_j}.
  case exponential

  /// σ(u) for any scalar.
  @inlinable public func callAsFunction<S: DifferentiableScalar>(_ u: S) -> S {
    switch self {
    case .tanh: S.tanh(u)
    case .sine: S.sin(u)
    case .rectifier: u > 0 ? u : 0
    case .exponential: S.exp(u)
    }
  }

  /// σ(u) of 32 walkers.
  @inline(__always) func value(_ u: Lanes32) -> Lanes32 {
    switch self {
    case .tanh: u.map(Lanes.tanh)
    case .sine: u.map(Lanes.sin)
    case .rectifier: u.map { $0.replacing(with: 0, where: $0 .< 0) }
    case .exponential: u.map(Lanes.exp)
    }
  }

  /// σ, σ′, σ″ and σ‴ of 32 walkers.
  @inline(__always) func derivatives(_ u: Lanes32) -> (Lanes32, Lanes32, Lanes32, Lanes32) {
    switch self {
    case .tanh:
      let t = u.map(Lanes.tanh)
      let squares = t * t
      let first = 1 + (-1) * squares
      return (t, first, (-2) * (t * first), first * (-2 + 6 * squares))
    case .sine:
      let (sin, cos) = (u.map(Lanes.sin), u.map(Lanes.cos))
      return (sin, cos, -sin, -cos)
    case .rectifier:
      let step = u.map { Lanes(repeating: 1).replacing(with: 0, where: $0 .< 0) }
      return (step * u, step, .zero, .zero)
    case .exponential:
      let y = u.map(Lanes.exp)
      return (y, y, y, y)
    }
  }
}
