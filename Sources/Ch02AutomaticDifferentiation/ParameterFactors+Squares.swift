import Ch00Lanes

extension ParameterFactors {
  /// Adds the squared derivatives of every parameter, summed over walkers with their weights.
  ///
  /// A derivative is a sum over panels, and its square is taken at each walker: nothing can be summed over walkers
  /// before it. So this costs as much as several products with a vector. Eight derivatives and the sums of their squares stay
  /// in registers while all walkers pass.
  ///
  /// - Parameters:
  ///   - kind: `.value` for (∂_θ ℓ)², `.gradient` for Σ_k (∂_θ ∂_k ℓ)².
  ///   - weights: of the walkers, one entry a tile (another count stops the program); 0 for those that do not count.
  ///   - gradient: all parameters; this layer's begin at `start`.
  ///   - start: the layer's first parameter in `gradient`.
  /// - Complexity: one product a panel, row, column and walker for the value, two a coordinate for the gradient.
  package func addSquares(
    _ kind: JetOrder, weights: ContiguousArray<Lanes32>, into gradient: inout [Double], at start: Int
  ) {
    precondition(weights.count == tiles && kind <= order, "\(tiles) tiles of order \(order)")
    precondition(start >= 0 && start + layout.count <= gradient.count, "the gradient ends beyond its array")
    let components = kind == .value ? 0...0 : 1...coordinates
    // A derivative by W_mean is a sum over the means' panels, one by W_own over all: the means come first.
    let means = layout.sharing == .equivariant ? plainPanels..<panels : 0..<0
    let others = 0..<(layout.sharing == .equivariant ? plainPanels : panels)
    let counts = components.map { component in
      (means: terms(component, of: means), others: terms(component, of: others))
    }
    let all = counts.reduce(0) { $0 + $1.means + $1.others }
    // Registers of walkers that pass at a time: as many as leave four rows of e, 16 KiB of them, in the first-level cache while all
    // columns pass.
    let groups = Lanes32.count / Vector.scalarCount
    let most = max(1, 16384 / (4 * MemoryLayout<Vector>.stride * all))
    let block = all * most
    // Unsafe: sums in registers, without checks of indices. `pack` fills `all` entries of each block of rows and columns for each
    // register that passes, and rows and columns of G end within the gradient: the precondition.
    let bytes = (outputStride + inputStride) * block * MemoryLayout<Vector>.stride
    withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { memory in
      weights.withUnsafeBytes { weights in
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let e = memory.baseAddress?.assumingMemoryBound(to: Vector.self) else { return }
          guard let weights = weights.assumingMemoryBound(to: Vector.self).baseAddress else { return }
          guard let gradient = gradient.baseAddress else { return }
          let a = e + outputStride * block
          for first in stride(from: 0, to: tiles * groups, by: most) {
            let registers = min(most, tiles * groups - first)
            for register in 0..<registers {
              pack(first + register, components, [means, others], register * all, of: block, e, a)
            }
            for row in stride(from: 0, to: layout.outputs, by: 4) {
              for column in stride(from: 0, to: layout.inputs, by: 2) {
                squaresKernel(
                  counts, weights + first, registers, e + row * block, a + column * block,
                  gradient + (start + row * layout.columns + column), rows: layout.outputs - row,
                  columns: layout.inputs - column, stride: layout.columns,
                  mean: layout.sharing == .equivariant ? layout.inputs : nil)
              }
            }
          }
        }
      }
    }
    if layout.hasBias { addBiasSquares(components, weights, into: &gradient, at: start + layout.biasStart) }
  }

  /// Products e a in the sums of some panels.
  private func terms(_ component: Int, of panels: Range<Int>) -> Int {
    panels.reduce(0) { $0 + (isOwn(component, of: $1) ? 2 : 1) }
  }

  /// Whether a panel's activities change with a coordinate: one of another set changes none of this one.
  private func isOwn(_ component: Int, of panel: Int) -> Bool {
    let own = component - firstSlope(panel)
    return component > 0 && own >= 0 && own < ownCoordinates
  }

  /// The factors of one register of walkers, in blocks of four rows of e and of two of a, with all terms of a block side by side: e a
  /// for the value, ∂_k e a and e ∂_k a for the components k. (In the record they lie whole pages apart, which a cache cannot hold.)
  // Unsafe: memory for `block` terms of each row, of which this register's begin at `start`.
  private func pack(
    _ register: Int, _ components: ClosedRange<Int>, _ panels: [Range<Int>], _ start: Int, of block: Int,
    _ e: UnsafeMutablePointer<Vector>, _ a: UnsafeMutablePointer<Vector>
  ) {
    let groups = Lanes32.count / Vector.scalarCount
    let (tile, group) = (register / groups, register % groups)
    var term = start
    /// The pair of panels of one term.
    func add(_ panel: Int, _ component: Int, _ own: Int) {
      let (from, other) = (sensitivity(panel, tile, component), activity(panel, tile, own))
      copy(sensitivities, from, outputStride, group, e + 4 * term, rows: 4, distance: 4 * block)
      copy(activities, other, inputStride, group, a + 2 * term, rows: 2, distance: 2 * block)
      term += 1
    }
    for component in components {
      for panel in panels.joined() {
        add(panel, component, 0)
        if isOwn(component, of: panel) { add(panel, 0, 1 + component - firstSlope(panel)) }
      }
    }
  }

  /// The bias's activity is the constant 1.
  private func addBiasSquares(
    _ components: ClosedRange<Int>, _ weights: ContiguousArray<Lanes32>, into gradient: inout [Double], at start: Int
  ) {
    for row in 0..<layout.outputs {
      var squares = Lanes32.zero
      for tile in 0..<tiles {
        for component in components {
          var sum = Lanes32.zero
          for panel in 0..<panels where seesBias(panel) {
            sum += sensitivities[sensitivity(panel, tile, component) + row]
          }
          squares.addProduct(weights[tile] * sum, sum)
        }
      }
      gradient[start + row] += squares.laneSum
    }
  }
}

#if AVX512
private typealias Vector = SIMD8<Double>
#else
private typealias Vector = SIMD4<Double>
#endif

/// One register of each of `count` rows, into blocks of so many rows at a distance.
// Unsafe: a part of a row as one register; the caller's group is one of a row's, and the target has all blocks.
@inline(__always)
private func copy(
  _ source: ContiguousArray<Lanes32>, _ from: Int, _ count: Int, _ group: Int, _ target: UnsafeMutablePointer<Vector>,
  rows: Int, distance: Int
) {
  precondition(from >= 0 && from + count <= source.count && count % rows == 0, "a panel ends beyond its array")
  source.withUnsafeBytes { bytes in
    for block in 0..<(count / rows) {
      for i in 0..<rows {
        let offset =
          (from &+ block &* rows &+ i) &* MemoryLayout<Lanes32>.stride &+ group &* MemoryLayout<Vector>.stride
        target[block &* distance &+ i] = bytes.load(fromByteOffset: offset, as: Vector.self)
      }
    }
  }
}

/// At most four rows and two columns of G: eight sums over terms, whose squares are added up in eight more, and in eight more where
/// the means' panels have been summed. Entries beyond the edge are not stored.
@inline(__always)
private func squaresKernel(
  _ counts: [(means: Int, others: Int)], _ weights: UnsafePointer<Vector>, _ registers: Int,
  _ e: UnsafePointer<Vector>, _ a: UnsafePointer<Vector>, _ g: UnsafeMutablePointer<Double>, rows: Int, columns: Int,
  stride: Int, mean: Int?
) {
  // Unsafe: four rows and two columns for each register of walkers, component and term, one behind the other; and entries of G with
  // row < rows and column < columns only.
  var (x, y) = (e, a)
  var (s00, s10, s20, s30) = (Vector(), Vector(), Vector(), Vector())
  var (s01, s11, s21, s31) = (Vector(), Vector(), Vector(), Vector())
  var (q00, q10, q20, q30) = (Vector(), Vector(), Vector(), Vector())
  var (q01, q11, q21, q31) = (Vector(), Vector(), Vector(), Vector())
  var (m00, m10, m20, m30) = (Vector(), Vector(), Vector(), Vector())
  var (m01, m11, m21, m31) = (Vector(), Vector(), Vector(), Vector())
  @inline(__always) func add(_ count: Int) {
    // Unsafe: `count` terms.
    for _ in 0..<count {
      let (y0, y1) = (y[0], y[1])
      s00 = multiplyAdd(x[0], y0, s00)
      s01 = multiplyAdd(x[0], y1, s01)
      s10 = multiplyAdd(x[1], y0, s10)
      s11 = multiplyAdd(x[1], y1, s11)
      s20 = multiplyAdd(x[2], y0, s20)
      s21 = multiplyAdd(x[2], y1, s21)
      s30 = multiplyAdd(x[3], y0, s30)
      s31 = multiplyAdd(x[3], y1, s31)
      x += 4
      y += 2
    }
  }
  for register in 0..<registers {
    let weight = weights[register]
    for count in counts {
      (s00, s10, s20, s30) = (Vector(), Vector(), Vector(), Vector())
      (s01, s11, s21, s31) = (Vector(), Vector(), Vector(), Vector())
      if count.means > 0 {
        add(count.means)
        m00 = multiplyAdd(s00 * weight, s00, m00)
        m10 = multiplyAdd(s10 * weight, s10, m10)
        m20 = multiplyAdd(s20 * weight, s20, m20)
        m30 = multiplyAdd(s30 * weight, s30, m30)
        m01 = multiplyAdd(s01 * weight, s01, m01)
        m11 = multiplyAdd(s11 * weight, s11, m11)
        m21 = multiplyAdd(s21 * weight, s21, m21)
        m31 = multiplyAdd(s31 * weight, s31, m31)
      }
      add(count.others)
      q00 = multiplyAdd(s00 * weight, s00, q00)
      q10 = multiplyAdd(s10 * weight, s10, q10)
      q20 = multiplyAdd(s20 * weight, s20, q20)
      q30 = multiplyAdd(s30 * weight, s30, q30)
      q01 = multiplyAdd(s01 * weight, s01, q01)
      q11 = multiplyAdd(s11 * weight, s11, q11)
      q21 = multiplyAdd(s21 * weight, s21, q21)
      q31 = multiplyAdd(s31 * weight, s31, q31)
    }
  }
  // Unsafe: entries of G with row < rows and column < columns only.
  @inline(__always) func store(_ row: Int, _ q0: Vector, _ q1: Vector, _ m0: Vector, _ m1: Vector) {
    guard row < rows else { return }
    let g = g + row * stride
    g[0] += q0.laneSum
    if columns > 1 { g[1] += q1.laneSum }
    guard let mean else { return }
    g[mean] += m0.laneSum
    if columns > 1 { g[mean + 1] += m1.laneSum }
  }
  store(0, q00, q01, m00, m01)
  store(1, q10, q11, m10, m11)
  store(2, q20, q21, m20, m21)
  store(3, q30, q31, m30, m31)
}
