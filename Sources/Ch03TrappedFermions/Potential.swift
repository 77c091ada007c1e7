import Ch00Lanes

/// An energy as a function of one length: of a position (a trap), or of the distance x_i - x_j of two fermions (an
/// interaction).
///
/// Only the plain function is needed:
///
///     struct DoubleWell: Potential {
///       func callAsFunction(_ x: Double) -> Double { 0.25 * (x * x - 4) * (x * x - 4) }
///     }
///
/// An interaction is even, v(r) = v(-r). Both are functions (the same answer for the same length, on any thread) and
/// finite on the line. Energies in ħω, lengths in √(ħ/mω). ``TrappedFermions/requireGroundState()`` looks whether that is so;
/// the references of this chapter ask it, variational Monte Carlo does not.
///
/// For a formula of one line there is ``FunctionPotential``.
///
/// Variational Monte Carlo asks for whole lanes; written with lanes too, a potential runs there about ten times faster.
public protocol Potential: Sendable {
  /// The energy at one length, in ħω.
  func callAsFunction(_ length: Double) -> Double

  /// The energy at eight lengths, in ħω; one after the other if not written.
  func callAsFunction(_ lengths: Lanes) -> Lanes

  /// Replaces lengths by their energies, 32 walkers an element.
  ///
  /// One call for all pairs: a call for each eight lanes would cost more than the arithmetic. There is no need to write
  /// it.
  func evaluate(_ lengths: inout MutableSpan<Lanes32>)
}

extension Potential {
  /// The energy at eight lengths, in ħω, one after the other.
  @inlinable public func callAsFunction(_ lengths: Lanes) -> Lanes {
    var energies = Lanes()
    for lane in 0..<8 { energies[lane] = self(lengths[lane]) }
    return energies
  }

  /// Replaces lengths by their energies, eight walkers a call.
  @inlinable public func evaluate(_ lengths: inout MutableSpan<Lanes32>) {
    for i in lengths.indices {
      let x = lengths[i]
      lengths[i] = Lanes32(self(x.a), self(x.b), self(x.c), self(x.d))
    }
  }
}

/// A closure as a potential: `FunctionPotential { 0.25 * $0 * $0 * $0 * $0 }`.
public struct FunctionPotential: Potential {
  /// The energy in ħω at a length in √(ħ/mω).
  public let energy: @Sendable (Double) -> Double

  /// A potential of this energy, which must be what ``Potential`` says.
  public init(_ energy: @escaping @Sendable (Double) -> Double) { self.energy = energy }

  public func callAsFunction(_ length: Double) -> Double { energy(length) }
}

/// ½ ω² x² in ħω: the trap of the book, with ω = 1 unless said.
public struct HarmonicTrap: Potential, Equatable {
  /// ω in units of the trap that sets the scale.
  public let frequency: Double

  /// A trap of frequency ω; one that is not positive and finite stops the program.
  public init(frequency: Double = 1) {
    precondition(frequency > 0 && frequency.isFinite, "a trap's frequency must be positive, got \(frequency)")
    self.frequency = frequency
  }

  /// ½ ω² x², in ħω.
  @inlinable @inline(__always) public func callAsFunction(_ x: Double) -> Double {
    0.5 * frequency * frequency * x * x
  }

  /// ½ ω² x² at eight positions, in ħω.
  @inlinable @inline(__always) public func callAsFunction(_ x: Lanes) -> Lanes {
    0.5 * frequency * frequency * x * x
  }
}

/// V0/(√(2π) σ0) · exp(-r²/(2 σ0²)): an interaction of integral V0 over the distance r, whatever its range σ0.
///
/// Attractive for V0 < 0. For σ0 → 0 it becomes V0 δ(r), which spinless fermions do not feel at all.
public struct GaussianInteraction: Potential, Equatable {
  /// V0, in ħω √(ħ/mω).
  public let strength: Double
  /// σ0, in √(ħ/mω).
  public let range: Double

  @usableFromInline let peak: Double
  @usableFromInline let exponent: Double

  /// The interaction of this strength and range; a range that is not positive, or a number that is not finite, stops
  /// the program.
  public init(strength: Double, range: Double = 0.5) {
    precondition(strength.isFinite, "strength must be a finite number, got \(strength)")
    precondition(range > 0 && range.isFinite, "range must be positive, got \(range)")
    self.strength = strength
    self.range = range
    peak = strength / ((2 * Double.pi).squareRoot() * range)
    exponent = -0.5 / (range * range)
  }

  /// v(r), in ħω.
  @inlinable @inline(__always) public func callAsFunction(_ r: Double) -> Double {
    peak * Double.exp(exponent * r * r)
  }

  /// v(r) at eight distances, in ħω; at large r it stays at 3e-308 of its peak.
  @inlinable @inline(__always) public func callAsFunction(_ r: Lanes) -> Lanes {
    peak * Lanes.expOfNegative(exponent * r * r)
  }
}
