import AppendixText
import NeuralQuantumStates

// In V = ¼x⁴ a Gaussian has E = 1/(8σ²) + ¾σ⁴, least where 12σ⁶ = 1. There E″ = 3/(4σ⁴) + 9σ², and 9σ² = ¾/σ⁴,
// together 3/2 over σ⁴. The metric of the width is 1/σ⁴ in any potential. The ground state is not a Gaussian, E_L is
// not constant, and the metric is not the Hessian: a decisional step goes 3/2 of the way. What is left is -½ of the
// distance, each time, and ¼ of the error in energy: no longer Newton's quadratic convergence, and still with a rate
// that has no η in it.

extension Exercise {
  static let aGroundStateOutOfReach: Exercise = .init(
    11, 3, "the decisional step where the family lacks the ground state"
  ) {
    let rule = EnergyScore { x in 0.25 * x * x * x * x }
    let best = Double.pow(1.0 / 12, 1.0 / 6)
    let second = hessian(of: { -rule.entropy(Gaussians()($0)) }, at: [0, best])[1][1]
    let metric = rule.metric(Gaussians()([0, best]))[1, 1]
    print("Hessian over metric \(fixed(second / metric, 4)), predicted 1.5000")
    var theta = [0, 1.05 * best]
    for step in 1...6 {
      let before = theta[1] - best
      add(1, rule.step(from: Gaussians()(theta)), to: &theta)
      print("step \(step): left of the distance \(fixed((theta[1] - best) / before, 3)), predicted -0.5 in the end")
    }
  }
}
