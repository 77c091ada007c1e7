import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

// Numbers below 1 in magnitude, of a precision with the unit u: a sum of k products is rounded k times, by at most half
// a unit of a partial sum below k, and the factors themselves may have been rounded, by half a unit each.
private func rounding<Row: PanelRow>(_ k: Int, _: Row.Type) -> Double {
  Double((k + 1) * (k + 1)) * Double(Row.Scalar.ulpOfOne) / 2
}

extension ContiguousArray<Lanes32> {
  fileprivate func rounded<Row: PanelRow>() -> ContiguousArray<Row> { ContiguousArray<Row>(map { Row(rounding: $0) }) }
}

/// Every size up to 9 (two blocks of four rows and one row more), and the size of the book's networks.
private let sizes = (1...9).flatMap { m in (1...9).map { (m, $0) } } + [(64, 64), (64, 1), (2, 64)]

@Suite("1.9 Products of panels") struct PanelProducts {
  @Test("W B, walker by walker, is the product written as three loops, in both precisions", arguments: sizes)
  func product(rows: Int, columns: Int) {
    expectProduct(Lanes32.self, rows, columns)
    expectProduct(SingleLanes32.self, rows, columns)
  }

  private func expectProduct<Row: PanelRow>(_ row: Row.Type, _ rows: Int, _ columns: Int) {
    var random = SplitMix64(seed: UInt64(100 * rows + columns))
    let weights = Matrix.random(rows, columns, seed: 1)
    let packed = PackedWeights<Row>(rows: rows, columns: columns) { weights[$0, $1] }
    // One more entry in front, so that a start index is at work.
    let b = random.panel(columns + 1)
    let start = random.panel(packed.paddedRows)
    var c = ContiguousArray(repeating: Row.zero, count: packed.paddedRows + 2)
    panelProduct(packed, b.rounded(), at: 1, from: start.rounded(), into: &c, at: 2)
    for row in 0..<rows {
      let found = c[2 + row].doubles
      for walker in 0..<Lanes32.count {
        var sum = start[row][walker]
        for k in 0..<columns { sum += weights[row, k] * b[1 + k][walker] }
        #expect(found[walker] ≈ sum ± rounding(columns, Row.self))
      }
    }
    #expect(c[0] == .zero && c[1] == .zero)
  }

  // It takes half the time where it is compiled to vectors, and a hundred times as long where it is not: a vector that
  // the compiler does not know comes out as one number after the other. The shortest of 20 times, and a factor of four
  // to spare.
  @Test("a product in single precision takes less time than two in double") func singleIsFast() {
    let (rows, columns) = (64, 64)
    let double = PackedWeights<Lanes32>(rows: rows, columns: columns) { Double($0 - $1) }
    let single = PackedWeights<SingleLanes32>(rows: rows, columns: columns) { Double($0 - $1) }
    var c = ContiguousArray(repeating: Lanes32(repeating: 1e-3), count: rows)
    var d = ContiguousArray(repeating: SingleLanes32(rounding: c[0]), count: rows)
    let (b, e) = (c, d)
    let clock = ContinuousClock()
    func shortest(_ body: () -> Void) -> Duration { (0..<20).map { _ in clock.measure(body) }.min() ?? .zero }
    let doubleTime = shortest { for _ in 0..<20 { panelProduct(double, b, from: b, into: &c) } }
    let singleTime = shortest { for _ in 0..<20 { panelProduct(single, e, at: 0, from: e, into: &d) } }
    #expect(singleTime < doubleTime * 2)
  }

  @Test("rows that fill up a block of four are zero: they pass the start on", arguments: [1, 2, 3, 5, 6, 7])
  func padding(rows: Int) {
    let packed = PackedWeights<Lanes32>(rows: rows, columns: 3) { _, _ in 1 }
    #expect(packed.paddedRows % 4 == 0 && packed.paddedRows >= rows && packed.paddedRows < rows + 4)
    let ones = ContiguousArray(repeating: Lanes32(repeating: 1), count: 3)
    let zero = ContiguousArray(repeating: Lanes32.zero, count: packed.paddedRows)
    var c = zero
    panelProduct(packed, ones, from: zero, into: &c)
    #expect(c[0..<rows].allSatisfy { $0 == Lanes32(repeating: 3) })
    #expect(c[rows...].allSatisfy { $0 == .zero })
  }

  @Test("packed weights read back as they were written", arguments: [(1, 1), (4, 4), (5, 3), (9, 2)])
  func packing(rows: Int, columns: Int) {
    let packed = PackedWeights<Lanes32>(rows: rows, columns: columns) { Double(10 * $0 + $1) }
    for row in 0..<rows { for column in 0..<columns { #expect(packed[row, column] == Double(10 * row + column)) } }
  }

  @Test("a product over no columns leaves what it started from")
  func empty() {
    let packed = PackedWeights<Lanes32>(rows: 4, columns: 0) { _, _ in 1 }
    let start = ContiguousArray(repeating: Lanes32(repeating: 2), count: 4)
    var c = ContiguousArray(repeating: Lanes32.zero, count: 4)
    panelProduct(packed, [.zero], from: start, into: &c)
    #expect(c == start)
  }

  @Test("a NaN stays in its own walker's lane")
  func nan() {
    let packed = PackedWeights<Lanes32>(rows: 5, columns: 2) { _, _ in 1 }
    var b = ContiguousArray(repeating: Lanes32(repeating: 1), count: 2)
    b[1][17] = .nan
    let zero = ContiguousArray(repeating: Lanes32.zero, count: packed.paddedRows)
    var c = zero
    panelProduct(packed, b, from: zero, into: &c)
    for walker in 0..<32 where walker != 17 { #expect(c[4][walker] == 2) }
    #expect(c[4][17].isNaN)
  }
}

@Suite("1.11 Outer products of panels") struct PanelOuterProducts {
  @Test("Σ e ⊗ h over walkers and pairs is the sum written as loops, in both precisions", arguments: sizes)
  func outer(rows: Int, columns: Int) {
    expectOuterProducts(Lanes32.self, rows, columns)
    expectOuterProducts(SingleLanes32.self, rows, columns)
  }

  private func expectOuterProducts<Row: PanelRow>(_ row: Row.Type, _ rows: Int, _ columns: Int) {
    let pairs = 3
    var random = SplitMix64(seed: UInt64(100 * rows + columns))
    // Panels stand further apart than they are long, and begin at the second entry.
    let (eStride, hStride, gStride) = (rows + 2, columns + 1, columns + 3)
    let e = random.panel(1 + pairs * eStride)
    let h = random.panel(1 + pairs * hStride)
    var g = [Double](repeating: 0.5, count: 1 + rows * gStride)
    let (eRows, hRows): (ContiguousArray<Row>, ContiguousArray<Row>) = (e.rounded(), h.rounded())
    addOuterProducts(
      eRows, at: 1, stride: eStride, rows: rows, hRows, at: 1, stride: hStride, columns: columns, pairs: pairs,
      into: &g, at: 1, stride: gStride)
    var expected = [Double](repeating: 0.5, count: 1 + rows * gStride)
    for row in 0..<rows {
      for column in 0..<columns {
        for pair in 0..<pairs {
          for walker in 0..<Lanes32.count {
            expected[1 + row * gStride + column] +=
              e[1 + pair * eStride + row][walker] * h[1 + pair * hStride + column][walker]
          }
        }
      }
    }
    // What lies between the rows is untouched, to the last bit.
    #expect(g ≈ expected ± rounding(32 * pairs, Row.self))
    for i in g.indices where (i + gStride - 1) % gStride >= columns { #expect(g[i] == 0.5) }
  }

  @Test("no pairs, no rows or no columns change nothing")
  func nothing() {
    var g = [1.0, 2.0]
    let panel = ContiguousArray(repeating: Lanes32(repeating: 1), count: 1)
    for (pairs, rows, columns) in [(0, 1, 1), (1, 0, 1), (1, 1, 0)] {
      addOuterProducts(
        panel, at: 0, stride: 1, rows: rows, panel, at: 0, stride: 1, columns: columns, pairs: pairs, into: &g, at: 0,
        stride: 1)
    }
    #expect(g == [1, 2])
  }

  @Test(
    "it is the transpose of the product: Σ_walkers e · (V h) = V · (Σ_walkers e ⊗ h)", arguments: [(5, 7), (64, 64)])
  func transpose(rows: Int, columns: Int) {
    var random = SplitMix64(seed: 9)
    let v = Matrix.random(rows, columns, seed: 10)
    let packed = PackedWeights<Lanes32>(rows: rows, columns: columns) { v[$0, $1] }
    let e = random.panel(rows)
    let h = random.panel(columns)
    let zero = ContiguousArray(repeating: Lanes32.zero, count: packed.paddedRows)
    var vh = zero
    panelProduct(packed, h, from: zero, into: &vh)
    let left = (0..<rows).reduce(0.0) { $0 + (e[$1] * vh[$1]).laneSum }
    var g = [Double](repeating: 0, count: rows * columns)
    addOuterProducts(
      e, at: 0, stride: rows, rows: rows, h, at: 0, stride: columns, columns: columns, pairs: 1, into: &g, at: 0,
      stride: columns)
    #expect(left ≈ dot(Array(v.elements), g) ± rounding(32 * rows, Lanes32.self))
  }
}
