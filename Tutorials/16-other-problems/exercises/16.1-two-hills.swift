import AppendixText
import NeuralQuantumStates

// Hyvärinen's divergence compares slopes of ln p. Near a hill ln p is the hill's own parabola, whatever its share; the shares
// show only in the valley, where nobody is: with hills at ±3 of width 0.5 the density there is e^-18 of a hill's. Kullback and
// Leibler's divergence does not care where the hills are: it is 0.5 ln(0.5/0.8) + 0.5 ln(0.5/0.2) = 0.2231 as soon as they are
// apart.

extension Exercise {
  static let twoHills: Exercise = .init(16, 1, "shares that score matching does not see") {
    for place in [0.5, 1, 1.5, 2, 3] {
      func hills(_ share: Double) -> GaussianMixture {
        GaussianMixture([
          .init(share: share, centre: [-place], width: 0.5), .init(share: 1 - share, centre: [place], width: 0.5),
        ])
      }
      let (q, p) = (hills(0.5), hills(0.8))
      var (slopes, logarithms) = (0.0, 0.0)
      for x in stride(from: -7.0, through: 7, by: 0.01) {
        let weight = 0.01 * Double.exp(q.logDensity(at: [x]))
        let (one, two) = (q.logDensity(at: [Dual(x, tangent: 1)]), p.logDensity(at: [Dual(x, tangent: 1)]))
        slopes += 0.5 * weight * (one.tangent - two.tangent) * (one.tangent - two.tangent)
        logarithms += weight * (one.primal - two.primal)
      }
      print("hills at ±\(fixed(place, 1)): Hyvärinen \(scientific(slopes, 1)), ", terminator: "")
      print("Kullback and Leibler \(fixed(logarithms, 4))")
    }
  }
}
