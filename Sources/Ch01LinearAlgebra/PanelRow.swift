import Ch00Lanes

/// A row of a panel, with the loops over rows that networks are made of, compiled for its precision.
///
/// A *panel* is a list of rows, one a feature: a matrix [features × 32 walkers]. What is built on panels (the packed
/// weights of this chapter, the layers of chapter 2) is generic over the precision and is not compiled for each. It
/// calls these functions through the protocol, which costs nanoseconds a panel. A call for every row would cost more
/// than the row's arithmetic; so the loops over rows are here, and are functions of the two types.
///
/// Panels lie in longer arrays: an argument `at` says where. Where several are meant, each starts `stride` rows after
/// the one before it.
public protocol PanelRow: WalkerRow {
  /// W as ``PackedWeights`` holds it.
  static func pack(_ elements: StridedElements) -> ContiguousArray<SIMD4<Scalar>>

  /// C = C₀ + W B: what `panelProduct` calls.
  static func multiply(
    _ w: ContiguousArray<SIMD4<Scalar>>, _ b: Panel, at bStart: Int, from c0: Panel, into c: inout Panel,
    at cStart: Int, columns: Int, rows: Int)

  /// G += Σ e ⊗ h: `addOuterProducts`, which checks what this does not.
  // Unsafe: a pointer into G. No other module can make the factors, and in this one nothing else calls it.
  static func addOuterProducts(
    _ e: OuterFactor<Self>, _ h: OuterFactor<Self>, pairs: Int, to g: UnsafeMutablePointer<Double>, stride: Int)

  /// y = x, to this precision.
  static func round(_ x: ContiguousArray<Lanes32>, at: Int, count: Int, into y: inout Panel, at: Int)

  /// y = s x.
  static func scale(_ x: Panel, by s: Double, count: Int, into y: inout Panel)

  /// z = x - y.
  static func subtract(_ x: Panel, at: Int, _ y: Panel, count: Int, into z: inout Panel)

  /// m = ⟨x⟩: the mean over `panels` panels, row by row.
  static func average(_ x: Panel, at: Int, stride: Int, panels: Int, count: Int, into m: inout Panel)

  /// The last of `panels` panels from the mean over all: y_A = A m - Σ_{i<A} y_i.
  static func setLast(_ y: inout Panel, at: Int, stride: Int, panels: Int, count: Int, fromMean m: Panel)

  /// s_c += k x_c · y, the scalar product over rows, for each of `panels` panels x_c.
  static func addDots(
    _ x: Panel, at: Int, stride: Int, panels: Int, _ y: Panel, times k: Double, to s: inout Panel, at: Int)

  /// y = Σ_c u_c x_c, for `panels` panels x_c of `stride` rows.
  static func contract(
    _ u: Panel, at: Int, panels: Int, _ x: Panel, at: Int, stride: Int, into y: inout Panel, at: Int)

  /// g_r += Σ_p Σ_walkers x_pr, for `panels` panels x_p.
  static func addLaneSums(
    _ x: Panel, at: Int, stride: Int, panels: Int, count: Int, to g: inout [Double], at: Int)

  /// rest -= y, then y ← tanh y (+ x); for the last panel y is what is left in `rest`: y ← tanh rest (+ x).
  static func applyTanh(
    _ y: inout Panel, at: Int, count: Int, residual x: Panel?, rest: inout Panel, isLast: Bool)
}

extension WalkerRow {
  /// Rows, one a feature; several panels where they lie in one array.
  public typealias Panel = ContiguousArray<Self>
}

// Conformances beside the bodies: a debug build compiles files one by one, and a generic function for the types that
// its own file names. `@inlinable` is for callers in other modules that know their precision.

extension Lanes32: PanelRow {}
extension SingleLanes32: PanelRow {}

extension PanelRow {
  /// y_f = x_f, rounded to this precision, for `count` rows.
  @inlinable
  public static func round(_ x: ContiguousArray<Lanes32>, at i: Int, count: Int, into y: inout Panel, at j: Int) {
    precondition(i >= 0 && j >= 0 && i + count <= x.count && j + count <= y.count, "a panel ends beyond its array")
    // Unsafe: unchecked indices, for speed: checks take a sixth from products of panels (119 of 141 GFLOP/s). f <
    // count, which both panels have.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in for f in 0..<count { y[j &+ f] = Self(rounding: x[i &+ f]) } }
    }
  }

  /// y_f = s x_f for `count` rows from index 0 on.
  @inlinable public static func scale(_ x: Panel, by s: Double, count: Int, into y: inout Panel) {
    let s = Scalar(s)
    precondition(count <= x.count && count <= y.count, "a panel ends beyond its array")
    // Unsafe: as in `round`; f < count, which both panels have.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in for f in 0..<count { y[f] = s * x[f] } }
    }
  }

  /// z_f = x_f - y_f for `count` rows; y and z from index 0 on.
  @inlinable public static func subtract(_ x: Panel, at i: Int, _ y: Panel, count: Int, into z: inout Panel) {
    precondition(
      i >= 0 && i + count <= x.count && count <= y.count && count <= z.count, "a panel ends beyond its array")
    // Unsafe: as in `round`; f < count, which the three panels have.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        z.withUnsafeMutableBufferPointer { z in for f in 0..<count { z[f] = x[i &+ f] - y[f] } }
      }
    }
  }

  /// m_f = ⟨x_f⟩, the mean over `panels` panels, for `count` rows; at least one panel.
  @inlinable
  public static func average(_ x: Panel, at start: Int, stride: Int, panels: Int, count: Int, into m: inout Panel) {
    precondition(panels > 0 && stride >= 0 && start >= 0, "panels \(panels) at \(start), \(stride) apart")
    precondition(start + (panels - 1) * stride + count <= x.count && count <= m.count, "a panel ends beyond its array")
    let factor = 1 / Scalar(panels)
    // Unsafe: as in `round`; f < count and i < panels, and the last panel ends within its array.
    x.withUnsafeBufferPointer { x in
      m.withUnsafeMutableBufferPointer { m in
        for f in 0..<count {
          var sum = x[start &+ f]
          for i in 1..<panels { sum += x[start &+ i &* stride &+ f] }
          m[f] = factor * sum
        }
      }
    }
  }

  /// y_A = A m - Σ_{i<A} y_i, for `count` rows of the last of A = `panels` panels.
  @inlinable
  public static func setLast(_ y: inout Panel, at start: Int, stride: Int, panels: Int, count: Int, fromMean m: Panel) {
    precondition(panels > 0 && stride >= 0 && start >= 0, "panels \(panels) at \(start), \(stride) apart")
    precondition(start + (panels - 1) * stride + count <= y.count && count <= m.count, "a panel ends beyond its array")
    let factor = Scalar(panels)
    // Unsafe: as in `round`; f < count and i < panels, and the last panel ends within its array.
    y.withUnsafeMutableBufferPointer { y in
      m.withUnsafeBufferPointer { m in
        for f in 0..<count {
          var rest = factor * m[f]
          for i in 0..<(panels &- 1) { rest -= y[start &+ i &* stride &+ f] }
          y[start &+ (panels &- 1) &* stride &+ f] = rest
        }
      }
    }
  }

  /// s_{j+c} += k Σ_f x_cf y_f, walker by walker, over `stride` rows for each of `panels` panels x_c from `start` on; k is rounded
  /// to this precision. An odd stride, or a panel that ends beyond its array, stops the program.
  @inlinable
  public static func addDots(
    _ x: Panel, at start: Int, stride: Int, panels: Int, _ y: Panel, times k: Double, to s: inout Panel, at j: Int
  ) {
    precondition(stride >= 0 && stride % 2 == 0 && start >= 0, "panels at \(start), \(stride) apart")
    precondition(start + panels * stride <= x.count && stride <= y.count, "a panel ends beyond its array")
    let k = Scalar(k)
    // Unsafe: as in `round`; f + 1 < stride, which is even, and c < panels; the sums s are indexed with checks.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        for c in 0..<panels {
          let from = start &+ c &* stride
          var even = Self.zero
          var odd = Self.zero
          for f in Swift.stride(from: 0, to: stride, by: 2) {
            even.addProduct(x[from &+ f], y[f])
            odd.addProduct(x[from &+ f &+ 1], y[f &+ 1])
          }
          s[j &+ c].addProduct(k, even + odd)
        }
      }
    }
  }

  /// y_f = Σ_c u_c x_cf over `panels` panels, for `stride` rows.
  @inlinable
  public static func contract(
    _ u: Panel, at k: Int, panels: Int, _ x: Panel, at start: Int, stride: Int, into y: inout Panel, at j: Int
  ) {
    precondition(panels >= 0 && stride >= 0 && start >= 0 && j >= 0 && k >= 0, "a panel begins before its array")
    precondition(
      k + panels <= u.count && start + panels * stride <= x.count && j + stride <= y.count,
      "a panel ends beyond its array")
    // Unsafe: as in `round`; f < stride and c < panels, and the last panel ends within its array.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        u.withUnsafeBufferPointer { u in
          for f in 0..<stride {
            var sum = Self.zero
            for c in 0..<panels { sum.addProduct(u[k &+ c], x[start &+ c &* stride &+ f]) }
            y[j &+ f] = sum
          }
        }
      }
    }
  }

  /// g_r += Σ_p Σ_walkers x_pr in double precision, for `count` rows of `panels` panels; panel by panel in lanes, which are
  /// added up once.
  @inlinable
  public static func addLaneSums(
    _ x: Panel, at i: Int, stride: Int, panels: Int, count: Int, to g: inout [Double], at j: Int
  ) {
    for row in 0..<count {
      var sum = Lanes32.zero
      for panel in 0..<panels { sum += x[i + panel * stride + row].doubles }
      g[j + row] += sum.laneSum
    }
  }

  /// rest -= y, then y ← tanh y (+ x), for `count` rows; with `isLast` y ← tanh rest (+ x).
  @inlinable
  public static func applyTanh(
    _ y: inout Panel, at row: Int, count rows: Int, residual x: Panel?, rest: inout Panel, isLast: Bool
  ) {
    precondition(
      row >= 0 && rows >= 0 && row + rows <= y.count && rows <= rest.count
        && (x.map { row + rows <= $0.count } ?? true),
      "a panel ends beyond its array")
    // Unsafe: a row of 32 walkers as `groups` registers, for the tanh of one. f < count = groups · rows, and all panels
    // have so many rows: the precondition.
    let groups = 32 / Vector.scalarCount
    let (start, count) = (groups * row, groups * rows)
    rest.withUnsafeMutableBytes { rest in
      y.withUnsafeMutableBytes { y in
        guard let rest = rest.assumingMemoryBound(to: Vector.self).baseAddress else { return }
        guard let y = y.assumingMemoryBound(to: Vector.self).baseAddress else { return }
        let p = isLast ? rest : y + start
        /// Compiled once with a residual, and once without.
        @inline(__always) func apply(_ x: UnsafePointer<Vector>?) {
          for f in 0..<count {
            let p = p[f]
            if !isLast { rest[f] -= p }
            let t = Self.tanh(p)
            y[start &+ f] = x.map { t + $0[start &+ f] } ?? t
          }
        }
        guard let x else { return apply(nil) }
        x.withUnsafeBytes { x in apply(x.assumingMemoryBound(to: Vector.self).baseAddress) }
      }
    }
  }
}
