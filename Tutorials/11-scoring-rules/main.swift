import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch11ScoringRules

// region: trap
/// Minus the local energy in the trap ½ω²x².
func trap(_ frequency: Double) -> EnergyScore {
  EnergyScore { x in 0.5 * frequency * frequency * x * x }
}
// end

func natural() {
  print("== natural ==")
  // region: natural
  for frequency in [0.5, 1, 2, 3, 4, 5] {
    var theta = [0.3, 1 / (2 * frequency).squareRoot()]
    var means = [theta[0]]
    for _ in 1...5 {
      let step = trap(frequency).step(from: Gaussians()(theta), measuredBy: LogScore())
      add(1, step, to: &theta)
      means.append(theta[0])
    }
    print("ω = \(fixed(frequency, 1)): mean", columns(means, 4))
  }
  // end
}

func rain() {
  print("== rain ==")
  // region: rain
  func forecast(_ chance: Double) -> Distribution<Lattice, Double> {
    Lattice(sites: 2)([Double.log(chance), Double.log(1 - chance)])
  }
  let belief = forecast(0.6)
  print("says    linear  quadratic  logarithmic")
  for chance in [0.4, 0.5, 0.6, 0.7, 0.8, 0.99] {
    let said = forecast(chance)
    let prices = [
      LinearScore().crossEntropy(belief, said), QuadraticScore().crossEntropy(belief, said),
      LogScore().crossEntropy(belief, said),
    ]
    print("\(fixed(100 * chance, 0)) %", columns(prices, 4, width: 10))
  }
  // end
}

func game() {
  print("== game ==")
  // region: game
  let members = [[0.0, 1.0], [0.3, 1.1], [-0.7, 0.6], [1.5, 2.2]].map { Gaussians()($0) }
  for rule in [LogScore(), QuadraticScore(), trap(1), LinearScore()] as [any ScoringRule] {
    if let least = rule.leastDivergence(among: members) {
      let pair = "truth \(members[least.truth].parameters), statement \(members[least.statement].parameters)"
      print("\(type(of: rule)): least D = \(fixed(least.divergence, 4)) at \(pair)")
    }
  }
  // end
}

func metrics() {
  print("== order ==")
  // region: order
  let (theta, direction) = ([0.2, 0.9], [0.6, -0.3])
  let p = Gaussians()(theta)
  for rule in [LogScore(), QuadraticScore(), trap(1)] as [any ScoringRule] {
    let form = dot(direction, rule.metric(p) * direction)
    let ratios = [0.1, 0.01, 0.001].map { size in
      let q = Gaussians()(zip(theta, direction).map { $0 + size * $1 })
      return rule.divergence(p, q) / (0.5 * size * size * form)
    }
    print(padded("\(type(of: rule))", 15), "D / ½ δᵀGδ =", columns(ratios, 4))
  }
  // end

  print("== metrics ==")
  // region: metrics
  for width in [1, 0.5] {
    for rule in [LogScore(), QuadraticScore(), trap(1)] as [any ScoringRule] {
      let metric = rule.metric(Gaussians()([0, width]))
      print("σ = \(width), \(padded("\(type(of: rule))", 15)) diag G =", columns(metric.diagonal, 4))
    }
  }
  // end
}

// region: own
/// S = ∫ q^{1+β} - (1 + 1/β) q(x)^β: Brier's score where β = 1; for β → 0 the logarithm, but for a constant -1/β.
struct PowerScore: ScoringRule {
  let power: Double

  func score<F: ParametricFamily, S: DifferentiableScalar>(_ q: Distribution<F, S>) -> (_ x: Double) -> S {
    let power = S(self.power)
    let mean = q.expectation(over: q.quadrature) { exp(power * q.logDensity(at: $0)) }
    return { x in mean - (1 + 1 / power) * exp(power * q.logDensity(at: x)) }
  }
}
// end

func ownRule() {
  print("== power ==")
  // region: power
  let p = Gaussians()([0, 0.8])
  print("LogScore:      ", columns(LogScore().metric(p).diagonal, 4))
  for power in [0.001, 0.1, 0.5, 1] {
    let rule = PowerScore(power: power)
    let second = rule.metricFromDivergence(p)
    print("β = \(fixed(power, 3)):     ", columns(rule.metric(p).diagonal, 4), "and", columns(second.diagonal, 4))
  }
  print("QuadraticScore:", columns(QuadraticScore().metric(p).diagonal, 4))
  // end
}

func newton() {
  print("== newton ==")
  // region: newton
  let frequency = 5.0
  let ground = [0, 1 / (2 * frequency).squareRoot()]
  let second = Matrix(hessian(of: { -trap(frequency).entropy(Gaussians()($0)) }, at: ground))
  print("energy's Hessian:", columns(second.elements, 4, width: 10))
  print("decision metric: ", columns(trap(frequency).metric(Gaussians()(ground)).elements, 4, width: 10))
  print("Fisher's metric: ", columns(LogScore().metric(Gaussians()(ground)).elements, 4, width: 10))
  // end

  print("== steps ==")
  // region: steps
  func descend(_ step: (Distribution<Gaussians, Double>) -> [Double]) -> String {
    var theta = [0.2, 1.2 * ground[1]]
    var errors = [-trap(frequency).entropy(Gaussians()(theta)) - frequency / 2]
    for _ in 1...6 {
      add(1, step(Gaussians()(theta)), to: &theta)
      if theta[1] < 0 { break }  // a width below zero is no Gaussian
      errors.append(-trap(frequency).entropy(Gaussians()(theta)) - frequency / 2)
    }
    return errors.map { scientific(max($0, 1e-12), 0) }.joined(separator: "  ")
  }
  print("decisional:", descend { trap(frequency).step(from: $0) })
  print("natural:   ", descend { trap(frequency).step(from: $0, measuredBy: LogScore()) })
  // end
}

func hopping() {
  print("== hopping ==")
  // region: hopping
  let potential: @Sendable (Double) -> Double = { 0.05 * ($0 - 2) * ($0 - 2) }
  let rule = HoppingScore(potential: potential)
  let sites = Lattice(sites: 6)

  // The same particle by diagonalisation: ½ · 2 on the diagonal for two ways out, -½ a hop.
  let hamiltonian = Matrix(rows: 6, columns: 6) { i, j in
    i == j ? 1 + potential(Double(i)) : abs(i - j) == 1 ? -0.5 : 0
  }
  let exact = SymmetricEigen(hamiltonian).values[0]

  var theta = [Double](repeating: 0, count: 6)
  print("exact:  E =", fixed(exact, 10))
  for step in 0...4 {
    if step > 0 { add(1, rule.step(from: sites(theta)), to: &theta) }
    print("step \(step): E =", fixed(-rule.entropy(sites(theta)), 10))
  }
  // end
}

natural()
rain()
game()
metrics()
ownRule()
newton()
hopping()
