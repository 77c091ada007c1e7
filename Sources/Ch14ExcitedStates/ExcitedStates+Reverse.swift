import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

/// Scratch memory for the factors of ∂_θ ln|Ψ| of one tile.
public struct StatesReverseWorkspace<State: TrainableWaveFunction>: Sendable {
  /// One entry a state.
  var single: [State.ReverseWorkspace]
  var matrix: StateMatrix
  /// Factors of ∂_θ ln|ψ_j|, as [state][group]; a tile in them for each set.
  var factors: [[ParameterFactors]]
  /// The K sets of one tile of walkers.
  var positions: ContiguousArray<Lanes32>
  /// The jet of one ln|ψ_j|.
  var jet: ContiguousArray<Lanes32>
}

extension ExcitedStates where State: TrainableWaveFunction {
  /// Scratch memory of one thread for `record` at this order.
  public func makeReverseWorkspace(order: JetOrder) -> StatesReverseWorkspace<State> {
    let n = particlesPerSet
    return StatesReverseWorkspace(
      single: states.map { $0.makeReverseWorkspace(order: order) },
      matrix: StateMatrix(states: count, particles: n, order: order),
      factors: states.map { state in
        state.parameterGroups.map {
          ParameterFactors($0.layout, tiles: count, particles: n, coordinates: n, order: order)
        }
      },
      positions: ContiguousArray(repeating: .zero, count: particles),
      jet: ContiguousArray(repeating: .zero, count: order.components(coordinates: n)))
  }

  /// sign Ψ, ln|Ψ| as a jet, and the factors of ∂_θ ln|Ψ|, at the 32 walkers of one tile.
  ///
  ///     ∂_θ ln|Ψ| = Σ_ij W_ij ∂_θ ln|ψ_j(x^i)|,        W_ij = ψ_j(x^i) (Φ⁻¹)_ji
  ///
  /// A parameter of ψ_j sees the column j. Its derivatives in the coordinates follow by the product rule from the jets of W
  /// (`StateMatrix`) and of the state's own factors.
  ///
  /// - Complexity: K² records of a state, and K² A products of each of their numbers with a jet of KA coordinates.
  public func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    into factors: inout [ParameterFactors], workspace w: inout StatesReverseWorkspace<State>
  ) {
    // Each state at each set.
    for p in 0..<particles { w.positions[p] = positions[tile * particles + p] }
    for i in 0..<count {
      for j in 0..<count {
        var own = Lanes32.zero
        states[j].record(
          w.positions, tile: i, sign: &own, jet: &w.jet, into: &w.factors[j], workspace: &w.single[j])
        w.matrix.set(i, j, sign: own, jet: w.jet)
      }
    }

    // Ψ, and how much each of them counts.
    w.matrix.evaluate(sign: &sign, jet: &jet)
    w.matrix.differentiateWeights()

    var group = 0
    for j in 0..<count {
      for single in w.factors[j] {
        for i in 0..<count {
          factors[group].record(
            tile: tile, set: i, of: single, singleTile: i, weight: w.matrix.weights,
            at: (i * count + j) * w.matrix.allComponents)
        }
        group += 1
      }
    }
  }
}
