import NeuralQuantumStates

// What is checked before it is timed: the maps at a few walkers, against plain versions and against each other.

private func firstWalkers(_ walkers: Walkers, _ count: Int) -> [[Double]] {
  let x = walkers.positions
  return (0..<count).map { Array(x[($0 * walkers.particles)..<(($0 + 1) * walkers.particles)]) }
}

/// ln|ψ| of some walkers against the definition.
func checkValues(_ prepared: Prepared) -> String? {
  let (ansatz, walkers) = (prepared.ansatz, prepared.walkers)
  let some = firstWalkers(walkers, 5)
  let plain = some.map {
    DeterminantAnsatz.referenceLogPsi(ansatz.shape, parameters: ansatz.parameters, positions: $0).logMagnitude
  }
  let fast = ansatz.evaluate(Walkers(some.flatMap { $0 }, particles: walkers.particles), order: .value).logPsi
  return agreement(fast, plain, 1e-9)
}

/// Δ ln|ψ| of some walkers against nested dual numbers.
func checkLaplacian(_ prepared: Prepared) -> String? {
  let (ansatz, walkers) = (prepared.ansatz, prepared.walkers)
  let some = firstWalkers(walkers, 3)
  let plain = some.map { x in
    laplacian(
      of: { (s: [Dual<Dual<Double>>]) in
        DeterminantAnsatz.referenceLogPsi(
          ansatz.shape, parameters: ansatz.parameters.map { .init($0) }, positions: s
        ).logMagnitude
      }, at: x)
  }
  let fast = ansatz.evaluate(Walkers(some.flatMap { $0 }, particles: walkers.particles)).laplacian
  return agreement(fast, plain, 1e-7)
}

/// Derivatives at the first forty walkers: enough to see an error, few enough not to be waited for.
private func derivatives(_ prepared: Prepared, _ order: JetOrder) -> ParameterDerivatives {
  let some = firstWalkers(prepared.walkers, 40).flatMap { $0 }
  return ParameterDerivatives(
    of: prepared.ansatz, at: Walkers(some, particles: prepared.shape.particles), order: order)
}

/// The maps O, M and K.
enum Map { case logPsi, gradient, energy }

/// u · (X v) = v · (Xᵀ u) for X = O, M or K. That X is what it should be is for the tests to show.
func transpose(of map: Map) -> (Prepared) -> String? {
  { prepared in
    let v = prepared.ansatz.parameters
    let u = (0..<(40 * (map == .gradient ? prepared.shape.particles : 1))).map { Double($0 % 5) - 2 }
    let (forward, backward): ([Double], [Double])
    switch map {
    case .logPsi:
      let d = derivatives(prepared, .value)
      (forward, backward) = (d.logDerivatives(along: v), d.logDerivatives(weighted: u))
    case .gradient:
      let d = derivatives(prepared, .gradient)
      (forward, backward) = (d.mixedDerivatives(along: v), d.mixedDerivatives(weighted: u))
    case .energy:
      let d = derivatives(prepared, .laplacian)
      (forward, backward) = (d.energyDerivatives(along: v), d.energyDerivatives(weighted: u))
    }
    return agreement([dot(u, forward)], [dot(v, backward)], 1e-8)
  }
}

/// Mᵀ M v in one pass against Mᵀ after M in double precision.
func gram(in precision: ParameterDerivatives.Precision) -> (Prepared) -> String? {
  { prepared in
    let d = derivatives(prepared, .gradient)
    let v = prepared.ansatz.parameters
    let plain = d.mixedDerivatives(weighted: d.mixedDerivatives(along: v))
    return agreement(d.mixedGram(v, precision: precision), plain, precision == .single ? 1e-4 : 1e-10)
  }
}

/// The diagonal of Mᵀ M against e · Mᵀ M e for some parameters.
func checkDiagonal(_ prepared: Prepared) -> String? {
  let d = derivatives(prepared, .gradient)
  let squares = d.mixedSquares()
  let some = stride(from: 0, to: squares.count, by: squares.count / 5)
  let plain = some.map { k in
    var unit = [Double](repeating: 0, count: squares.count)
    unit[k] = 1
    return d.mixedGram(unit)[k]
  }
  return agreement(some.map { squares[$0] }, plain, 1e-10)
}
