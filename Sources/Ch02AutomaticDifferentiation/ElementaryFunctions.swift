// The elementary functions by their usual names, so that a formula reads as on paper: `exp(-x * x / 2)`.
//
// Where Foundation is imported too, a plain Double still goes to Foundation's functions, since these are not generic;
// both give the C library's value.

/// e^x, its own derivative.
@inlinable public func exp<S: DifferentiableScalar>(_ x: S) -> S { S.exp(x) }

/// ln x, with the derivative 1/x; -∞ at 0, NaN below.
@inlinable public func log<S: DifferentiableScalar>(_ x: S) -> S { S.log(x) }

/// tanh x; its derivative 1 - tanh² x keeps full relative precision at every x.
@inlinable public func tanh<S: DifferentiableScalar>(_ x: S) -> S { S.tanh(x) }

/// sin x, x in radians, with the derivative cos x.
@inlinable public func sin<S: DifferentiableScalar>(_ x: S) -> S { S.sin(x) }

/// cos x, x in radians, with the derivative -sin x.
@inlinable public func cos<S: DifferentiableScalar>(_ x: S) -> S { S.cos(x) }

/// Square root; at 0 its derivative is +∞, the limit from the right.
@inlinable public func sqrt<S: DifferentiableScalar>(_ x: S) -> S { S.sqrt(x) }

/// |x|; at 0 its derivative is 0.
@inlinable public func abs<S: DifferentiableScalar>(_ x: S) -> S { S.abs(x) }

/// xⁿ; x⁰ is the constant 1 also at x = 0.
@inlinable public func power<S: DifferentiableScalar>(_ x: S, _ exponent: Int) -> S { S.power(x, exponent) }

/// x^y for x > 0, or for any x where y is a constant integer.
@inlinable public func power<S: DifferentiableScalar>(_ x: S, _ exponent: S) -> S { S.power(x, exponent) }
