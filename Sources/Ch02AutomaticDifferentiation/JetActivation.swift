import Ch00Lanes

// Functions of one variable on jets: forward, and backward as a jet of its own.

extension JetTile {
  /// y ← tanh(y), and + x where a residual is given.
  ///
  ///     t = tanh p,  t' = 1 - t²,  t'' = -2 t t'
  ///
  /// - Complexity: 1 tanh and 3 n + 6 operations a jet with Laplacian.
  /// - Precondition: the residual has the shape of y.
  @inline(never)
  public mutating func applyTanh(residual x: JetTile?) {
    precondition(x.map { fits($0) } ?? true, "the residual has another shape")
    let (particles, lanes) = (particles, 4 * stride)
    let (firstDerivatives, hasLaplacian) = (order >= .gradient ? coordinates : 0, order == .laplacian)
    let components = components
    // Unsafe: rows as registers, in one pass. start + lanes and (firstDerivatives + 1) · lanes beyond it, the last
    // component, stay within particles · components · lanes registers, which the preconditions find in y and in x. One
    // pass: a residual that is added afterwards would cost as much again in memory as the rest does in arithmetic.
    withResidual(x, &self) { x, y in
      for particle in 0..<particles {
        let start = particle &* components &* lanes
        for f in start..<(start &+ lanes) {
          let t = Lanes.tanh(y[f])
          y[f] = x.map { t + $0[f] } ?? t
          guard firstDerivatives > 0 else { continue }
          let slope = 1 - t * t
          var squares = Lanes()
          for k in 1...firstDerivatives {
            let at = f &+ k &* lanes
            let q = y[at]
            squares = multiplyAdd(q, q, squares)
            y[at] = x.map { multiplyAdd(slope, q, $0[at]) } ?? slope * q
          }
          if hasLaplacian {
            let at = f &+ (firstDerivatives &+ 1) &* lanes
            let d = slope * multiplyAdd(t * squares, -2, y[at])
            y[at] = x.map { d + $0[at] } ?? d
          }
        }
      }
    }
  }

  /// Whether the other tile has this one's shape, and both have the memory of it.
  private func fits(_ other: JetTile) -> Bool { hasShape(of: other) && storage.count == other.storage.count }

  /// self += x, component by component; a tile of another shape stops the program.
  public mutating func add(_ x: JetTile) {
    precondition(fits(x), "shapes differ")
    // Unsafe: unchecked indices, for speed; those of y, which the precondition makes those of x too.
    x.storage.withUnsafeBufferPointer { x in
      storage.withUnsafeMutableBufferPointer { y in for i in y.indices { y[i] += x[i] } }
    }
  }

  /// e ← e · tanh'(p) as jets, where t = tanh p is given as a jet: the pullback through tanh.
  ///
  ///     s = 1 - t²,  ∂_k s = -2 t ∂_k t,  Δs = -2 t Δt - 2 Σ_k (∂_k t)²,  and the product rule for s e
  ///
  /// - Parameters:
  ///   - y: the layer's output; t = y - x.
  ///   - x: the residual that the output contains, or nil.
  @inline(never)
  public mutating func pullThroughTanh(y: JetTile, residual x: JetTile?) {
    precondition(fits(y), "shapes differ")
    precondition(x.map { fits($0) } ?? true, "the residual has another shape")
    // t = y - share · x
    let share = x == nil ? 0.0 : 1.0
    let (particles, lanes) = (particles, 4 * stride)
    let (firstDerivatives, hasLaplacian) = (order >= .gradient ? coordinates : 0, order == .laplacian)
    let components = components
    // Unsafe: rows as registers; the indices are those of `applyTanh`, and the preconditions find them in all three
    // tiles.
    withLanes(y, x ?? y, &self) { y, x, e in
      for particle in 0..<particles {
        let start = particle &* components &* lanes
        for f in start..<(start &+ lanes) {
          let t0 = multiplyAdd(x[f], -share, y[f])
          let e0 = e[f]
          let s0 = 1 - t0 * t0
          e[f] = s0 * e0
          guard firstDerivatives > 0 else { continue }
          var squares = Lanes()
          var cross = Lanes()
          for k in 1...firstDerivatives {
            let at = f &+ k &* lanes
            let tk = multiplyAdd(x[at], -share, y[at])
            let ek = e[at]
            let sk = -2 * t0 * tk
            squares = multiplyAdd(tk, tk, squares)
            cross = multiplyAdd(sk, ek, cross)
            e[at] = multiplyAdd(s0, ek, e0 * sk)
          }
          if hasLaplacian {
            let at = f &+ (firstDerivatives &+ 1) &* lanes
            let laplacianOfSlope = -2 * multiplyAdd(t0, multiplyAdd(x[at], -share, y[at]), squares)
            e[at] = multiplyAdd(s0, e[at], multiplyAdd(e0, laplacianOfSlope, 2 * cross))
          }
        }
      }
    }
  }
}

/// A tile to read, if any, and one to change, as eight-lane groups; the body is compiled once for each case.
// Unsafe: a row of 32 walkers is four registers, and is read as them; the body keeps within 4 · storage.count.
@inline(__always)
private func withResidual(
  _ x: JetTile?, _ y: inout JetTile, _ body: (UnsafePointer<Lanes>?, UnsafeMutablePointer<Lanes>) -> Void
) {
  y.withMutableLaneGroups { y in
    if let x { x.withLaneGroups { x in body(x, y) } } else { body(nil, y) }
  }
}

/// Two tiles to read and one to change, as eight-lane groups.
// Unsafe: as above.
@inline(__always)
private func withLanes(
  _ y: JetTile, _ x: JetTile, _ e: inout JetTile,
  _ body: (UnsafePointer<Lanes>, UnsafePointer<Lanes>, UnsafeMutablePointer<Lanes>) -> Void
) {
  y.withLaneGroups { y in
    x.withLaneGroups { x in
      e.withMutableLaneGroups { e in body(y, x, e) }
    }
  }
}
