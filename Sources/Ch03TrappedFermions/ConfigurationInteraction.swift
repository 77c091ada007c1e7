import Ch00Lanes
import Ch01LinearAlgebra

/// What a configuration interaction is asked for.
public struct ModeSettings: Sendable {
  /// Which determinants of the n modes are kept.
  public enum Truncation: Sendable {
    /// All C(n, A) of them.
    case modes
    /// Those of at most the excitation energy that it takes to lift one fermion from the highest filled mode to mode n.
    case energy
  }
  /// n, the lowest modes of the trap that the fermions may occupy.
  public var modes: Int
  package var truncation: Truncation
  /// Error of the level in the given modes, in ħω, and what counts as converged between n - 2 and n modes.
  public var tolerance: Double
  /// Threads that share the products of Lanczos.
  public var threads: Int
  /// Whether `Reference.densities` is wanted.
  public var wantsDensities: Bool
  /// Memory that may be used, in GiB; a calculation that needs more throws.
  public var memoryLimit: Double

  /// Twenty modes to 1e-6 ħω; modes, tolerance or threads that are not positive stop the program.
  public init(
    modes: Int = 20, truncation: Truncation = .modes, tolerance: Double = 1e-6, threads: Int = 2,
    wantsDensities: Bool = false, memoryLimit: Double = 6
  ) {
    precondition(modes > 0, "at least one mode is needed, got \(modes)")
    precondition(tolerance > 0, "the tolerance must be positive, got \(tolerance)")
    precondition(threads > 0, "threads must be positive, got \(threads)")
    self.modes = modes
    self.truncation = truncation
    self.tolerance = tolerance
    self.threads = threads
    self.wantsDensities = wantsDensities
    self.memoryLimit = memoryLimit
  }
}

/// Configuration interaction: all ways of putting A fermions into n modes of the trap.
///
/// The Hamiltonian between determinants follows the rules of Slater and Condon: the trap's energies on the diagonal,
/// and the interaction as an operator that moves two fermions at a time, m = 2 in `SubsetProduct`. Its lowest level is
/// an upper bound of the exact energy, and falls as modes are added; slowly where the interaction is of shorter range
/// than a mode's wavelength. Twenty modes give -2.4258 for two fermions at V0 = -20, where the exact energy is -2.4718.
///
/// - Returns: the level in n modes; its uncertainty is the move from n - 2 to n modes (two, so that both parities gain one).
///   It is infinite for n < A + 2, where there is no smaller basis.
/// - Complexity: C(n, A-2) · C(n, 2)² multiplications an iteration.
/// - Throws: ``ReferenceError`` where n < A, or the determinants do not fit the memory.
public func configurationInteraction(
  _ fermions: TrappedFermions, settings: ModeSettings = ModeSettings()
) throws(ReferenceError) -> Reference {
  let particles = fermions.particles
  guard settings.modes >= particles else {
    throw .notApplicable(
      method: .configurationInteraction, reason: "\(particles) fermions need as many modes, got \(settings.modes)")
  }
  let bytes = modeBytes(particles: particles, modes: settings.modes)
  guard bytes <= settings.memoryLimit * 0x1p30 else {
    throw .tooLarge(
      method: .configurationInteraction, particles: particles, gibibytes: bytes / 0x1p30,
      limit: settings.memoryLimit)
  }
  let basis = try ModeBasis(fermions, modes: settings.modes)
  let integrals = basis.antisymmetricIntegrals(fermions.interaction)
  guard let whole = ModeLevel(basis, integrals, particles: particles, modes: settings.modes, settings: settings) else {
    throw .tooLarge(
      method: .configurationInteraction, particles: particles, gibibytes: .infinity, limit: settings.memoryLimit)
  }
  var uncertainty = Double.infinity
  if settings.modes >= particles + 2 {
    var fewer = settings
    fewer.wantsDensities = false
    if let part = ModeLevel(basis, integrals, particles: particles, modes: settings.modes - 2, settings: fewer) {
      uncertainty = abs(part.result.value - whole.result.value) + whole.result.error
    }
  }
  return Reference(
    method: .configurationInteraction, energy: whole.result.value, uncertainty: uncertainty,
    isConverged: uncertainty <= settings.tolerance, dimension: whole.sets.count, iterations: whole.result.iterations,
    densities: settings.wantsDensities ? whole.densities(basis) : nil)
}

/// Memory for A fermions in n modes: tables, determinants, integrals, and the vectors of Lanczos.
private func modeBytes(particles: Int, modes: Int) -> Double {
  let sets = Double(binomial(modes, particles))
  let rests = Double(binomial(modes, max(0, particles - 2)))
  let pairs = Double(binomial(modes, 2))
  return sets * Double(2 * particles * particles + 64) + rests * (12 * pairs + 4) + 40 * pairs * pairs
}

/// The lowest level in the first n modes of a basis.
private struct ModeLevel {
  let sets: FermionSets
  let result: LanczosResult
  private let interaction: SubsetProduct?

  /// - Returns: nil where the determinants are too many to be numbered.
  init?(_ basis: ModeBasis, _ integrals: [Double], particles: Int, modes: Int, settings: ModeSettings) {
    let energies = Array(basis.energies[..<modes])
    let filled = energies[..<particles].reduce(0, +)
    // A hair above, so that rounding does not decide between equal levels.
    let cutoff = filled + energies[modes - 1] - energies[particles - 1] + 1e-6
    sets = FermionSets(
      particles: particles, one: energies, two: [Double](repeating: 0, count: modes),
      cutoff: settings.truncation == .energy ? cutoff : .infinity)
    let sets = sets
    var start = [Double](repeating: 0, count: sets.count + 1)
    // Set number 1 fills the lowest modes; the others mix in a little of every symmetry.
    for k in 1...sets.count { start[k] = 1e-3 / (1 + sets.energies[k] - filled) }
    start[1] = 1
    guard particles > 1 else {
      // One particle has no interaction, and its levels are the modes.
      var vector = start.map { _ in 0.0 }
      vector[1] = 1
      result = LanczosResult(
        value: energies[0], vector: vector, residual: 0, error: 0, iterations: 0, stop: .converged)
      interaction = nil
      return
    }
    // Pairs of the first modes are the first pairs.
    let all = binomial(basis.count, 2)
    let width = binomial(modes, 2)
    let matrix = (0..<width * width).map { integrals[$0 / width * all + $0 % width] }
    guard var product = SubsetProduct(sets, order: 2, matrix: matrix) else { return nil }
    result = lanczosLowestLevel(
      start: start, tolerance: 0.02 * settings.tolerance, wantsVector: settings.wantsDensities
    ) { x, y in
      product.apply(x, &y, diagonal: sets.energies, threads: settings.threads)
    }
    interaction = product
  }

  /// Densities on the grid of the modes, from the one- and two-body density matrices in the modes.
  func densities(_ basis: ModeBasis) -> Densities? {
    let n = basis.grid.count
    let h = basis.grid.spacing
    let modes = sets.places
    guard
      let single = SubsetProduct(sets, order: 1, matrix: [Double](repeating: 0, count: modes * modes))
    else { return nil }
    let first = single.densityMatrix(result.vector)
    let occupation = Matrix(rows: modes, columns: modes) { a, c in first[a * modes + c] / h }
    let functions = basis.functions.block(rows: 0..<modes, columns: 0..<n)
    let density = product(transposed: functions, occupation * functions)

    var pair = Matrix(rows: n, columns: n)
    if let interaction {
      let second = interaction.densityMatrix(result.vector)
      let width = interaction.width
      let matrix = Matrix(rows: width, columns: width, elements: second)
      // Row i of the pair density: amplitudes of all pairs of modes at x_i and every x_j.
      for i in 0..<n {
        var amplitude = Matrix(rows: width, columns: n)
        for b in 0..<modes {
          for a in 0..<b {
            for j in 0..<n {
              amplitude[b * (b - 1) / 2 + a, j] =
                functions[a, i] * functions[b, j] - functions[b, i] * functions[a, j]
            }
          }
        }
        let image = matrix * amplitude
        for p in 0..<width { for j in 0..<n { pair[i, j] += amplitude[p, j] * image[p, j] / (h * h) } }
      }
    }
    return Densities(
      particles: sets.particles, grid: basis.grid, oneBody: (0..<n).map { density[$0, $0] }, pair: pair,
      densityMatrix: density)
  }
}
