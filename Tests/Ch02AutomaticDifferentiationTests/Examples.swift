import Ch02AutomaticDifferentiation

// Functions that several suites differentiate, each written once for all numbers.

/// (1 - x)² + 100 (y - x²)².
func rosenbrock<S: DifferentiableScalar>(_ x: [S]) -> S {
  power(1 - x[0], 2) + 100 * power(x[1] - x[0] * x[0], 2)
}

/// Σ_i sin(x_i x_{i+1}) e^(-x_i²/2) + tanh(Σ_i x_i): every variable meets others, no symmetry helps.
func entangled<S: DifferentiableScalar>(_ x: [S]) -> S {
  var sum: S = 0
  var terms: S = 0
  for i in x.indices {
    terms += sin(x[i] * x[(i + 1) % x.count]) * exp(-x[i] * x[i] / 2)
    sum += x[i]
  }
  return terms + tanh(sum)
}

/// x² y, x/y and e^(xy), from the plane into space.
func surface<S: DifferentiableScalar>(_ x: [S]) -> [S] { [x[0] * x[0] * x[1], x[0] / x[1], exp(x[0] * x[1])] }

/// e^(-a r²).
func gaussian<S: DifferentiableScalar>(_ x: [S], width a: S) -> S { exp(-a * x.reduce(0) { $0 + $1 * $1 }) }
