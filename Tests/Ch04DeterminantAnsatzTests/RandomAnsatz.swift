import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport

extension DeterminantAnsatz {
  /// A small network with random weights, its envelopes of different widths.
  ///
  /// Weights of the layers are three times those of a fresh start. Orbitals of a fresh network are nearly linear
  /// functions of few features, so nearly dependent, and their determinants lose up to ten digits; these lose three or
  /// four.
  static func random(
    particles: Int, hidden: Int = 8, layers: Int = 2, determinants: Int = 1, seed: UInt64 = 1
  ) throws -> DeterminantAnsatz {
    let shape = try AnsatzShape(particles: particles, hidden: hidden, layers: layers, determinants: determinants)
    var ansatz = DeterminantAnsatz(shape, seed: seed)
    var random = SplitMix64(seed: seed + 1000)
    var parameters = ansatz.parameters
    for group in shape.groups {
      switch group.role {
      case .layer: for p in group.range { parameters[p] *= 3 }
      case .orbitals: break
      case .envelope: for p in group.range { parameters[p] = random.uniform(0.5...0.9, count: 1)[0] }
      }
    }
    ansatz.parameters = parameters
    return ansatz
  }

  /// The same ψ from parameters changed block by block.
  func changing(_ body: (ParameterGroup, inout [Double]) -> Void) -> DeterminantAnsatz {
    var copy = self
    var all = parameters
    for group in shape.groups {
      var p = Array(parameters[group.range])
      body(group, &p)
      all.replaceSubrange(group.range, with: p)
    }
    copy.parameters = all
    return copy
  }
}

extension Walkers {
  /// Positions where a trapped ground state lives, uniform in ±2 (±3 for five particles and more), no two particles
  /// closer than 0.3: there a determinant is small and loses digits.
  static func random(_ count: Int, particles: Int, seed: UInt64 = 1) -> Walkers {
    var random = SplitMix64(seed: seed)
    var list: [Double] = []
    while list.count < count * particles {
      let x = random.uniform(particles < 5 ? -2...2 : -3...3, count: particles)
      let sorted = x.sorted()
      if zip(sorted, sorted.dropFirst()).allSatisfy({ $1 - $0 > 0.3 }) { list += x }
    }
    return Walkers(list, particles: particles)
  }
}

/// ln|ψ| and all its derivatives at one walker by the scalar modes: a tape under dual numbers under dual numbers.
struct ScalarDerivatives {
  var sign = 0.0
  var logPsi = 0.0
  /// ∂_i ℓ [particles].
  var gradient: [Double] = []
  var laplacian = 0.0
  /// ∂_θ ℓ [parameters].
  var logDerivatives: [Double] = []
  /// ∂_θ ∂_i ℓ [particles][parameters].
  var mixed: [[Double]] = []
  /// ∂_θ E_L [parameters].
  var energy: [Double] = []

  init(_ ansatz: DeterminantAnsatz, at x: [Double]) {
    let shape = ansatz.shape
    var laplacians = [Double](repeating: 0, count: shape.parameterCount)
    for k in x.indices {
      let point = x.indices.map { Dual(Dual(x[$0], tangent: $0 == k ? 1 : 0), tangent: $0 == k ? 1 : 0) }
      var sign = 0.0
      let (value, slopes) = valueAndGradient(
        of: { p in
          let psi = DeterminantAnsatz.referenceLogPsi(
            shape, parameters: p, positions: point.map { Adjoint(constant: $0) })
          sign = psi.sign
          return psi.logMagnitude
        }, at: ansatz.parameters.map { Dual(Dual($0, tangent: 0), tangent: 0) })
      (self.sign, logPsi) = (sign, value.primal.primal)
      gradient.append(value.primal.tangent)
      laplacian += value.tangent.tangent
      logDerivatives = slopes.map(\.primal.primal)
      mixed.append(slopes.map(\.primal.tangent))
      for p in slopes.indices { laplacians[p] += slopes[p].tangent.tangent }
    }
    energy = laplacians.indices.map { p in
      -0.5 * laplacians[p] - x.indices.reduce(0) { $0 + gradient[$1] * mixed[$1][p] }
    }
  }
}
