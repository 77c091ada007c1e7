import Ch00Lanes
import Ch01LinearAlgebra

/// The kinetic energy of A fermions on a grid, applied to a wavefunction over sets of points; nothing of it is stored.
///
/// Taking one fermion out of a set K leaves a rest I of A - 1. For one rest, all ways of putting the fermion back form
/// a short vector, and the operator is a small dense product on it:
///
///     w_P = ± x(I ∪ P),     y_P = Σ_P' t_PP' w_P',     (T x)(K) = Σ_{P ∈ K} ± y_P of the rest K - P
///
/// with the sign of moving P to the front of its set. ``SubsetProduct`` looks up where each I ∪ P stands, in tables
/// that are many times as long as the vector; here no table is needed. A rest is I = J ∪ R, where the d smallest
/// labels J run over all sets below the smallest label b of R. For P > b the sets J ∪ P ∪ R of all J are neighbours in
/// the vector, and 32 of them are one load. For P < b a small table of J ∪ P, the same for all R, tells where they
/// stand behind the first one.
///
/// Sums for K are collected in two terms, by the largest label r of the rest: where P < r, K belongs to the block of r
/// itself; where P > r, each K is met once. So the rests with one r can be one thread's work: no two threads write one
/// number, and the result has the same bits on any number of them. With parity only those P are calculated
/// whose set is stored.
///
/// One fermion, or two, leave no 32 rests to share a register: their product is one of whole matrices.
struct GridKinetic: Sendable {
  let states: GridStates
  /// d, and how many labels R has.
  private let low: Int
  private let high: Int
  /// C(N, d), and a row of `tableRank`.
  private let lowSets: Int
  /// Rank of J ∪ P among the sets of d + 1, and ±1 for the place of P in it or 0 where P is in J; [P, J].
  private let tableRank: [Int32]
  private let tableSign: [Double]

  /// t_PP' with four rows together, [⌈N/4⌉, N, 4], for three fermions or more; rows in the order of `rows`.
  private let packed: [Double]
  /// t_PP' by label, [N, N], for one or two fermions; empty for more.
  let matrix: Matrix
  /// Labels in the order of their rows: with parity the odd ones first.
  private let rows: [Int]
  private let oddRows: Int

  /// x, and the two terms of y, by rank, [C(N, A) + 32].
  var all: [Double]
  var inside: [Double]
  var beyond: [Double]

  /// - Parameter kinetic: t by the distance of two points, [points].
  init(_ states: GridStates, kinetic: [Double]) {
    let (particles, points) = (states.particles, states.points)
    self.states = states
    low = max(0, min(2, particles - 2))
    high = particles - 1 - low
    lowSets = states.choose(points, low)
    let (low, lowSets) = (low, lowSets)
    rows =
      states.parity == nil
      ? Array(0..<points) : Array(stride(from: 1, to: points, by: 2)) + Array(stride(from: 0, to: points, by: 2))
    oddRows = states.parity == nil ? 0 : points / 2
    let rowGroups = (points + 3) / 4
    var packed = [Double](repeating: 0, count: particles > 2 ? rowGroups * points * 4 : 0)
    for (row, p) in rows.enumerated() where particles > 2 {
      for q in 0..<points {
        packed[((row / 4) * points + q) * 4 + row % 4] = kinetic[abs(states.place[p] - states.place[q])]
      }
    }

    self.packed = packed
    let size = particles > 2 ? 0 : points
    matrix = Matrix(rows: size, columns: size) { p, q in kinetic[abs(states.place[p] - states.place[q])] }

    var ranks = [Int32](repeating: 0, count: points * lowSets)
    var signs = [Double](repeating: 0, count: points * lowSets)
    for p in 0..<points {
      func set(_ j: Int, _ members: [Int]) {
        guard !members.contains(p) else { return }
        let before = members.filter { $0 < p }.count
        var rank = states.choose(p, before + 1)
        for (k, c) in members.enumerated() { rank += states.choose(c, k < before ? k + 1 : k + 2) }
        ranks[p * lowSets + j] = Int32(truncatingIfNeeded: rank)
        signs[p * lowSets + j] = before % 2 == 0 ? 1 : -1
      }
      switch low {
      case 0: set(0, [])
      case 1: for c in 0..<points { set(c, [c]) }
      default: for c in 0..<points { for b in 0..<c { set(c * (c - 1) / 2 + b, [b, c]) } }
      }
    }
    (tableRank, tableSign) = (ranks, signs)
    all = [Double](repeating: 0, count: states.choose(points, particles) + 32)
    inside = all
    beyond = all
  }

  /// Numbers that one thread works with.
  private struct Scratch: Sendable {
    /// R.
    var top: [Int]
    /// First of the sets J ∪ P ∪ R for each P > b, and the sign of P, 0 where it is in R.
    var base: [Int]
    var sign: [Double]
    /// Labels P that are not in R, and w_P in the same order.
    var places: [Int32] = []
    var gathered: [Lanes32]
    /// y_P by row.
    var product: [Lanes32]
  }

  private func scratch() -> Scratch {
    let points = states.points
    return Scratch(
      top: [Int](repeating: 0, count: high), base: [Int](repeating: 0, count: points),
      sign: [Double](repeating: 0, count: points), gathered: [Lanes32](repeating: .zero, count: points),
      product: [Lanes32](repeating: .zero, count: (points + 3) / 4 * 4))
  }

  /// y = T x + diagonal·x on stored amplitudes, [states.count] each.
  /// - Complexity: N² multiplications for each of C(N, A-1) rests, half of that with parity and three fermions or more.
  mutating func apply(_ x: [Double], _ y: inout [Double], diagonal: [Double], threads: Int) {
    guard states.particles > 2 else { return applyMatrix(x, &y, diagonal: diagonal, threads: threads) }
    // The vectors by rank leave `self`, so that threads can share what is left of it.
    var (all, inside, beyond) = (self.all, self.inside, self.beyond)
    (self.all, self.inside, self.beyond) = ([], [], [])
    states.expand(x, into: &all, threads: threads)
    // The rests with the largest label r, the largest r first.
    var tops = Array((high + low - 1..<states.points).reversed())
    var scratches = [Scratch](repeating: scratch(), count: threads)
    let kinetic = self
    // Unsafe: threads write to different numbers of two arrays; see the comment of the type. Ranks are below C(N, A),
    // and rows of 32 are read from any of them, for which 32 more numbers are there.
    all.withUnsafeBufferPointer { all in
      inside.withUnsafeMutableBufferPointer { inside in
        beyond.withUnsafeMutableBufferPointer { beyond in
          nonisolated(unsafe) let all = all
          nonisolated(unsafe) let inside = inside
          nonisolated(unsafe) let beyond = beyond
          parallelForEach(&tops, workspaces: &scratches) { _, r, scratch in
            kinetic.multiply(all, largest: r, &scratch, inside, beyond)
          }
        }
      }
    }
    states.contract(inside, beyond, diagonal: diagonal, x, into: &y, threads: threads)
    (self.all, self.inside, self.beyond) = (all, inside, beyond)
  }

  /// ρ_PP' = Σ_I w_P w_P', [points, points] by place: the one-body density matrix of x, with trace A·x·x.
  mutating func densityMatrix(_ x: [Double]) -> [Double] {
    states.expand(x, into: &all, threads: 1)
    let points = states.points
    var scratch = self.scratch()
    var density = [Double](repeating: 0, count: points * points)
    // Unsafe: the vector as `gather` wants it.
    all.withUnsafeBufferPointer { all in
      // Without a rest (A = 1) r lies beyond all points.
      for r in high == 0 ? [points] : Array(high + low - 1..<points) {
        forEachTile(all, largest: r, &scratch) { scratch, _, columns, _ in
          for i in scratch.places.indices {
            let p = states.place[Int(scratch.places[i])]
            let row = scratch.gathered[i].keeping(first: columns)
            for j in 0...i {
              let q = states.place[Int(scratch.places[j])]
              density[p * points + q] += (row * scratch.gathered[j]).laneSum
            }
          }
        }
      }
    }
    // Stored were sums over either order of labels; and with parity each square is doubled.
    let scale = states.parity == nil ? 1 : 0.5
    var symmetric = density
    for p in 0..<points {
      for q in 0..<points where q != p {
        symmetric[p * points + q] = density[p * points + q] + density[q * points + p]
      }
    }
    return symmetric.map { scale * $0 }
  }

  // Unsafe: pointers to vectors that `apply` shares out, whose parts for r no other call writes.
  /// All products of the rests with the largest label r.
  private func multiply(
    _ all: UnsafeBufferPointer<Double>, largest r: Int, _ scratch: inout Scratch,
    _ inside: UnsafeMutableBufferPointer<Double>, _ beyond: UnsafeMutableBufferPointer<Double>
  ) {
    let points = states.points
    // Unsafe: numbers and rows of the two terms, at ranks of sets; see `apply`.
    for rank in states.choose(r, states.particles)..<states.choose(r + 1, states.particles) { inside[rank] = 0 }
    forEachTile(all, largest: r, &scratch) { scratch, start, columns, first in
      let wanted = wantedRows(largest: r, second: high > 1 ? scratch.top[high - 2] : -1, columnsEnd: start + columns)
      multiplyTile(packed, points, wanted, columns, scratch.places, scratch.gathered, &scratch.product)
      let b = high > 0 ? scratch.top[0] : points
      scratch.product.withUnsafeBytes { bytes in
        tableRank.withUnsafeBufferPointer { ranks in
          tableSign.withUnsafeBufferPointer { signs in
            guard let products = bytes.baseAddress?.assumingMemoryBound(to: Double.self) else { return }
            for row in wanted {
              let p = rows[row]
              let y = products + row * 32
              if p < b {
                // Below b = d there is J alone, and no set to add to: not even nothing, since that place is another's.
                guard b > low else { continue }
                let entry = p &* lowSets &+ start
                for i in 0..<columns {
                  inside[first &+ Int(ranks[entry &+ i])] += signs[entry &+ i] * y[i]
                }
              } else if scratch.sign[p] != 0 {
                let sign = scratch.sign[p]
                let to = scratch.base[p] &+ start
                if p < r {
                  for i in 0..<columns { inside[to &+ i] += sign * y[i] }
                } else {
                  for i in 0..<columns { beyond[to &+ i] = sign * y[i] }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Rows whose sets are stored, for 32 rests with the largest label r.
  ///
  /// Without parity all. With it, beyond r the odd labels are. Below r all are where r is odd, and where the rest holds
  /// the couple (r - 1, r); where r is even, r - 1 alone is, which makes that couple.
  private func wantedRows(largest r: Int, second: Int, columnsEnd: Int) -> Range<Int> {
    let points = states.points
    guard states.parity != nil else { return 0..<points }
    if r % 2 == 1 { return 0..<oddRows + min(r + 1, points - 1) / 2 + 1 }
    // With one label in R the other one of the couple may be in J.
    let holdsCouple = high > 1 ? second == r - 1 : r > 0 && low > 0 && columnsEnd > states.choose(r - 1, low)
    return holdsCouple ? 0..<oddRows + r / 2 : max(0, r / 2 - 1)..<oddRows
  }

  // Unsafe: a pointer that is handed on to `gather`.
  /// Gathers w of all rests with the largest label r, 32 J at a time.
  ///
  /// - Parameter body: gets the first J, how many there are, and where J ∪ P ∪ R with P < b begin.
  @inline(__always)
  private func forEachTile(
    _ all: UnsafeBufferPointer<Double>, largest r: Int, _ scratch: inout Scratch,
    _ body: (_ scratch: inout Scratch, _ start: Int, _ columns: Int, _ first: Int) -> Void
  ) {
    let points = states.points
    for k in 0..<high { scratch.top[k] = k == high - 1 ? r : low + k }
    while true {
      let b = high > 0 ? scratch.top[0] : points
      let first = prepare(&scratch)
      let count = states.choose(b, low)
      var start = 0
      while start < count {
        let columns = min(32, count - start)
        gather(all, start, columns, first, b, &scratch)
        body(&scratch, start, columns, first)
        start += 32
      }
      // The next R: the smallest label that can rise, and those below it back to the start.
      var k = 0
      while k < high - 1, scratch.top[k] + 1 == scratch.top[k + 1] { k += 1 }
      guard k < high - 1 else { return }
      scratch.top[k] += 1
      for j in 0..<k { scratch.top[j] = low + j }
    }
  }

  /// Finds where the sets with P stand, for all P; returns where those with P < b begin.
  private func prepare(_ scratch: inout Scratch) -> Int {
    let points = states.points
    scratch.places.removeAll(keepingCapacity: true)
    // Members of R behind P have one place more before them.
    var sum = 0
    for k in 0..<high { sum += states.choose(scratch.top[k], low + k + 2) }
    let first = sum
    var passed = 0
    for p in 0..<points {
      if passed < high, scratch.top[passed] == p {
        sum += states.choose(p, low + passed + 1) - states.choose(p, low + passed + 2)
        scratch.sign[p] = 0
        passed += 1
        continue
      }
      scratch.places.append(Int32(truncatingIfNeeded: p))
      if passed > 0 || high == 0 {
        scratch.base[p] = sum + states.choose(p, low + passed + 1)
        scratch.sign[p] = (low + passed) % 2 == 0 ? 1 : -1
      }
    }
    return first
  }

  // Unsafe: the vector by rank, as `apply` and `densityMatrix` have it.
  /// w_P of 32 rests.
  @inline(__always)
  private func gather(
    _ x: UnsafeBufferPointer<Double>, _ start: Int, _ columns: Int, _ first: Int, _ b: Int, _ scratch: inout Scratch
  ) {
    let (places, base, sign) = (scratch.places, scratch.base, scratch.sign)
    // Unsafe: unchecked indices and whole registers, for speed. `all` has 32 numbers behind the last set, so a row of
    // 32 can be read from any rank; ranks in the table are below those of J ∪ P, P < b.
    scratch.gathered.withUnsafeMutableBytes { bytes in
      guard let w = bytes.baseAddress?.assumingMemoryBound(to: Double.self), let x = x.baseAddress else { return }
      tableRank.withUnsafeBufferPointer { ranks in
        tableSign.withUnsafeBufferPointer { signs in
          for i in places.indices {
            let p = Int(places[i])
            let row = w + i * 32
            if p < b {
              let entry = p &* lowSets &+ start
              for c in 0..<columns { row[c] = signs[entry &+ c] * x[first &+ Int(ranks[entry &+ c])] }
            } else {
              let from = x + (base[p] &+ start)
              let factor = Lanes(repeating: sign[p])
              storeLanes(factor * loadLanes(from), row)
              storeLanes(factor * loadLanes(from + 8), row + 8)
              storeLanes(factor * loadLanes(from + 16), row + 16)
              storeLanes(factor * loadLanes(from + 24), row + 24)
            }
          }
        }
      }
    }
  }
}

/// y_P = Σ_P' t_PP' w_P' for the wanted rows P, four at a time.
@inline(__always)
private func multiplyTile(
  _ packed: [Double], _ points: Int, _ wanted: Range<Int>, _ columns: Int, _ places: [Int32], _ gathered: [Lanes32],
  _ product: inout [Lanes32]
) {
  // Unsafe: sums in registers at the speed of multiply-adds. Rows up to the padded number of points have room in
  // `packed` and `product`, places are below `points`, and `gathered` has a row for each.
  let count = places.count
  packed.withUnsafeBufferPointer { packed in
    gathered.withUnsafeBufferPointer { w in
      places.withUnsafeBufferPointer { places in
        product.withUnsafeMutableBufferPointer { y in
          for row in wanted.lowerBound / 4..<(wanted.upperBound + 3) / 4 {
            let start = row &* points &* 4
            if columns > 16 {
              var (y0, y1, y2, y3) = (Lanes32.zero, Lanes32.zero, Lanes32.zero, Lanes32.zero)
              for i in 0..<count {
                let x = w[i]
                let entry = start &+ Int(places[i]) &* 4
                y0.addProduct(packed[entry], x)
                y1.addProduct(packed[entry &+ 1], x)
                y2.addProduct(packed[entry &+ 2], x)
                y3.addProduct(packed[entry &+ 3], x)
              }
              y[row &* 4] = y0
              y[row &* 4 &+ 1] = y1
              y[row &* 4 &+ 2] = y2
              y[row &* 4 &+ 3] = y3
            } else {
              // Half of the columns or fewer.
              var (y0, y1, y2, y3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
              var (z0, z1, z2, z3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
              for i in 0..<count {
                let x = w[i].a
                let z = w[i].b
                let entry = start &+ Int(places[i]) &* 4
                y0 = multiplyAdd(x, packed[entry], y0)
                y1 = multiplyAdd(x, packed[entry &+ 1], y1)
                y2 = multiplyAdd(x, packed[entry &+ 2], y2)
                y3 = multiplyAdd(x, packed[entry &+ 3], y3)
                z0 = multiplyAdd(z, packed[entry], z0)
                z1 = multiplyAdd(z, packed[entry &+ 1], z1)
                z2 = multiplyAdd(z, packed[entry &+ 2], z2)
                z3 = multiplyAdd(z, packed[entry &+ 3], z3)
              }
              y[row &* 4].a = y0
              y[row &* 4].b = z0
              y[row &* 4 &+ 1].a = y1
              y[row &* 4 &+ 1].b = z1
              y[row &* 4 &+ 2].a = y2
              y[row &* 4 &+ 2].b = z2
              y[row &* 4 &+ 3].a = y3
              y[row &* 4 &+ 3].b = z3
            }
          }
        }
      }
    }
  }
}
