import Ch00Lanes
import Ch02AutomaticDifferentiation
import TestSupport
import Testing

// Rounding: sums of some hundred products, each good to 1e-16, in numbers that the check scales to 1.
@Suite("2.8 Layers on jets") struct LayersOnJets {
  @Test("an affine layer's forward rule and pullback are those of the scalar modes", arguments: [1, 2, 4])
  func affine(particles: Int) {
    #expect(checkLayer(AffineLayer(inputs: 3, outputs: 5), particles: particles, seed: 1).worst < 1e-12)
    #expect(checkLayer(AffineLayer(inputs: 6, outputs: 2, hasBias: false), particles: particles, seed: 2).worst < 1e-12)
  }
}
