import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// The matrix Φ_ij = ψ_j(x^i) of 32 walkers, and what follows from the jets of its entries.
///
/// With N = Φ⁻¹, Λ = ∂_k ln|ψ_j(x^i)| and Q = Δψ_j/ψ_j = Δ ln|ψ_j| + Σ_k Λ², the weights W_ij = Φ_ij N_ji add up to 1 along each row and
/// each column, and for a coordinate k of the set m
///
///     ∂_k ln|Ψ| = Σ_j W_mj Λ_mj            Δ ln|Ψ| = Σ_mj W_mj Q_mj - Σ_k (∂_k ln|Ψ|)²
///
/// since Ψ is linear in each row. Row m alone depends on x^m, so that ∂_k N = -N ∂_kΦ N is an outer product. With
/// P_ij = Φ_ij N_jm, t_i = Σ_b Φ_mb Λ_mb N_bi, of which t_m is ∂_k ln|Ψ|, and d_i = Σ_b Φ_mb Q_mb N_bi,
///
///     ∂_k W_ij  = δ_im W_ij Λ_ij - P_ij t_i
///     Δ_m W_ij  = δ_im W_ij (Q_ij - 2 Σ_k Λ_ij t_m) + P_ij (2 Σ_k t_m t_i - d_i)
///
/// Rows are divided by their largest entry, which nothing here depends on: states are asked for ln|ψ|, and neither a walker
/// far out nor a state of another norm makes a number that is too large or too small.
///
/// - Complexity: O(K³ A) a tile for the weights' jets, O(K³ + K² A) without them.
struct StateMatrix: Sendable {
  /// K.
  let states: Int
  /// A.
  let particles: Int
  let order: JetOrder
  /// Numbers in the jet of an entry, and in one over all coordinates.
  let components: Int
  let allComponents: Int
  /// sign ψ_j(x^i) at [i · K + j].
  var signs: ContiguousArray<Lanes32>
  /// Jets of ln|ψ_j(x^i)|, as [i · K + j][component].
  var jets: ContiguousArray<Lanes32>
  /// Φ with scaled rows, [i · K + j], and N, [j · K + i].
  var matrix: ContiguousArray<Lanes32>
  var inverse: ContiguousArray<Lanes32>
  /// Jets of W_ij over all coordinates, as [i · K + j][component].
  var weights: ContiguousArray<Lanes32>
  private var elimination: ContiguousArray<Lanes32>
  /// t_i of each coordinate of one set, [k][i].
  private var rates: ContiguousArray<Lanes32>

  init(states: Int, particles: Int, order: JetOrder) {
    self.states = states
    self.particles = particles
    self.order = order
    components = order.components(coordinates: particles)
    allComponents = order.components(coordinates: states * particles)
    let squares = states * states
    signs = ContiguousArray(repeating: .zero, count: squares)
    jets = ContiguousArray(repeating: .zero, count: squares * components)
    matrix = signs
    inverse = signs
    weights = ContiguousArray(repeating: .zero, count: squares * allComponents)
    elimination = ContiguousArray(repeating: .zero, count: 2 * squares)
    rates = ContiguousArray(repeating: .zero, count: particles * states)
  }

  /// Takes sign and jet of ψ_j(x^i).
  mutating func set(_ i: Int, _ j: Int, sign: Lanes32, jet: ContiguousArray<Lanes32>) {
    signs[i * states + j] = sign
    for c in 0..<components { jets[(i * states + j) * components + c] = jet[c] }
  }

  /// Rows divided by their largest entries, which are returned as a sum of logarithms.
  private mutating func scaleRows() -> Lanes32 {
    var sum = Lanes32.zero
    for i in 0..<states {
      var largest = jets[i * states * components]
      for j in 1..<max(states, 1) {
        largest = largest.zip(jets[(i * states + j) * components]) { $0.replacing(with: $1, where: $1 .> $0) }
      }
      // All states zero: keep -∞ - (-∞) out of the exponent.
      let offset = largest.map { $0.replacing(with: 0, where: $0 .== -.infinity) }
      for j in 0..<states {
        let at = i * states + j
        matrix[at] = signs[at] * (jets[at * components] - offset).map(Lanes.exp)
      }
      sum += offset
    }
    return sum
  }

  /// sign Ψ and ln|Ψ|.
  mutating func value(sign: inout Lanes32, logMagnitude: inout Lanes32) {
    let scale = scaleRows()
    logDeterminants(&matrix, size: states, sign: &sign, logMagnitude: &logMagnitude)
    logMagnitude += scale
  }

  /// sign Ψ and the jet of ln|Ψ|; leaves Φ, N and the values W_ij.
  mutating func evaluate(sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>) {
    let scale = scaleRows()
    inverses(of: matrix, size: states, into: &inverse, sign: &sign, logMagnitude: &jet[0], workspace: &elimination)
    jet[0] += scale
    for i in 0..<states {
      for j in 0..<states {
        weights[(i * states + j) * allComponents] = matrix[i * states + j] * inverse[j * states + i]
      }
    }
    guard order > .value else { return }
    var laplacian = Lanes32.zero
    for i in 0..<states {
      for k in 0..<particles {
        var slope = Lanes32.zero
        for j in 0..<states { slope.addProduct(weight(i, j), jets[(i * states + j) * components + 1 + k]) }
        jet[1 + i * particles + k] = slope
        laplacian -= slope * slope
      }
      guard order == .laplacian else { continue }
      for j in 0..<states { laplacian.addProduct(weight(i, j), curvature(i, j)) }
    }
    if order == .laplacian { jet[allComponents - 1] = laplacian }
  }

  /// The jets of W_ij beyond their values, after `evaluate`.
  mutating func differentiateWeights() {
    guard order > .value else { return }
    let (n, last) = (states, allComponents - 1)
    if order == .laplacian { for at in 0..<(n * n) { weights[at * allComponents + last] = .zero } }
    for m in 0..<n {
      // t_i of the coordinates of x^m.
      for k in 0..<particles {
        for i in 0..<n {
          var sum = Lanes32.zero
          for b in 0..<n {
            sum.addProduct(matrix[m * n + b] * inverse[b * n + i], jets[(m * n + b) * components + 1 + k])
          }
          rates[k * n + i] = sum
        }
      }
      for i in 0..<n {
        var bend = Lanes32.zero
        if order == .laplacian {
          for b in 0..<n { bend -= matrix[m * n + b] * inverse[b * n + i] * curvature(m, b) }
          for k in 0..<particles { bend.addProduct(2, rates[k * n + m] * rates[k * n + i]) }
        }
        for j in 0..<n {
          let start = (i * n + j) * allComponents
          let outer = matrix[i * n + j] * inverse[j * n + m]
          var mixed = Lanes32.zero
          for k in 0..<particles {
            var slope = -(outer * rates[k * n + i])
            if i == m {
              let own = jets[(i * n + j) * components + 1 + k]
              slope.addProduct(weight(i, j), own)
              mixed.addProduct(own, rates[k * n + m])
            }
            weights[start + 1 + m * particles + k] = slope
          }
          guard order == .laplacian else { continue }
          weights[start + last].addProduct(outer, bend)
          if i == m { weights[start + last].addProduct(weight(i, j), curvature(i, j) - 2 * mixed) }
        }
      }
    }
  }

  /// The value of W_ij.
  private func weight(_ i: Int, _ j: Int) -> Lanes32 { weights[(i * states + j) * allComponents] }

  /// Q_ij = Δψ_j/ψ_j at x^i.
  func curvature(_ i: Int, _ j: Int) -> Lanes32 {
    let start = (i * states + j) * components
    var sum = jets[start + components - 1]
    for k in 0..<particles { sum.addProduct(jets[start + 1 + k], jets[start + 1 + k]) }
    return sum
  }
}
