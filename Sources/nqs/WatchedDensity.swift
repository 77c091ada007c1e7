import AppendixPlots
import NeuralQuantumStates

/// Where the particles are while a run goes on: the density, and for two and more of them the density of pairs, as blocks and
/// shades of a terminal.
///
/// Each step counts 0.9 of the next one, so that a picture shows some ten steps. Walkers count with their weights: what is drawn
/// is of |ψ|², whatever power of |ψ| they follow. For several states it is the sum over the states.
struct WatchedDensity {
  private let particles: Int
  private let bins: Bins
  /// Bins of the pairs are wider, since there are bins² of them.
  private let pairBins: Bins
  /// n(x) times an unknown factor, [bins].
  private var density: [Double]
  /// n(x, x') times an unknown factor, row-major [bins, bins].
  private var pairs: [Double]

  private static let kept = 0.9
  private static let rows = 14

  init(_ settings: SolveSettings) {
    particles = settings.particles
    // Free fermions turn back at √(2A - 1) trap lengths; their tails, and repulsion, take another one and a half.
    let end = settings.hamiltonian.length * ((2 * Double(particles) - 1).squareRoot() + 1.5)
    bins = Bins(-end...end, count: 48)
    pairBins = Bins(-end...end, count: WatchedDensity.rows)
    density = Array(repeating: 0, count: bins.count)
    pairs = Array(repeating: 0, count: pairBins.count * pairBins.count)
  }

  /// Counts the walkers of one more step.
  mutating func add(_ sample: Sample) {
    let x = sample.walkers.positions
    let setsPerWalker = sample.walkers.particles / particles
    for i in density.indices { density[i] *= WatchedDensity.kept }
    for i in pairs.indices { pairs[i] *= WatchedDensity.kept }
    for set in 0..<(x.count / particles) {
      let weight = sample.weights?[set / setsPerWalker] ?? 1
      let range = (set * particles)..<((set + 1) * particles)
      for i in range {
        density[bins.index(of: x[i])] += weight
        let row = pairBins.index(of: x[i])
        for j in range where j != i { pairs[row * pairBins.count + pairBins.index(of: x[j])] += weight }
      }
    }
  }

  /// The picture: n(x) on the left, n(x, x') on the right.
  var lines: [String] {
    let sum = density.reduce(0, +)
    let values = density.map { $0 / sum * Double(particles) / bins.width }
    let left =
      "density n(x)\n"
      + densityBlocks(values, from: bins.lower, to: bins.upper, width: bins.count, rows: WatchedDensity.rows)
    guard particles > 1 else { return linesOf(left) }
    let right =
      "n(x, x'), the same range\n"
      + densityShades(pairs, rows: pairBins.count, columns: pairBins.count, most: pairBins.count, upwards: true)
    return sideBySide(left, right, gap: 4)
  }
}

/// Two texts beside each other, line by line.
private func sideBySide(_ left: String, _ right: String, gap: Int) -> [String] {
  let (a, b) = (linesOf(left), linesOf(right))
  let width = a.map(\.count).max() ?? 0
  return (0..<max(a.count, b.count)).map { row in
    let first = row < a.count ? a[row] : ""
    guard row < b.count, !b[row].isEmpty else { return first }
    return first + String(repeating: " ", count: width - first.count + gap) + b[row]
  }
}

private func linesOf(_ text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}
