import Ch00Lanes
import Ch03TrappedFermions

/// x⁴: a trap that is not in the book.
struct QuarticTrap: Potential {
  func callAsFunction(_ x: Double) -> Double { x * x * x * x }
}

/// Two wells at x = ±d with a barrier of height `height` between them.
struct DoubleWell: Potential {
  var distance = 2.0
  var height = 4.0
  func callAsFunction(_ x: Double) -> Double {
    let s = x * x / (distance * distance) - 1
    return height * s * s
  }
}

/// ½ κ r²: springs between all pairs, which the centre of mass does not feel.
///
/// A fermions in the harmonic trap then have one mode of frequency 1 and A - 1 of frequency √(1 + Aκ), and the lowest
/// antisymmetric state has E = ½ + ½ (A² - 1) √(1 + Aκ).
struct Springs: Potential {
  var stiffness: Double
  func callAsFunction(_ r: Double) -> Double { 0.5 * stiffness * r * r }
  func callAsFunction(_ r: Lanes) -> Lanes { 0.5 * stiffness * r * r }

  func groundState(particles: Int) -> Double {
    let a = Double(particles)
    return 0.5 + 0.5 * (a * a - 1) * (1 + a * stiffness).squareRoot()
  }
}

/// A trap that holds nothing.
struct FlatTrap: Potential {
  func callAsFunction(_ x: Double) -> Double { 0 }
}

/// Level number `level` of -½ψ'' + u ψ = E ψ by Numerov's method and the count of nodes: no grid functions, no
/// matrices.
///
/// With step h the error is of order h⁴.
func shootingLevel(_ level: Int, trap: some Potential, edge: Double, step h: Double, lowest: Double = 0) -> Double {
  func nodes(_ energy: Double) -> Int {
    let count = Int((2 * edge / h).rounded())
    func g(_ i: Int) -> Double { 2 * (energy - trap(-edge + Double(i) * h)) * h * h / 12 }
    var previous = 0.0
    var current = 1e-30
    var nodes = 0
    for i in 1..<count {
      let next = (2 * (1 - 5 * g(i)) * current - (1 + g(i - 1)) * previous) / (1 + g(i + 1))
      if next * current < 0 { nodes += 1 }
      previous = current
      current = next
      if abs(current) > 1e200 {
        previous *= 1e-200
        current *= 1e-200
      }
    }
    return nodes
  }
  var lower = lowest
  var upper = 100.0
  while upper - lower > 1e-12 {
    let middle = 0.5 * (lower + upper)
    if nodes(middle) > level { upper = middle } else { lower = middle }
  }
  return 0.5 * (lower + upper)
}
