import Ch04DeterminantAnsatz

/// g = ∂_θ E = 2 E[(E_L - Ē) ∂_θ ℓ], over the walkers with their weights.
///
/// The derivative of E_L itself drops out: E[∂_θ E_L] = 0 because H is Hermitian. And ∂_θ ℓ need not be centred, since
/// E_L - Ē is.
///
/// - Parameters:
///   - energies: E_L, clipped or not, [walkers], in ħω; another count than the derivatives' stops the program.
///   - derivatives: ∂_θ ℓ at the same walkers.
/// - Returns: shape [parameterCount], in ħω.
/// - Complexity: one product Oᵀ u.
public func energyGradient(energies: [Double], derivatives: ParameterDerivatives) -> [Double] {
  let count = Double(energies.count)
  let mean = WeightedMean(energies, weights: derivatives.weights).mean
  var u = energies.map { 2 * ($0 - mean) / count }
  if let weights = derivatives.weights { for w in u.indices { u[w] *= weights[w] } }
  return derivatives.logDerivatives(weighted: u)
}
