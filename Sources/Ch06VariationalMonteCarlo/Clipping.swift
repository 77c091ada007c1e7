/// Local energies drawn back to within five mean deviations of their median.
///
///     E_L ← clamp(E_L, median - 5 d, median + 5 d),       d = mean |E_L - median|
///
/// Close to a node E_L diverges, and one walker in a thousand can outweigh all the others in a gradient. Clipping
/// biases the gradient a little and calms it a lot. It is never applied to an energy that is reported.
///
/// - Parameters:
///   - energies: E_L, one a walker, in ħω.
///   - factor: 5, or another number of mean deviations.
/// - Returns: as many energies in the same order; none for none.
/// - Complexity: O(n log n).
public func clipped(_ energies: [Double], factor: Double = 5) -> [Double] {
  guard !energies.isEmpty else { return [] }
  let center = median(energies)
  let deviation = energies.reduce(0) { $0 + abs($1 - center) } / Double(energies.count)
  let (low, high) = (center - factor * deviation, center + factor * deviation)
  return energies.map { min(max($0, low), high) }
}

/// The middle value, or the mean of the two middle ones; no values stop the program.
/// - Complexity: O(n log n).
public func median(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "no values have no median")
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
}
