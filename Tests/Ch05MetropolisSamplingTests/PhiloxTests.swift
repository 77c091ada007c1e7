import Ch00Lanes
import Ch05MetropolisSampling
import TestSupport
import Testing

@Suite("5.1 Philox") struct PhiloxWords {
  /// One block of the known-answer file that Random123 comes with: counter, key, result, four and two and four words.
  struct Known: Sendable {
    var counter: [UInt64]
    var key: [UInt64]
    var result: [UInt64]
  }
  static let known = [
    Known(
      counter: [0, 0, 0, 0], key: [0, 0], result: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    Known(
      counter: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], key: [0xffff_ffff, 0xffff_ffff],
      result: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    Known(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
      result: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test("ten rounds give the known answers of the Random123 distribution, words from low to high", arguments: known)
  func knownAnswers(_ known: Known) {
    let philox = Philox(key: known.key[0] | known.key[1] << 32)
    let words = philox.words(
      LaneBits(repeating: known.counter[0] | known.counter[1] << 32),
      stream: known.counter[2] | known.counter[3] << 32)
    for lane in 0..<8 {
      #expect(words.0[lane] == known.result[0] | known.result[1] << 32)
      #expect(words.1[lane] == known.result[2] | known.result[3] << 32)
    }
  }

  @Test("a lane's words depend on its own counter alone")
  func lanes() {
    let philox = Philox(key: 5)
    let counters = LaneBits(3, 1 << 40, 0, 77, .max, 2, 1, 9)
    let words = philox.words(counters, stream: 12)
    for lane in 0..<8 {
      let alone = philox.words(LaneBits(repeating: counters[lane]), stream: 12)
      #expect(words.0[lane] == alone.0[0] && words.1[lane] == alone.1[0])
    }
  }

  @Test("purpose, sweep and draw fill the upper half of the counter, and never share a place")
  func streams() {
    let last = Philox.stream(.sweep, sweep: 1 << 52 - 1, draw: 255)
    #expect(last < Philox.stream(.start, sweep: 0, draw: 0))
    #expect(Philox.stream(.start, sweep: 1 << 52 - 1, draw: 255) < Philox.stream(.user, sweep: 0, draw: 0))
    #expect(Philox.stream(.sweep, sweep: 4, draw: 255) + 1 == Philox.stream(.sweep, sweep: 5, draw: 0))
  }

  @Test("every walker of every tile has numbers of its own")
  func walkers() {
    let philox = Philox(key: 8)
    let stream = Philox.stream(.user, sweep: 3, draw: 1)
    var seen: Set<Double> = []
    for first in stride(from: UInt64(0), to: 3200, by: 32) {
      let numbers = philox.uniforms(first: first, stream: stream)
      let pairs = philox.normalPairs(first: first, stream: stream)
      for i in 0..<32 { seen.formUnion([numbers[i], pairs.0[i], pairs.1[i]]) }
    }
    // 9600 numbers of 52 bits: two that agree by chance come with one seed in a hundred million.
    #expect(seen.count == 9600)
  }
}

// False alarms: limits at five standard errors are exceeded by one seed in 1.7 million.
@Suite("5.2 Uniform and normal numbers") struct RandomNumbers {
  /// 32 · 5 000 walkers: their uniform numbers and both normal ones.
  static let count = 160_000
  static func uniforms(_ stream: UInt64, key: UInt64 = 1) -> [Double] {
    let philox = Philox(key: key)
    return stride(from: 0, to: count, by: 32).flatMap { first in
      let numbers = philox.uniforms(first: UInt64(first), stream: stream)
      return (0..<32).map { numbers[$0] }
    }
  }
  static func normals(_ stream: UInt64, key: UInt64 = 1) -> (first: [Double], second: [Double]) {
    let philox = Philox(key: key)
    let pairs = stride(from: 0, to: count, by: 32).map { philox.normalPairs(first: UInt64($0), stream: stream) }
    return (pairs.flatMap { p in (0..<32).map { p.0[$0] } }, pairs.flatMap { p in (0..<32).map { p.1[$0] } })
  }
  /// Five standard errors of a mean of `count` numbers with this variance.
  private func fiveErrors(variance: Double) -> Double { 5 * (variance / Double(RandomNumbers.count)).squareRoot() }
  private func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

  @Test("uniform numbers lie between 0 and 1, and are neither, whatever the bits")
  func openInterval() {
    let extremes = Philox.uniform(LaneBits(0, .max, 1, .max - 1, 1 << 12, 1 << 63, 4095, 1 << 62))
    for lane in 0..<8 { #expect(extremes[lane] > 0 && extremes[lane] < 1) }
    #expect(extremes[0] == 0x1p-53 && extremes[1] == 1 - 0x1p-53)
    // So that the largest normal number is √(2·53 ln 2) = 8.57, and finite.
    let largest = Philox.normals((LaneBits(), LaneBits()))
    #expect(largest.0[0] ≈ 8.57 ± 0.01)
  }

  @Test("uniform numbers have mean ½, variance 1/12 and fill a hundred bins alike")
  func uniform() {
    let x = RandomNumbers.uniforms(Philox.stream(.user, sweep: 0, draw: 0))
    #expect(mean(x) ≈ 0.5 ± fiveErrors(variance: 1.0 / 12))
    // Var (x - ½)² = 1/80 - 1/144.
    #expect(mean(x.map { ($0 - 0.5) * ($0 - 0.5) }) ≈ (1.0 / 12) ± fiveErrors(variance: 1.0 / 180))
    var bins = [Double](repeating: 0, count: 100)
    for x in x { bins[Int(100 * x)] += 1 }
    let expected = Double(x.count) / 100
    let chiSquare = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // 99 degrees of freedom: beyond 160.1 lies one seed in ten thousand, below 55.0 too.
    #expect(chiSquare < 160.1 && chiSquare > 55)
  }

  @Test("normal numbers have the moments 0, 1, 0, 3 and the tails of a normal distribution")
  func normal() {
    let (x, y) = RandomNumbers.normals(Philox.stream(.user, sweep: 1, draw: 0))
    for x in [x, y] {
      // Var xⁿ is (2n - 1)!! less the square of the mean.
      #expect(mean(x) ≈ 0 ± fiveErrors(variance: 1))
      #expect(mean(x.map { $0 * $0 }) ≈ 1 ± fiveErrors(variance: 2))
      #expect(mean(x.map { $0 * $0 * $0 }) ≈ 0 ± fiveErrors(variance: 15))
      #expect(mean(x.map { $0 * $0 * $0 * $0 }) ≈ 3 ± fiveErrors(variance: 96))
      for (limit, within) in [(0.5, 0.382924922548), (1, 0.682689492137), (2, 0.954499736104), (4, 0.999936657516)] {
        let fraction = Double(x.count { abs($0) < limit }) / Double(x.count)
        #expect(fraction ≈ within ± fiveErrors(variance: within * (1 - within)))
      }
    }
  }

  @Test("the angle of a pair of normal numbers is uniform")
  func angle() {
    let (x, y) = RandomNumbers.normals(Philox.stream(.user, sweep: 2, draw: 0))
    // E cos 2φ, sin 2φ, cos 4φ, sin 4φ = 0, each with variance ½.
    let (c, s) = (
      zip(x, y).map { ($0 * $0 - $1 * $1) / ($0 * $0 + $1 * $1) }, zip(x, y).map { 2 * $0 * $1 / ($0 * $0 + $1 * $1) }
    )
    #expect(mean(c) ≈ 0 ± fiveErrors(variance: 0.5))
    #expect(mean(s) ≈ 0 ± fiveErrors(variance: 0.5))
    #expect(mean(zip(c, s).map { $0 * $0 - $1 * $1 }) ≈ 0 ± fiveErrors(variance: 0.5))
    #expect(mean(zip(c, s).map { 2 * $0 * $1 }) ≈ 0 ± fiveErrors(variance: 0.5))
  }

  @Test("neighbouring walkers, sweeps, draws, purposes and seeds are uncorrelated, and so are the two of a pair")
  func correlations() {
    let (x, pair) = RandomNumbers.normals(Philox.stream(.sweep, sweep: 7, draw: 3))
    func rotated(by k: Int) -> [Double] { Array(x[k...] + x[..<k]) }
    let others: [[Double]] = [
      rotated(by: 1), rotated(by: 8), rotated(by: 32), pair,
      RandomNumbers.normals(Philox.stream(.sweep, sweep: 8, draw: 3)).first,
      RandomNumbers.normals(Philox.stream(.sweep, sweep: 7, draw: 4)).first,
      RandomNumbers.normals(Philox.stream(.start, sweep: 7, draw: 3)).first,
      RandomNumbers.normals(Philox.stream(.sweep, sweep: 7, draw: 3), key: 2).first,
      RandomNumbers.normals(Philox.stream(.sweep, sweep: 7, draw: 3), key: 1 | 1 << 32).first,
    ]
    for y in others {
      #expect(mean(zip(x, y).map { $0 * $1 }) ≈ 0 ± fiveErrors(variance: 1))
      // Of the squares as well: Var x²y² about the means is 4.
      #expect(mean(zip(x, y).map { ($0 * $0 - 1) * ($1 * $1 - 1) }) ≈ 0 ± fiveErrors(variance: 4))
    }
  }
}
