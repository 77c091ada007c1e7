import Ch00Lanes
import Ch06VariationalMonteCarlo

/// D(p, p') = E_p[ln p - ln p'], the information that p' lacks to code samples of p, estimated from walkers of p.
///
/// Both wave functions are unnormalised; the ratio of their norms is an average over the same walkers:
///
///     D = ln E_p[e^{r}] - E_p[r],       r = ln |ψ'|² - ln |ψ|²
///
/// To second order in δ it is ½ δᵀ F δ.
///
/// - Parameter r: ln |ψ'|² - ln |ψ|², one a walker of p.
/// - Complexity: O(n). The first term is dominated by the largest r: of use while D ≪ 1.
public func kullbackLeibler(logRatios r: [Double]) -> Double {
  let count = Double(r.count)
  let largest = r.max() ?? 0
  let logMean = largest + Double.log(r.reduce(0) { $0 + Double.exp($1 - largest) } / count)
  let divergence = logMean - r.reduce(0, +) / count
  // Jensen: never negative, up to rounding. NaN stays NaN.
  return divergence < 0 ? 0 : divergence
}
