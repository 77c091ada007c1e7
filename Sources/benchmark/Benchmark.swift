import AppendixFiles
import AppendixText

/// Reads the options, runs all parts, prints what they give. Returns the exit code.
func runBenchmark(_ words: [String]) -> Int32 {
  let options: Options
  do {
    options = try Options(words)
  } catch {
    complain("benchmark: \(error.message)")
    return 64
  }
  if options.help {
    print("usage: benchmark [--particles 2,6] [--threads N] [--repeats N] [--match TEXT] [--json]")
    print("\nTimes the parts whose names contain TEXT, or all of them, each after a check of its values:")
    for part in allParts(options) { print("  " + part.name) }
    return 0
  }
  var parts = allParts(options)
  if let text = options.match { parts = parts.filter { $0.name.contains(text) } }
  guard !parts.isEmpty else {
    complain("benchmark: no part's name contains '\(options.match ?? "")'; --help lists them")
    return 64
  }

  let peak = measurePeak(repeats: options.repeats)
  if !options.json {
    print("peak of one thread: \(fixed(peak / 1e9, 1)) GFLOP/s (independent fused multiply-adds)")
    print(
      "\(padded("part", 46)) \(rightAligned("median", 12)) \(rightAligned("spread", 8)) \(rightAligned("of peak", 9))")
  }
  var rows: [JSONValue] = []
  var failed = false
  for part in parts {
    if let problem = part.check() {
      complain("benchmark: \(part.name): \(problem)")
      failed = true
      continue
    }
    let times = part.time(repeats: options.repeats)
    let median = times[times.count / 2]
    let spread = (times[times.count - 1] - times[0]) / median
    let share = part.operations.map { $0 / median / peak }
    if !options.json {
      let shown = "\(fixed(median / part.items * part.unit.scale, 3)) \(part.unit.name)"
      let shareText = share.map { "\(fixed(100 * $0, 0)) %" } ?? ""
      print(
        "\(padded(part.name, 46)) \(rightAligned(shown, 12)) \(rightAligned("\(fixed(100 * spread, 0)) %", 8)) \(rightAligned(shareText, 9))"
      )
    }
    rows.append([
      "part": JSONValue(part.name), "seconds": JSONValue(median / part.items), "spread": JSONValue(spread),
      "of_peak": JSONValue(share),
    ])
  }
  if options.json {
    let json: JSONValue = ["peak_flops": JSONValue(peak), "threads": JSONValue(options.threads), "parts": .array(rows)]
    print(json.line)
  }
  return failed ? 70 : 0
}

private func allParts(_ options: Options) -> [Part] {
  options.particles.reduce(kernelParts()) { parts, particles in
    guard let prepared = Prepared(particles: particles, threads: options.threads) else { return parts }
    return parts + ansatzParts(prepared) + stepParts(prepared)
  }
}

/// The words on the command line.
struct Options {
  var particles = [2, 6]
  var threads = 2
  var repeats = 15
  /// Only parts whose names contain this.
  var match: String?
  var json = false
  var help = false

  struct Wrong: Error { let message: String }

  init(_ words: [String]) throws(Wrong) {
    var rest = words[...]
    func count(_ text: String?, _ name: String, _ range: ClosedRange<Int>) throws(Wrong) -> Int {
      guard let text, let value = Int(text), range.contains(value) else {
        throw Wrong(
          message:
            "\(name) is '\(text ?? "")'; a whole number from \(range.lowerBound) to \(range.upperBound) is needed")
      }
      return value
    }
    while let word = rest.popFirst() {
      switch word {
      case "--json": json = true
      case "--help", "-h": help = true
      case "--match":
        match = rest.popFirst()
        if match == nil { throw Wrong(message: "--match needs a value: part of a name; --help lists them") }
      case "--threads": threads = try count(rest.popFirst(), word, 1...1024)
      case "--repeats": repeats = try count(rest.popFirst(), word, 1...1000)
      case "--particles":
        particles = []
        for text in (rest.popFirst() ?? "").split(separator: ",", omittingEmptySubsequences: false) {
          particles.append(try count(String(text), word, 1...16))
        }
      default: throw Wrong(message: "unknown option \(word); --help lists the options")
      }
    }
  }
}
