import AppendixText
import NeuralQuantumStates

/// A search for good values of positive numbers, one at a time and by factors, for a fixed number of trials.
///
/// The first number is multiplied by √10 for as long as that helps, or divided; then the second one, and so on; after a
/// round that changed nothing the factor becomes its own square root. With few trials that is all the method there is to
/// tuning by hand.
struct CoordinateSearch {
  /// The numbers' names in the order in which they are tried, and their bounds.
  let coordinates: [(name: String, bounds: ClosedRange<Double>)]
  let trials: Int

  /// The best of the values that were tried, and how often something was.
  ///
  /// - Parameter score: what is to be small, of values by name and the trial's number from 1; infinite for a failure.
  func run<Failure: Error>(
    from start: [String: Double], score: ([String: Double], Int) throws(Failure) -> Double
  ) throws(Failure) -> (values: [String: Double], score: Double, trials: Int) {
    var (best, done) = (start, 1)
    var bestScore = try score(start, 1)
    var tried: Set = [start]
    /// Whether the best values with one of them multiplied are better; they are the best from then on.
    func improves(_ name: String, _ bounds: ClosedRange<Double>, by factor: Double) throws(Failure) -> Bool {
      var values = best
      guard let value = values[name], done < trials, bounds.contains(value * factor) else { return false }
      values[name] = rounded(value * factor)
      guard tried.insert(values).inserted else { return false }
      done += 1
      let found = try score(values, done)
      if found < bestScore { (best, bestScore) = (values, found) }
      return found <= bestScore && best == values
    }
    var factor = 10.0.squareRoot()
    while done < trials, factor > 1.05, !coordinates.isEmpty {
      var hasChanged = false
      for (name, bounds) in coordinates {
        for step in [factor, 1 / factor] {
          var helps = false
          while try improves(name, bounds, by: step) { helps = true }
          if helps {
            hasChanged = true
            break
          }
        }
      }
      if !hasChanged { factor = factor.squareRoot() }
    }
    return (best, bestScore, done)
  }

  /// To three digits: values that people can read and type, and the same on any machine.
  private func rounded(_ x: Double) -> Double { Double(scientific(x, 2)) ?? x }
}
