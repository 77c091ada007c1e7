import Ch00Lanes
import Ch02AutomaticDifferentiation
import TestSupport
import Testing

/// Every order, with features that fill their block of four and features that do not.
private let shapes = JetOrder.allCases.flatMap { order in [1, 4, 5].map { (order, $0) } }

@Suite("2.11 Calculus on jets") struct JetCalculus {
  /// Random jets of two particles over three coordinates.
  func tile(_ order: JetOrder, features: Int, seed: UInt64) -> JetTile {
    var random = SplitMix64(seed: seed)
    var tile = JetTile(particles: 2, features: features, coordinates: 3, order: order)
    for i in 0..<2 {
      for component in 0..<tile.components {
        for f in 0..<features {
          for (walker, x) in random.uniform(-1...1, count: Lanes32.count).enumerated() {
            tile[i, component, f][walker] = x
          }
        }
      }
    }
    return tile
  }

  /// Some ten operations on numbers of order 1 and below 10.
  func expectClose(_ x: JetTile, _ y: JetTile) {
    #expect(x.storage.flatMap(\.array) ≈ y.storage.flatMap(\.array) ± 1e-14)
  }

  /// tanh and its slope 1 - tanh², each with two derivatives.
  func tanhRule(_ p: Lanes) -> (Lanes, Lanes, Lanes) {
    let t = Lanes.tanh(p)
    let slope = 1 - t * t
    return (t, slope, -2 * t * slope)
  }
  func slopeRule(_ p: Lanes) -> (Lanes, Lanes, Lanes) {
    let (t, slope, curvature) = tanhRule(p)
    return (slope, curvature, -2 * slope * slope - 2 * t * curvature)
  }

  @Test("applyTanh is apply with tanh and its derivatives", arguments: shapes)
  func tanh(order: JetOrder, features: Int) {
    var general = tile(order, features: features, seed: 1)
    var special = general
    general.apply { tanhRule($0) }
    special.applyTanh(residual: nil)
    expectClose(general, special)
  }

  @Test("pullThroughTanh is the product with the jet of tanh'", arguments: shapes)
  func pullback(order: JetOrder, features: Int) {
    var slope = tile(order, features: features, seed: 1)
    var y = slope
    y.applyTanh(residual: nil)
    var general = tile(order, features: features, seed: 2)
    var special = general
    slope.apply { slopeRule($0) }
    general.multiply(by: slope)
    special.pullThroughTanh(y: y, residual: nil)
    expectClose(general, special)
  }

  @Test("a square by the rule for functions is a square by the rule for products", arguments: shapes)
  func square(order: JetOrder, features: Int) {
    let x = tile(order, features: features, seed: 3)
    var byRule = x
    byRule.apply { (x: Lanes) in (x * x, 2 * x, Lanes(repeating: 2)) }
    var byProduct = x
    byProduct.multiply(by: x)
    expectClose(byRule, byProduct)
  }

  @Test("padding stays zero under a function that is not zero at 0")
  func padding() {
    var x = tile(.laplacian, features: 5, seed: 4)
    x.apply { x in
      let (sin, cos) = Lanes.sincos(x)
      return (cos, -sin, -cos)
    }
    for i in 0..<2 {
      for component in 0..<x.components {
        for f in 5..<8 { #expect(x.storage[x.index(i, component, f)] == .zero) }
      }
    }
  }

  @Test("a tile's sum is that of its features and particles, component by component", arguments: JetOrder.allCases)
  func sum(order: JetOrder) {
    let x = tile(order, features: 3, seed: 5)
    let sums = x.sum()
    #expect(sums.count == x.components)
    for component in sums.indices {
      var expected = 0.0
      for i in 0..<2 { for f in 0..<3 { expected += x[i, component, f][17] } }
      // Six numbers of order 1.
      #expect(sums[component][17] ≈ expected ± 1e-15)
    }
  }
}
