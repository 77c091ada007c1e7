import Ch00Lanes
import Ch01LinearAlgebra

// The calculus of jets for any function of one variable, and for products. `JetActivation.swift` has tanh on its own.

extension JetTile {
  /// y ← φ(y), for a function of one variable that is given with its first two derivatives.
  ///
  ///     ∂_k φ(y) = φ' ∂_k y        Δφ(y) = φ' Δy + φ'' Σ_k (∂_k y)²
  ///
  /// Sines, for example:
  ///
  ///     y.apply { y in
  ///       let (sin, cos) = Lanes.sincos(y)
  ///       return (sin, cos, -sin)
  ///     }
  ///
  /// Padding stays zero, whatever φ(0) is.
  ///
  /// - Parameter rule: φ, φ' and φ'' of the values of eight walkers. It becomes part of the caller's loop, and what the
  ///   order does not need of it is not computed if it has no effects.
  /// - Complexity: one call of the rule for eight walkers and 3 n + 3 operations a jet with Laplacian.
  @inlinable @inline(__always)
  public mutating func apply(_ rule: (Lanes) -> (value: Lanes, first: Lanes, second: Lanes)) {
    let (particles, components) = (particles, components)
    let (lanes, used) = (4 &* stride, 4 &* features)
    let firstDerivatives = order >= .gradient ? coordinates : 0
    let hasLaplacian = order == .laplacian
    // Unsafe: rows as registers. particle < particles, f - start < used ≤ lanes and k + 1 < components stay within the
    // shape, which `withMutableLaneGroups` compares with the storage.
    withMutableLaneGroups { y in
      for particle in 0..<particles {
        let start = particle &* components &* lanes
        for f in start..<(start &+ used) {
          let (value, first, second) = rule(y[f])
          y[f] = value
          var squares = Lanes()
          for k in 0..<firstDerivatives {
            let at = f &+ (k &+ 1) &* lanes
            let derivative = y[at]
            squares = multiplyAdd(derivative, derivative, squares)
            y[at] = first * derivative
          }
          if hasLaplacian {
            let at = f &+ (firstDerivatives &+ 1) &* lanes
            y[at] = multiplyAdd(first, y[at], second * squares)
          }
        }
      }
    }
  }

  /// y ← g y, jet by jet.
  ///
  ///     ∂_k(gy) = g ∂_k y + y ∂_k g        Δ(gy) = g Δy + y Δg + 2 Σ_k ∂_k g ∂_k y
  ///
  /// A function of one variable pulls sensitivities back by such a product, with the jet of its slope φ'.
  ///
  /// - Complexity: 5 n + 6 operations a jet with Laplacian.
  /// - Precondition: g has the shape of y.
  public mutating func multiply(by g: JetTile) {
    precondition(hasShape(of: g), "the factor is a tile of another shape")
    let (particles, components, lanes) = (particles, components, 4 &* stride)
    let firstDerivatives = order >= .gradient ? coordinates : 0
    let hasLaplacian = order == .laplacian
    // Unsafe: rows as registers. particle < particles, f - start < lanes and k + 1 < components stay within the shape
    // of both tiles, which the two functions compare with the storage.
    g.withLaneGroups { g in
      withMutableLaneGroups { y in
        for particle in 0..<particles {
          let start = particle &* components &* lanes
          for f in start..<(start &+ lanes) {
            let (value, factor) = (y[f], g[f])
            y[f] = factor * value
            var cross = Lanes()
            for k in 0..<firstDerivatives {
              let at = f &+ (k &+ 1) &* lanes
              let (derivative, slope) = (y[at], g[at])
              cross = multiplyAdd(slope, derivative, cross)
              y[at] = multiplyAdd(factor, derivative, value * slope)
            }
            if hasLaplacian {
              let at = f &+ (firstDerivatives &+ 1) &* lanes
              y[at] = multiplyAdd(factor, y[at], multiplyAdd(value, g[at], 2 * cross))
            }
          }
        }
      }
    }
  }

  /// The jet of Σ_if y_if, the sum over all particles and features.
  ///
  /// - Returns: shape [components].
  public func sum() -> ContiguousArray<Lanes32> {
    var sums = ContiguousArray(repeating: Lanes32.zero, count: components)
    for i in 0..<particles {
      for component in 0..<components {
        for f in 0..<features { sums[component] += self[i, component, f] }
      }
    }
    return sums
  }

  // Unsafe: a row of 32 walkers is four registers, and is read as them; bodies keep within the shape.
  /// The numbers as groups of eight walkers, four to each element of `storage`.
  @inlinable @inline(__always)
  func withLaneGroups(_ body: (UnsafePointer<Lanes>) -> Void) {
    precondition(storage.count == particles * components * stride, "the storage has lost its shape")
    storage.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(UnsafeRawPointer(base).assumingMemoryBound(to: Lanes.self))
    }
  }

  /// The same, to be changed.
  @inlinable @inline(__always)
  mutating func withMutableLaneGroups(_ body: (UnsafeMutablePointer<Lanes>) -> Void) {
    precondition(storage.count == particles * components * stride, "the storage has lost its shape")
    // Unsafe: a row of 32 walkers is four registers, and is changed as them; bodies keep within the shape.
    storage.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(UnsafeMutableRawPointer(base).assumingMemoryBound(to: Lanes.self))
    }
  }
}
