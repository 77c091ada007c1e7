/// Wall time since the watch was made.
///
///     let watch = Stopwatch()
///     …
///     print("\(fixed(watch.milliseconds, 0)) ms")
package struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// Starts now.
  package init() {}

  /// Time since the start; the watch runs on.
  package var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
  /// The same in milliseconds.
  package var milliseconds: Double { (ContinuousClock.now - start) / .milliseconds(1) }
}

/// The shortest of several runs, in milliseconds, and what the last one returned.
///
/// A first run is not counted: it fills memory and caches. Whatever else the machine does makes a run longer and never
/// shorter, so the shortest is the one that says most about the work itself.
@inline(never)
package func shortestTime<Result>(repeats: Int = 10, of work: () -> Result) -> (milliseconds: Double, result: Result) {
  var result = work()
  var shortest = Double.infinity
  for _ in 0..<repeats {
    let watch = Stopwatch()
    result = work()
    shortest = min(shortest, watch.milliseconds)
  }
  return (shortest, result)
}
