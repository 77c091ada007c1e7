import Ch00Lanes
import Ch01LinearAlgebra

/// The lowest n levels of one particle in the trap, and the interaction between them.
///
/// In the harmonic trap these are the oscillator's functions, with e_a = a + ½. They are found on a grid for any trap.
struct ModeBasis {
  let grid: LineGrid
  /// e_a, ascending, [modes].
  let energies: [Double]
  /// √h φ_a(x_i), [modes, points].
  let functions: Matrix

  var count: Int { energies.count }

  /// - Parameters:
  ///   - fermions: the trap, and the interaction that the points have to resolve, too.
  ///   - modes: n.
  ///   - accuracy: how far refining a grid of more than 200 points may still move a level, in ħω. A trap with a kink, such as |x|,
  ///     converges as slowly as h²; smooth ones are done long before.
  /// - Throws: where the trap does not hold n levels, or they do not settle on 600 points.
  init(_ fermions: TrappedFermions, modes: Int, accuracy: Double = 1e-10) throws(ReferenceError) {
    let single = TrappedFermions(particles: modes, trap: fermions.trap, interaction: fermions.interaction)
    let scale = try TrapScale(single, for: .configurationInteraction)
    // Refine until the levels stand still.
    var reach = 1.8 * scale.top + 10
    var decay = 24.0
    var spacing = 0.7 * scale.coarsestSpacing
    var (last, move) = (Double.infinity, Double.infinity)
    var grid: LineGrid
    var eigen: SymmetricEigen
    repeat {
      grid = scale.grid(reach: reach, decay: decay, spacing: spacing)
      guard grid.count <= 600 else {
        throw .notApplicable(
          method: .configurationInteraction,
          reason: "the lowest \(modes == 1 ? "level does" : "\(modes) levels do") not settle on a grid of 600 points")
      }
      eigen = SymmetricEigen(grid.hamiltonian(fermions.trap))
      let sum = grid.count >= modes ? eigen.values[..<modes].reduce(0, +) : .infinity
      move = sum.isFinite ? abs(sum - last) / Double(modes) : .infinity
      last = sum
      // The box is nearly wide enough; what a level still needs is mostly a finer grid.
      reach *= 1.1
      decay *= 1.1
      spacing *= 0.85
    } while move > (grid.count > 200 ? accuracy : 1e-10)
    self.grid = grid
    energies = Array(eigen.values[..<modes])
    functions = Matrix(rows: modes, columns: grid.count) { a, i in eigen.vectors[i, a] }
  }

  /// ⟨ab|v|cd⟩ - ⟨ab|v|dc⟩ for pairs a < b and c < d, [pairs, pairs], pair number b(b-1)/2 + a.
  ///
  ///     ⟨ab|v|cd⟩ = ∫∫ φ_a(x) φ_b(x') v(x - x') φ_c(x) φ_d(x')
  func antisymmetricIntegrals(_ interaction: any Potential) -> [Double] {
    // Densities φ_a φ_c of all pairs a ≤ c, and their potentials.
    let products = count * (count + 1) / 2
    var density = Matrix(rows: products, columns: grid.count)
    for c in 0..<count {
      for a in 0...c {
        for i in 0..<grid.count { density[c * (c + 1) / 2 + a, i] = functions[a, i] * functions[c, i] }
      }
    }
    let v = (0..<grid.count).map { interaction(Double($0) * grid.spacing) }
    let potential = density * Matrix(rows: grid.count, columns: grid.count) { i, j in v[abs(i - j)] }
    let integrals = product(density, transposed: potential)
    func number(_ a: Int, _ c: Int) -> Int { max(a, c) * (max(a, c) + 1) / 2 + min(a, c) }
    var antisymmetric: [Double] = []
    for b in 0..<count {
      for a in 0..<b {
        for d in 0..<count {
          for c in 0..<d {
            antisymmetric.append(
              integrals[number(a, c), number(b, d)] - integrals[number(a, d), number(b, c)])
          }
        }
      }
    }
    return antisymmetric
  }
}
