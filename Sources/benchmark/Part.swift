import AppendixText

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One thing that is timed.
///
/// Bodies are escaping closures that return a number, called from a function that is never inlined: the optimiser can
/// neither hoist nor drop them.
struct Part {
  let name: String
  /// Calls or elements a run of `body`, by which its time is divided.
  var items = 1.0
  var unit = Unit.milliseconds
  /// Floating-point operations of one run of `body` on one thread, where a share of the peak makes sense.
  var operations: Double?
  /// Nil if the values are right, else what is wrong.
  let check: () -> String?
  let body: () -> Double

  struct Unit {
    let name: String
    let scale: Double
    static let milliseconds = Unit(name: "ms", scale: 1e3)
    static let nanoseconds = Unit(name: "ns", scale: 1e9)
  }

  /// Sorted wall times of `repeats` runs after a warm-up.
  @inline(never) func time(repeats: Int) -> [Double] {
    var sink = body()
    let times = (0..<repeats).map { _ in
      let watch = Stopwatch()
      sink += body()
      return watch.seconds
    }
    if sink == 1.2345 { complain("a coincidence") }
    return times.sorted()
  }
}

/// Nil if x and y agree to a fraction of the largest |y|.
func agreement(_ x: [Double], _ y: [Double], _ fraction: Double) -> String? {
  guard x.count == y.count else { return "\(x.count) values instead of \(y.count)" }
  let scale = y.reduce(0) { max($0, abs($1)) }
  for (i, pair) in zip(x, y).enumerated() where !(abs(pair.0 - pair.1) <= fraction * scale) {
    return "value \(i) is \(pair.0), the plain version gives \(pair.1)"
  }
  return nil
}

func complain(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  // Unsafe: `write` takes a pointer, and the buffer's own count with it.
  _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
