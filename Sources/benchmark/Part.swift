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
  /// What one run of `body` needs, where an ideal time makes sense.
  var work: Work?
  /// A, where there is one.
  var particles: Int?
  /// How often it is timed; nil for as often as the others.
  var repeats: Int?
  /// Whether there is a run before the timed ones.
  var warmsUp = true
  /// Nil if the values are right, else what is wrong.
  let check: () -> String?
  let body: () -> Double

  /// Floating-point operations, and bytes that have to come from memory.
  struct Work {
    var operations: Double
    var bytes = 0.0
    /// Whether operations are in single precision, of which a register holds twice as many.
    var isSingle = false
    /// Threads that share it.
    var threads = 1

    /// Seconds, if units are always busy and memory is read at its measured rate.
    func ideal(on machine: Machine) -> Double {
      let arithmetic = operations / (machine.peak * (isSingle ? 2 : 1) * Double(threads))
      return max(arithmetic, bytes / (machine.bandwidth * Double(threads)))
    }
  }

  struct Unit {
    let name: String
    let scale: Double
    static let milliseconds = Unit(name: "ms", scale: 1e3)
    static let nanoseconds = Unit(name: "ns", scale: 1e9)
    static let seconds = Unit(name: "s", scale: 1)
  }

  /// Sorted wall times of `repeats` runs after a warm-up; none where a body gives NaN, since it could not do its work.
  @inline(never) func time(repeats: Int) -> [Double] {
    var sink = warmsUp ? body() : 0
    let times = (0..<(self.repeats ?? repeats)).map { _ in
      let watch = Stopwatch()
      sink += body()
      return watch.seconds
    }
    return sink.isNaN ? [] : times.sorted()
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
