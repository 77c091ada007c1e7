import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport
import Testing

@Suite("4.1 Permutation-equivariant layers") struct EquivariantLayers {
  @Test("an equivariant layer's forward rule and pullback are those of the scalar modes", arguments: [1, 2, 3, 5])
  func equivariant(particles: Int) {
    #expect(
      checkLayer(EquivariantLayer(inputs: 3, outputs: 5, residual: false), particles: particles, seed: 3).worst < 1e-12)
    #expect(
      checkLayer(EquivariantLayer(inputs: 4, outputs: 4, residual: true), particles: particles, seed: 4).worst < 1e-12)
  }
}
