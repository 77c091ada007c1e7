import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// A free fermions in chosen orbitals of the oscillator, ψ = (1/√A!) det_ij φ_{n_j}(x_i): an exact state at V0 = 0, of energy Σ_j (n_j + ½).
///
/// It has no parameters. With derivatives,
///
///     φ_n′ = √(n/2) φ_{n-1} - √((n+1)/2) φ_{n+1},        φ_n″ = (x² - 2n - 1) φ_n
///     ∂_i ln|ψ| = Σ_j φ_j′(x_i) N_ji,     ∂_i²ψ/ψ = Σ_j φ_j″(x_i) N_ji,      N = M⁻¹
///
/// since the row i alone depends on x_i.
///
/// - Complexity: A orbitals at A positions, and O(A³).
public struct OscillatorDeterminant: Sendable {
  /// n_1 < … < n_A, each at least 0.
  public let occupation: [Int]

  /// The determinant of these orbitals; none, or orbitals that are not in rising order, stop the program.
  public init(_ occupation: [Int]) {
    precondition(
      !occupation.isEmpty && occupation[0] >= 0 && zip(occupation, occupation.dropFirst()).allSatisfy { $0 < $1 },
      "orbitals 0 ≤ n_1 < n_2 < … expected, got \(occupation)")
    self.occupation = occupation
  }

  /// Scratch memory of one thread.
  public struct Workspace: Sendable {
    var row: ContiguousArray<Lanes32>
    /// M, its first and its second derivatives in the position of the row, [particle][orbital].
    var matrix: ContiguousArray<Lanes32>
    var slopes: ContiguousArray<Lanes32>
    var curvatures: ContiguousArray<Lanes32>
    var inverse: ContiguousArray<Lanes32>
    var elimination: ContiguousArray<Lanes32>
  }
}

extension OscillatorDeterminant: TrainableWaveFunction {
  /// A.
  public var particles: Int { occupation.count }
  /// None; setting any stops the program.
  public var parameters: [Double] {
    get { [] }
    set { precondition(newValue.isEmpty, "an oscillator determinant has no parameters, got \(newValue.count)") }
  }
  /// None.
  public var parameterGroups: [ParameterGroup] { [] }
  /// None.
  public var tensors: [NamedTensor] { [] }

  /// Scratch memory of one thread, whatever the order.
  public func makeWorkspace(order: JetOrder) -> Workspace {
    let squares = ContiguousArray(repeating: Lanes32.zero, count: particles * particles)
    return Workspace(
      row: ContiguousArray(repeating: .zero, count: (occupation.last ?? 0) + 2), matrix: squares, slopes: squares,
      curvatures: squares, inverse: squares, elimination: squares + squares)
  }
  /// Scratch memory of one thread.
  public func makeWorkspace() -> Workspace { makeWorkspace(order: .value) }
  /// Scratch memory of one thread.
  public func makeReverseWorkspace(order: JetOrder) -> Workspace { makeWorkspace(order: order) }

  /// sign ψ and ln|ψ| of the 32 walkers of one tile; -∞ where two particles meet.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace w: inout Workspace
  ) {
    for i in 0..<particles { fillRow(i, x: positions[start + i], withDerivatives: false, workspace: &w) }
    logDeterminants(&w.matrix, size: particles, sign: &sign, logMagnitude: &logMagnitude)
    logMagnitude = -0.5 * Double.logFactorial(particles) + logMagnitude
  }

  /// sign ψ, and ln|ψ| as a jet, of the 32 walkers of one tile.
  public func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    workspace w: inout Workspace
  ) {
    let n = particles
    for i in 0..<n { fillRow(i, x: positions[start + i], withDerivatives: jet.count > 1, workspace: &w) }
    inverses(of: w.matrix, size: n, into: &w.inverse, sign: &sign, logMagnitude: &jet[0], workspace: &w.elimination)
    jet[0] = -0.5 * Double.logFactorial(n) + jet[0]
    guard jet.count > 1 else { return }
    var laplacian = Lanes32.zero
    for i in 0..<n {
      var slope = Lanes32.zero
      for j in 0..<n {
        slope.addProduct(w.slopes[i * n + j], w.inverse[j * n + i])
        laplacian.addProduct(w.curvatures[i * n + j], w.inverse[j * n + i])
      }
      jet[1 + i] = slope
      laplacian -= slope * slope
    }
    if jet.count > n + 1 { jet[n + 1] = laplacian }
  }

  /// The jet alone: there are no parameters.
  public func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    into factors: inout [ParameterFactors], workspace: inout Workspace
  ) {
    logPsiJet(positions, at: tile * particles, sign: &sign, jet: &jet, workspace: &workspace)
  }

  private func fillRow(_ i: Int, x: Lanes32, withDerivatives: Bool, workspace w: inout Workspace) {
    oscillatorOrbitals(x, into: &w.row)
    for (j, n) in occupation.enumerated() {
      let at = i * particles + j
      w.matrix[at] = w.row[n]
      guard withDerivatives else { continue }
      w.slopes[at] = -(Double(n + 1) / 2).squareRoot() * w.row[n + 1]
      if n > 0 { w.slopes[at].addProduct((Double(n) / 2).squareRoot(), w.row[n - 1]) }
      w.curvatures[at] = (x * x - Lanes32(repeating: Double(2 * n + 1))) * w.row[n]
    }
  }
}

/// The `count` sets of A orbitals of lowest energy, in that order; equal energies in the order of the sets' first orbitals.
///
/// - Parameters:
///   - particles: A, at least 1.
///   - count: at least 1.
///   - energies: e_0 < e_1 < … of A + count - 1 orbitals, which is as many as can be needed, in ħω; nil for those of the
///     oscillator. Fewer stop the program.
/// - Returns: orbitals of each set, counted from 0, in rising order.
/// - Complexity: O(count² A²): the next set is the lowest of those that one of the sets before becomes where a fermion goes one
///   orbital up.
public func lowestOccupations(particles: Int, count: Int, energies: [Double]? = nil) -> [[Int]] {
  precondition(particles > 0 && count > 0, "\(count) sets of \(particles) orbitals do not exist")
  let orbitals = particles + count - 1
  let energies = energies ?? (0..<orbitals).map { Double($0) + 0.5 }
  precondition(energies.count >= orbitals, "\(orbitals) energies are needed, got \(energies.count)")
  func candidate(_ set: [Int]) -> (set: [Int], energy: Double) { (set, set.reduce(0) { $0 + energies[$1] }) }
  var found: [[Int]] = []
  var open = [candidate(Array(0..<particles))]
  while found.count < count {
    // Every set has a lower one that it comes from, so that none is missing when its turn comes.
    let next = open.indices.min {
      let (a, b) = (open[$0], open[$1])
      return a.energy != b.energy ? a.energy < b.energy : a.set.lexicographicallyPrecedes(b.set)
    }
    guard let next else { break }
    let set = open.remove(at: next).set
    found.append(set)
    for j in 0..<particles {
      var higher = set
      higher[j] += 1
      guard higher[j] < (j + 1 < particles ? set[j + 1] : orbitals), !open.contains(where: { $0.set == higher }) else {
        continue
      }
      open.append(candidate(higher))
    }
  }
  return found
}
