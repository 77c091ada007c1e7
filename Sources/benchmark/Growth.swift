import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// How the parts grow with the number of particles, from the fewest to the most that were timed.
///
/// A power p of A is a summary between two points and no law: sweeps and local energies are sums of a part that grows as A,
/// one as A² and one as A³, and which of them leads depends on A.
struct Growth {
  /// The fewest particles and the most.
  let range: (from: Int, to: Int)
  /// What grows, with its value at both ends.
  private(set) var rows: [(name: String, from: Double, to: Double)] = []

  /// Nil where fewer than two numbers of particles were timed.
  ///
  /// - Parameter seconds: parts that were timed at A particles, by name without A.
  init?(_ seconds: [(particles: Int, name: String, seconds: Double)]) {
    let particles = seconds.map(\.particles)
    guard let from = particles.min(), let to = particles.max(), from < to else { return nil }
    range = (from, to)
    for row in seconds where row.particles == from {
      guard let other = seconds.first(where: { $0.particles == to && $0.name == row.name }) else { continue }
      rows.append((row.name, row.seconds, other.seconds))
    }
    if let less = Self.recordBytes(from), let more = Self.recordBytes(to) {
      rows.append(("memory of a record for O and M, estimated", less, more))
    }
  }

  /// Memory of the derivatives of 4096 walkers, in bytes.
  private static func recordBytes(_ particles: Int) -> Double? {
    guard let shape = try? AnsatzShape(particles: particles) else { return nil }
    return ParameterDerivatives.estimatedBytes(
      of: shape.groups, walkers: 4096, particles: particles, order: .gradient)
  }

  /// p of value ~ A^p.
  private func power(_ row: (name: String, from: Double, to: Double)) -> Double {
    Double.log(row.to / row.from) / Double.log(Double(range.to) / Double(range.from))
  }

  var lines: [String] {
    let title = "from A = \(range.from) to A = \(range.to)"
    return ["", "\(padded(title, 46)) \(rightAligned("times", 12)) \(rightAligned("A to the", 9))"]
      + rows.map {
        "\(padded($0.name, 46)) \(rightAligned(fixed($0.to / $0.from, 2), 12)) \(rightAligned(fixed(power($0), 2), 9))"
      }
  }

  var json: JSONValue {
    .array(
      rows.map {
        .object([
          JSONValue.Member("part", JSONValue($0.name)), JSONValue.Member("from", JSONValue(range.from)),
          JSONValue.Member("to", JSONValue(range.to)), JSONValue.Member("ratio", JSONValue($0.to / $0.from)),
          JSONValue.Member("power", JSONValue(power($0))),
        ])
      })
  }
}
