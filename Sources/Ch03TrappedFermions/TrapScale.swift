import Ch00Lanes

/// Where the fermions of a system can be, from the trap alone: the first guess of every box and spacing.
///
/// The states of one particle below the energy e number about (1/π) ∫ √(2(e - u(x))) dx (Bohr and Sommerfeld; exact for
/// the oscillator). The energy at which that is A is `top`, and the fermions without interaction fill the trap up to
/// there.
struct TrapScale {
  /// Lowest value of the trap.
  let bottom: Double
  /// Where it is; 0 for an even trap.
  let center: Double
  /// Energy above `bottom` up to which the trap holds A states.
  let top: Double
  /// Depth of the interaction at the distances that fit the trap, 0 where it only repels.
  let depth: Double
  /// Distance over which the interaction changes by half of all that it does.
  let interactionLength: Double
  private let trap: any Potential

  private static let farthest = 1e4

  /// - Parameter method: who asks, for the error.
  /// - Throws: where the trap does not hold A particles within |x| ≤ 1e4, or H has no ground state
  ///   (``TrappedFermions/requireGroundState()``).
  init(_ fermions: TrappedFermions, for method: Reference.Method) throws(ReferenceError) {
    trap = fermions.trap
    // Points at equal ratios: every scale from 1e-3 to 1e4 is seen.
    var x = [0.0]
    var reach = 1e-3
    while reach <= Self.farthest {
      x += [reach, -reach]
      reach *= 1.02
    }
    x.sort()
    let u = x.map { fermions.trap($0) }
    guard u.allSatisfy({ !$0.isNaN && $0 > -.infinity }), let lowest = u.min(), lowest < .infinity else {
      throw .notApplicable(method: method, reason: "the trap is not a number, or has no bottom")
    }
    bottom = lowest
    // A trap that is even keeps its mirror plane, wherever its wells are.
    let isEven = zip(u, u.reversed()).allSatisfy { $0 == $1 || abs($0 - $1) <= 1e-13 * abs($0) }
    center = isEven ? 0 : x[u.firstIndex(of: lowest) ?? 0]
    func states(_ energy: Double) -> Double {
      var area = 0.0
      for i in 1..<x.count {
        let left = max(0, 2 * (energy + lowest - u[i - 1])).squareRoot()
        let right = max(0, 2 * (energy + lowest - u[i])).squareRoot()
        area += 0.5 * (left + right) * (x[i] - x[i - 1])
      }
      return area / Double.pi
    }
    var upper = 1e-6
    while states(upper) < Double(fermions.particles) && upper < 1e12 { upper *= 1.1 }
    top = upper
    let edges = [u[0], u[u.count - 1]]
    guard upper < 1e12, edges.allSatisfy({ $0 - lowest > 1.05 * upper }) else {
      throw .notApplicable(method: method, reason: "the trap does not hold \(fermions.particles) particles")
    }
    do throws(PotentialError) {
      try fermions.requireGroundState()
    } catch {
      throw .notApplicable(method: method, reason: error.description)
    }
    // In a well of finite depth no further than nine tenths up.
    let height = min(2 * upper, 0.9 * ((edges.min() ?? 0) - lowest))
    let inside = x.filter { fermions.trap($0) - lowest <= height }
    let width = (inside.last ?? 0) - (inside.first ?? 0)
    let distances = x.filter { $0 >= 0 && $0 <= width }
    let v = distances.map { fermions.interaction($0) }
    guard v.allSatisfy(\.isFinite) else {
      throw .notApplicable(method: method, reason: "the interaction is not finite at every distance")
    }
    let (lowestPair, highestPair) = (v.min() ?? 0, v.max() ?? 0)
    depth = max(0, -lowestPair)
    // A constant interaction has no length.
    let change = v.firstIndex { abs($0 - v[0]) > 0.5 * (highestPair - lowestPair) }
    interactionLength = fermions.particles > 1 ? change.map { distances[$0] } ?? .infinity : .infinity
  }

  /// π/p for the fastest fermion of the lowest states, in a well of the interaction; and never so wide that the points
  /// could miss an interaction that is at least 1e-3 long, the shortest distance looked at.
  var coarsestSpacing: Double {
    min(Double.pi / (2 * (top + depth)).squareRoot(), interactionLength)
  }

  /// The interval outside which u(x) - bottom > energy. On a side where the trap does not rise so far, as far as it
  /// reaches nine tenths of what it does, and by as many times more as the energy is larger than that: a state in a well of
  /// finite depth falls off exponentially.
  func box(_ energy: Double) -> (lower: Double, upper: Double) {
    func side(_ direction: Double) -> Double {
      let highest = 0.9 * (trap(center + direction * Self.farthest) - bottom)
      return energy <= highest || highest <= 0
        ? edge(direction, energy) : center + (edge(direction, highest) - center) * energy / highest
    }
    func edge(_ direction: Double, _ energy: Double) -> Double {
      // From far outside to the first point below, then bisection.
      var outside = Self.farthest
      var inside = outside
      while inside > 1e-4 && trap(center + direction * inside) - bottom > energy {
        outside = inside
        inside /= 1.02
      }
      for _ in 0..<60 {
        let middle = 0.5 * (inside + outside)
        if trap(center + direction * middle) - bottom > energy { outside = middle } else { inside = middle }
      }
      return center + direction * outside
    }
    return (side(-1), side(1))
  }

  /// A grid over that interval, with a point at its centre.
  ///
  /// - Parameter decay: no farther than where the highest of the states has fallen by e^-decay on its way out, ∫ √(2(u - top)) dx
  ///   (Wentzel, Kramers and Brillouin): a trap that hardly rises holds them long before it reaches the energy.
  func grid(reach energy: Double, decay: Double = .infinity, spacing: Double) -> LineGrid {
    let box = box(energy)
    let (left, right) = (farthest(-1, decay), farthest(1, decay))
    return LineGrid(from: max(box.lower, left), to: min(box.upper, right), spacing: spacing, anchor: center)
  }

  private func farthest(_ direction: Double, _ decay: Double) -> Double {
    guard decay.isFinite else { return direction * .infinity }
    var (distance, sum) = (1e-3, 0.0)
    while sum < decay, distance < Self.farthest {
      let above = trap(center + direction * distance * 1.01) - bottom - top
      sum += 0.02 * distance * max(0, 2 * above).squareRoot()
      distance *= 1.02
    }
    return center + direction * distance
  }
}
