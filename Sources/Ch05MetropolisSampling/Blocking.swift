/// The standard error of the mean of one correlated series, by blocking.
///
/// Neighbouring values are averaged in pairs, again and again. While values are correlated the naive error s/√n grows
/// from level to level; once blocks are longer than the correlation it stays. The largest of the naive errors over at least
/// eight blocks is returned: with eight its own uncertainty is about a quarter.
///
/// - Parameter series: at least two values; fewer give an infinite error, since nothing is known of their spread.
/// - Complexity: O(n).
/// - Source: Flyvbjerg and Petersen, J. Chem. Phys. 91, 461 (1989).
package func blockingError(_ series: [Double]) -> Double {
  guard series.count > 1 else { return .infinity }
  var level = series
  var largest = 0.0
  while level.count >= 2 {
    let n = Double(level.count)
    let mean = level.reduce(0, +) / n
    let variance = level.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    if level.count >= 8 || level.count == series.count { largest = max(largest, (variance / n).squareRoot()) }
    level = (0..<level.count / 2).map { i -> Double in 0.5 * (level[2 * i] + level[2 * i + 1]) }
  }
  return largest
}
