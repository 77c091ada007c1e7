import Ch00Lanes
import Ch01LinearAlgebra

/// Hartree-Fock on one grid: the density matrix ρ = Σ_a φ_a φ_aᵀ of A orbitals, and the field that it makes.
///
///     F(ρ)_ij = t_ij + u_i δ_ij + δ_ij Σ_k v_ik ρ_kk - v_ij ρ_ij
///     E(ρ)    = tr (t + u) ρ + ½ Σ_ij v_ij (ρ_ii ρ_jj - ρ_ij²)
///
/// The last two terms of F are the direct and the exchange field; a fermion's field on itself cancels between them.
struct MeanField {
  let grid: LineGrid
  let particles: Int
  private let oneBody: Matrix
  /// v by distance, [count].
  private let pair: [Double]

  init(_ fermions: TrappedFermions, grid: LineGrid) {
    self.grid = grid
    particles = fermions.particles
    oneBody = grid.hamiltonian(fermions.trap)
    pair = (0..<grid.count).map { fermions.interaction(Double($0) * grid.spacing) }
  }

  /// F(ρ).
  private func fockMatrix(_ density: Matrix) -> Matrix {
    let n = grid.count
    var fock = oneBody
    for i in 0..<n {
      var direct = 0.0
      for j in 0..<n {
        let v = pair[abs(i - j)]
        direct += v * density[j, j]
        fock[i, j] -= v * density[i, j]
      }
      fock[i, i] += direct
    }
    return fock
  }

  private func contraction(_ x: Matrix, _ y: Matrix) -> Double {
    var sum = 0.0
    for i in 0..<grid.count { for j in 0..<grid.count { sum += x[i, j] * y[i, j] } }
    return sum
  }

  /// The A lowest orbitals of a one-body Hamiltonian, as rows [particles, count], Σ_i φ_i² = 1.
  func lowestOrbitals(of hamiltonian: Matrix) -> Matrix {
    let eigen = SymmetricEigen(hamiltonian)
    return Matrix(rows: particles, columns: grid.count) { a, i in eigen.vectors[i, a] }
  }

  /// Orbitals of the trap with a potential added: a start.
  func orbitals(trapWith extra: (Double) -> Double) -> Matrix {
    var hamiltonian = oneBody
    for (i, x) in grid.points.enumerated() { hamiltonian[i, i] += extra(x) }
    return lowestOrbitals(of: hamiltonian)
  }

  /// ρ = Σ_a φ_a φ_aᵀ, [count × count].
  func densityMatrix(_ orbitals: Matrix) -> Matrix { columnGram(orbitals) }

  /// A self-consistent state.
  struct Solution {
    var energy: Double
    /// ‖(1 - ρ) F ρ‖², the squared gradient of the energy in the orbitals; the energy is off by about this over a gap.
    var gradient: Double
    var orbitals: Matrix
    var iterations: Int
  }

  /// Iterates to self-consistency: fill the lowest orbitals of F(ρ) - b ρ, and repeat.
  ///
  /// With b = 0 this may jump between two states for ever. And where fermions attract each other even a minimum of the
  /// energy is no fixed point of it: an empty orbital feels A fermions, an occupied one A - 1, so an empty one may lie
  /// lowest. The shift b pulls occupied orbitals down, and every fixed point is one for all b that are large enough.
  /// Large steps are small b: it is doubled when a step fails and lowered when one succeeds, so the energy only falls.
  /// - Parameter tolerance: on the squared gradient, in (ħω)².
  func solve(from start: Matrix, tolerance: Double, iterationLimit: Int) -> Solution {
    var density = densityMatrix(start)
    var fock = fockMatrix(density)
    var best = Solution(
      energy: energy(density, fock), gradient: squaredGradient(start, fock), orbitals: start, iterations: 0)
    var shift = 0.0
    while best.gradient > tolerance && best.iterations < iterationLimit && shift < 1e8 {
      best.iterations += 1
      var shifted = fock
      add(-shift, density, to: &shifted)
      let orbitals = lowestOrbitals(of: shifted)
      let nextDensity = densityMatrix(orbitals)
      let nextFock = fockMatrix(nextDensity)
      let nextEnergy = energy(nextDensity, nextFock)
      let nextGradient = squaredGradient(orbitals, nextFock)
      // Where rounding hides the fall of the energy, the gradient tells.
      let rounding = 1e-12 * (1 + abs(best.energy))
      let isDown = nextEnergy < best.energy - rounding
      if isDown || (nextEnergy < best.energy + rounding && nextGradient < best.gradient) {
        best = Solution(
          energy: nextEnergy, gradient: nextGradient, orbitals: orbitals, iterations: best.iterations)
        density = nextDensity
        fock = nextFock
        shift = shift < 0.1 ? 0 : 0.8 * shift
      } else {
        shift = max(1, 2 * shift)
      }
    }
    return best
  }

  /// E = ½ tr (t + u + F) ρ: half of the interaction in F counts each pair once.
  private func energy(_ density: Matrix, _ fock: Matrix) -> Double {
    0.5 * (contraction(oneBody, density) + contraction(fock, density))
  }

  /// Σ_a ‖F φ_a - Σ_b φ_b (φ_b·F φ_a)‖².
  private func squaredGradient(_ orbitals: Matrix, _ fock: Matrix) -> Double {
    let image = orbitals * fock
    let rest = (image - product(image, transposed: orbitals) * orbitals).frobeniusNorm
    return rest * rest
  }

  /// Orbitals of another grid, carried here by sinc interpolation and made orthonormal again.
  func carried(_ orbitals: Matrix, from other: LineGrid) -> Matrix {
    var carried = Matrix(rows: particles, columns: grid.count)
    for (i, x) in grid.points.enumerated() where x >= other.first && x <= other.last {
      let weights = other.interpolation(at: x)
      for a in 0..<particles {
        for k in 0..<other.count { carried[a, i] += weights[k] * orbitals[a, k] }
      }
    }
    for a in 0..<particles {
      for b in 0...a {
        var overlap = 0.0
        for i in 0..<grid.count { overlap += carried[a, i] * carried[b, i] }
        for i in 0..<grid.count {
          if b < a { carried[a, i] -= overlap * carried[b, i] } else { carried[a, i] /= overlap.squareRoot() }
        }
      }
    }
    return carried
  }

  /// Densities of a determinant: n = ρ_ii/h, n(x, x') = (ρ_ii ρ_jj - ρ_ij²)/h².
  func densities(_ orbitals: Matrix) -> Densities {
    let n = grid.count
    let h = grid.spacing
    var density = densityMatrix(orbitals)
    var pair = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n { pair[i, j] = (density[i, i] * density[j, j] - density[i, j] * density[i, j]) / (h * h) }
    }
    density *= 1 / h
    return Densities(
      particles: particles, grid: grid, oneBody: (0..<n).map { density[$0, $0] }, pair: pair, densityMatrix: density)
  }
}
