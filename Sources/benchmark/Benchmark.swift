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
    print("usage: benchmark [--particles 2,6] [--threads N] [--repeats N] [--match TEXT] [--compare FILE] [--json]")
    print(
      "\nTimes the parts whose names contain TEXT, or all of them, each after a check of its values. FILE holds what")
    print("an earlier benchmark printed with --json: every row then tells how many times as long it takes now.\n")
    for part in allParts(options) { print("  " + part.name) }
    return 0
  }
  var parts = allParts(options)
  if let text = options.match { parts = parts.filter { $0.name.contains(text) } }
  guard !parts.isEmpty else {
    complain("benchmark: no part's name contains '\(options.match ?? "")'; --help lists them")
    return 64
  }
  let earlier: Earlier?
  do throws(FileError) {
    earlier = try options.compare.map { (path) throws(FileError) in try Earlier(path) }
  } catch {
    complain("benchmark: \(error.description)")
    return error.exitCode
  }

  let machine = Machine.measured(repeats: options.repeats)
  if !options.json {
    for line in machine.lines { print(line) }
    if let earlier { print(earlier.line(machine)) }
    var header = "\(padded("part", 46)) \(rightAligned("median", 12)) \(rightAligned("spread", 8))"
    header += " \(rightAligned("of ideal", 9))"
    print(earlier == nil ? header : header + " \(rightAligned("to earlier", 11))")
  }
  var rows: [JSONValue] = []
  var grown: [(particles: Int, name: String, seconds: Double)] = []
  var failed = false
  for part in parts {
    if let problem = part.check() {
      complain("benchmark: \(part.name): \(problem)")
      failed = true
      continue
    }
    let times = part.time(repeats: options.repeats)
    guard !times.isEmpty else {
      complain("benchmark: \(part.name): a run did not arrive")
      failed = true
      continue
    }
    let median = times[times.count / 2]
    let spread = (times[times.count - 1] - times[0]) / median
    let ideal = part.work.map { $0.ideal(on: machine) }
    let share = ideal.map { $0 / median }
    if let particles = part.particles {
      grown.append((particles, String(part.name.dropFirst(namePrefix(particles).count)), median / part.items))
    }
    let ratio = earlier?.seconds[part.name].map { median / part.items / $0 }
    if !options.json {
      let shown = "\(fixed(median / part.items * part.unit.scale, 3)) \(part.unit.name)"
      let shareText = share.map { "\(fixed(100 * $0, 0)) %" } ?? ""
      var line = "\(padded(part.name, 46)) \(rightAligned(shown, 12)) \(rightAligned("\(fixed(100 * spread, 0)) %", 8))"
      line += " \(rightAligned(shareText, 9))"
      if earlier != nil { line += " \(rightAligned(ratio.map { fixed($0, 3) } ?? "-", 11))" }
      print(line)
    }
    var row: [JSONValue.Member] = [
      JSONValue.Member("part", JSONValue(part.name)), JSONValue.Member("seconds", JSONValue(median / part.items)),
      JSONValue.Member("spread", JSONValue(spread)),
      JSONValue.Member("ideal", JSONValue(ideal.map { $0 / part.items })),
      JSONValue.Member("of_ideal", JSONValue(share)),
      JSONValue.Member("of_peak", JSONValue(part.work.map { $0.operations / median / machine.peak })),
    ]
    if earlier != nil { row.append(JSONValue.Member("to_earlier", JSONValue(ratio))) }
    rows.append(.object(row))
  }
  let growth = Growth(grown)
  if options.json {
    let head = machine.json + [JSONValue.Member("threads", JSONValue(options.threads))]
    let members =
      [JSONValue.Member("parts", .array(rows))] + (growth.map { [JSONValue.Member("growth", $0.json)] } ?? [])
    print(JSONValue.object(head + members).line)
  } else {
    for line in growth?.lines ?? [] { print(line) }
  }
  return failed ? 70 : 0
}

/// What the names of parts at A particles begin with.
func namePrefix(_ particles: Int) -> String { "A = \(particles): " }

private func allParts(_ options: Options) -> [Part] {
  let parts = options.particles.reduce(kernelParts()) { parts, particles in
    guard let prepared = Prepared(particles: particles, threads: options.threads) else { return parts }
    return parts
      + (ansatzParts(prepared) + stepParts(prepared)).map { part in
        var part = part
        part.particles = particles
        return part
      }
  }
  return parts + runParts(threads: options.threads)
}

/// What an earlier benchmark printed with `--json`.
private struct Earlier {
  let processor: String
  let peak: Double?
  /// Seconds of each part, by name.
  let seconds: [String: Double]

  init(_ path: String) throws(FileError) {
    let json = try JSONValue.parse(try readBytes(path), path: path)
    let expected = "what benchmark --json prints is needed"
    guard case .array(let parts)? = json["parts"] else {
      throw .badData(path: path, problem: "it has no list \"parts\"", expected: expected)
    }
    processor = json["processor"]?.text ?? "unknown"
    peak = json["peak_flops"]?.double
    var seconds: [String: Double] = [:]
    for part in parts {
      guard let name = part["part"]?.text, let value = part["seconds"]?.double, value > 0 else {
        throw .badData(path: path, problem: "a part has no name or no positive number of seconds", expected: expected)
      }
      seconds[name] = value
    }
    self.seconds = seconds
  }

  /// What it ran on, against this machine.
  func line(_ machine: Machine) -> String {
    let ratio = peak.map { "; the peak is \(fixed(machine.peak / $0, 3)) times as high now" } ?? ""
    return "earlier: \(processor)\(ratio)"
  }
}

/// The words on the command line.
struct Options {
  var particles = [2, 6]
  var threads = 2
  var repeats = 15
  /// Only parts whose names contain this.
  var match: String?
  /// A file to compare with.
  var compare: String?
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
      case "--compare":
        compare = rest.popFirst()
        if compare == nil { throw Wrong(message: "--compare needs a value: a file that benchmark --json made") }
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
