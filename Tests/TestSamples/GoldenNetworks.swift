import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import TestSupport

extension Golden {
  /// The network of these weights.
  public var ansatz: DeterminantAnsatz {
    get throws {
      try DeterminantAnsatz(tensors: parameters.map { NamedTensor($0, $1.shape, $1.values) })
    }
  }
  public var walkers: Walkers { Walkers(x.flatMap { $0 }, particles: particles) }
  public var hamiltonian: TrappedFermions { TrappedFermions(particles: particles, strength: strength, range: range) }

  /// What agreement a walker allows: 1e-9, and more where its determinants are ill-conditioned.
  public func tolerance(walker: Int) throws -> Double { 1e-9 * max(1, try condition(walker: walker) / 1000) }

  /// κ = Σ |M ∂ℓ/∂M| of a walker: by how much a relative error of the orbitals grows in ψ.
  private func condition(walker: Int) throws -> Double {
    let ansatz = try ansatz
    let n = particles
    let orbitals = DeterminantAnsatz.referenceOrbitals(
      ansatz.shape, parameters: ansatz.parameters, positions: x[walker])
    let entries = orbitals.flatMap { $0.flatMap { $0 } }
    let slopes = Ch02AutomaticDifferentiation.gradient(
      of: { (m: [Adjoint<Double>]) in
        log(
          abs(
            (0..<determinants).reduce(0) { sum, d in
              sum + determinant(of: (0..<n).map { i in (0..<n).map { m[(d * n + i) * n + $0] } })
            }))
      }, at: entries)
    return zip(entries, slopes).reduce(0) { $0 + abs($1.0 * $1.1) }
  }
}
