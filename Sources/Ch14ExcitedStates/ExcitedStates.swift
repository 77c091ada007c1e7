import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

/// Ψ(X) = det_ij ψ_j(x^i): K states of A particles as one wave function of KA coordinates.
///
/// X = (x¹ … x^K) is K sets of A coordinates side by side. Another basis of the same states multiplies Ψ by a constant, so that
/// Ψ is a function of the space that they span. No two states can become the same: there Ψ would vanish. Its lowest
/// energy under Σ_i H(x^i) is the sum of the K lowest levels, and there the states span their space.
///
///     let states = ExcitedStates((0..<2).map { DeterminantAnsatz(shape, seed: $0 + 1) })
///     var run = VariationalMonteCarlo(CopiedHamiltonian(pair, count: 2), states, walk, optimizer)
///
/// Each state has parameters of its own. They may be of different sizes; A is the same for all.
///
/// - Source: Pfau et al., arXiv:2308.16848 (natural excited states).
public struct ExcitedStates<State: WaveFunction>: Sendable {
  /// ψ_1 … ψ_K.
  public internal(set) var states: [State]

  /// Ψ of given states; none, or states of different numbers of particles, stop the program.
  public init(_ states: [State]) {
    precondition(!states.isEmpty, "at least one state is needed")
    precondition(
      states.allSatisfy { $0.particles == states[0].particles }, "states of one system have equally many particles")
    self.states = states
  }

  /// K.
  public var count: Int { states.count }
  /// A, the coordinates of one set.
  public var particlesPerSet: Int { states[0].particles }

  /// Scratch memory of one thread.
  public struct Workspace: Sendable {
    /// One entry a state.
    var single: [State.Workspace]
    var matrix: StateMatrix
    /// The jet of one ln|ψ_j|.
    var jet: ContiguousArray<Lanes32>
  }
}

extension ExcitedStates: WaveFunction {
  /// K A.
  public var particles: Int { count * particlesPerSet }

  /// Scratch memory of one thread for values alone.
  public func makeWorkspace() -> Workspace {
    Workspace(
      single: states.map { $0.makeWorkspace() },
      matrix: StateMatrix(states: count, particles: particlesPerSet, order: .value), jet: [.zero])
  }

  /// sign Ψ and ln|Ψ| of the 32 walkers of one tile; at a node 0 and -∞.
  ///
  /// - Complexity: K² values of a state, and O(K³).
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace w: inout Workspace
  ) {
    for i in 0..<count {
      for j in 0..<count {
        let at = i * count + j
        states[j].logPsi(
          positions, at: start + i * particlesPerSet, sign: &w.matrix.signs[at],
          logMagnitude: &w.matrix.jets[at], workspace: &w.single[j])
      }
    }
    w.matrix.value(sign: &sign, logMagnitude: &logMagnitude)
  }
}

extension ExcitedStates: TrainableWaveFunction where State: TrainableWaveFunction {
  /// θ of ψ_1, of ψ_2 and so on.
  public var parameters: [Double] {
    get { states.flatMap(\.parameters) }
    set {
      precondition(newValue.count == parameterCount, "\(parameterCount) parameters expected, got \(newValue.count)")
      var start = 0
      for j in states.indices {
        let own = states[j].parameterCount
        states[j].parameters = Array(newValue[start..<(start + own)])
        start += own
      }
    }
  }

  /// The groups of ψ_1, of ψ_2 and so on, as layers that K sets of particles go through side by side.
  public var parameterGroups: [ParameterGroup] {
    var start = 0
    return states.flatMap { state in
      defer { start += state.parameterCount }
      return state.parameterGroups.map {
        ParameterGroup(role: $0.role, layout: $0.layout.over(sets: count), start: start + $0.start)
      }
    }
  }

  /// The tensors of the states, with `states.j.` before their names.
  public var tensors: [NamedTensor] {
    states.enumerated().flatMap { j, state in
      state.tensors.map { NamedTensor("states.\(j).\($0.name)", $0.shape, $0.values) }
    }
  }

  /// Scratch memory of one thread for `logPsiJet` at this order.
  public func makeWorkspace(order: JetOrder) -> Workspace {
    let n = particlesPerSet
    return Workspace(
      single: states.map { $0.makeWorkspace(order: order) },
      matrix: StateMatrix(states: count, particles: n, order: order),
      jet: ContiguousArray(repeating: .zero, count: order.components(coordinates: n)))
  }

  /// sign Ψ, and ln|Ψ| as a jet in all KA coordinates, at the 32 walkers of one tile.
  ///
  /// - Complexity: K² jets of a state, and O(K³ + K² A).
  public func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    workspace w: inout Workspace
  ) {
    for i in 0..<count {
      for j in 0..<count {
        var own = Lanes32.zero
        states[j].logPsiJet(
          positions, at: start + i * particlesPerSet, sign: &own, jet: &w.jet, workspace: &w.single[j])
        w.matrix.set(i, j, sign: own, jet: w.jet)
      }
    }
    w.matrix.evaluate(sign: &sign, jet: &jet)
  }
}
