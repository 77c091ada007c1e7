import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch11ScoringRules
import Ch12DecisionalGradientDescent
import Ch16OtherProblems

// region: density
let truth = GaussianMixture([
  .init(share: 0.5, centre: [-1.5], width: 0.6), .init(share: 0.2, centre: [0.4], width: 0.3),
  .init(share: 0.3, centre: [1.8], width: 0.5),
])
/// D(q, p) by quadrature: what no optimiser sees.
let error = DensityError(from: truth, extent: 6, spacing: 0.05)
/// e^{2f} with 193 parameters.
func network(_ seed: UInt64) -> PointNetwork { PointNetwork(hidden: 12, confinement: 0.1, seed: seed) }
// end

/// "≈ 8, ≈ 24": what the machine found, with the claim that all are below a limit.
func claim(_ name: String, _ numbers: [Int?], below limit: Int) {
  let list = numbers.map { "≈ " + ($0.map(String.init) ?? "-") }.joined(separator: ", ")
  print("\(padded(name, 22)) \(list), all below \(limit): \(yesOrNo(numbers.allSatisfy { $0 ?? limit < limit }))")
}

func unbounded() throws {
  print("== unbounded ==")
  // region: unbounded
  let data = truth.samples(2048, seed: 1)
  let problem = ScoreMatching()
  let matching = MetricDescent({ _ in problem.metric }, damping: 0.1, bound: 1)
  for (name, method, steps) in [
    ("decisional", Fit<ScoreMatching>.Method.metric(matching), 100), ("Adam", .adam(Adam(learningRate: 0.01)), 400),
  ] {
    var fit = Fit(problem, network(1), data: data, by: method, threads: 2)
    var best = Double.infinity
    for _ in 1...steps {
      try fit.advance()
      best = min(best, error.hyvarinen(fit.network))
    }
    print("\(name), loss ≈ \(fixed(fit.loss, 1)), below -2: \(yesOrNo(fit.loss < -2))")
    print("  D at its best ≈ \(scientific(best, 0)), below 0.15: \(yesOrNo(best < 0.15))")
    let last = error.hyvarinen(fit.network)
    print("  D at the end ≈ \(scientific(last, 0)), above 1: \(yesOrNo(last > 1))")
  }
  // end
}

func matching() throws {
  print("== matching ==")
  // region: matching
  let problem = ScoreMatching()
  // Fisher's metric is an average over the model: here over 321 points of a line.
  let model = MaximumLikelihood(grid: truth.grid(extent: 8, spacing: 0.05), volume: 0.05)
  let methods: [(String, Fit<ScoreMatching>.Method, limit: Int)] = [
    (
      "its own metric",
      .metric(
        MetricDescent({ _ in problem.metric }, damping: 0.1, rate: LearningRate(1, decaySteps: 5), bound: 1)), 60
    ),
    (
      "Fisher's",
      .metric(
        MetricDescent(
          { MetricElsewhere(FisherMetric(), at: model.model($0)) }, damping: 0.3,
          rate: LearningRate(0.3, decaySteps: 50), bound: 0.1)), 200
    ),
    ("Adam", .adam(Adam(learningRate: 0.01, decaySteps: 300)), 400),
  ]
  for (name, method, limit) in methods {
    let steps = try (1...2).map { seed -> Int? in
      var fit = Fit(
        problem, network(UInt64(seed)), newData: { truth.samples(2048, seed: UInt64(seed * 1_000_000 + $0)) },
        by: method, threads: 2)
      return try (1...limit).first { _ in
        try fit.advance()
        return error.hyvarinen(fit.network) < 0.03
      }
    }
    claim(name, steps, below: limit)
  }
  // end
}

func likelihood() throws {
  print("== likelihood ==")
  // region: likelihood
  let problem = MaximumLikelihood(grid: truth.grid(extent: 8, spacing: 0.05), volume: 0.05)
  let methods: [(String, Fit<MaximumLikelihood>.Method, limit: Int)] = [
    (
      "its own metric",
      .metric(
        MetricDescent(
          { MetricElsewhere(FisherMetric(), at: problem.model($0)) }, damping: 0.01,
          rate: LearningRate(1, decaySteps: 5), bound: 1)), 60
    ),
    (
      "Hyvärinen's",
      .metric(
        MetricDescent(
          { _ in ScoreMatching().metric }, order: .gradient, damping: 0.1, rate: LearningRate(1, decaySteps: 50),
          bound: 1)), 300
    ),
    ("Adam", .adam(Adam(learningRate: 0.01, decaySteps: 300)), 600),
  ]
  for (name, method, limit) in methods {
    let steps = try (1...2).map { seed -> Int? in
      var fit = Fit(
        problem, network(UInt64(seed)), newData: { truth.samples(2048, seed: UInt64(seed * 1_000_000 + $0)) },
        by: method, threads: 2)
      return try (1...limit).first { _ in
        try fit.advance()
        return error.kullbackLeibler(fit.network) < 5e-3
      }
    }
    claim(name, steps, below: limit)
  }
  // end
}

// region: function
let places = (0..<512).map { i -> Double in -3 + 6 * (Double(i) + 0.5) / 512 }
func wanted(_ x: Dual<Double>) -> Dual<Double> { sin(3 * x) * exp(-0.25 * x * x) + 0.5 * tanh(6 * x) }
/// Values and slopes, each with its own noise of 0.1.
let noise = (0..<16).map {
  Philox(key: 9).normalPairs(first: UInt64(32 * $0), stream: Philox.stream(.user, sweep: 0, draw: 0))
}
let clean = places.map { wanted(Dual($0, tangent: 1)) }
let values = zip(clean, noise.flatMap(\.0.array)).map { $0.primal + 0.1 * $1 }
let slopes = zip(clean, noise.flatMap(\.1.array)).map { $0.tangent + 0.1 * $1 }
let points = Walkers(places, particles: 1)
// end

/// Steps until f is within a root mean square of the noiseless function.
func steps(
  _ problem: Regression, by method: Fit<Regression>.Method, within error: Double, seed: UInt64, limit: Int
) throws -> Int? {
  var fit = Fit(problem, PointNetwork(hidden: 12, seed: seed), data: points, by: method, threads: 2)
  return try (1...limit).first { _ in
    try fit.advance()
    let found = fit.network.evaluate(points, order: .value).logPsi
    let square = zip(found, clean).reduce(0) { $0 + ($1.0 - $1.1.primal) * ($1.0 - $1.1.primal) / 512 }
    return square < error * error
  }
}

func regression() throws {
  print("== regression ==")
  // region: regression
  let plain = Regression(values: values)
  let newton = Fit<Regression>.Method.metric(MetricDescent({ _ in plain.metric }, damping: 1e-3))
  let adam = Fit<Regression>.Method.adam(Adam(learningRate: 0.03, decaySteps: 500))
  try claim(
    "values, its own", (1...2).map { try steps(plain, by: newton, within: 0.05, seed: $0, limit: 60) }, below: 60)
  try claim(
    "values, Adam", (1...2).map { try steps(plain, by: adam, within: 0.05, seed: $0, limit: 1200) }, below: 1200)

  let both = Regression(values: values, slopes: slopes, slopeWeight: 1)
  let own = Fit<Regression>.Method.metric(MetricDescent({ _ in both.metric }, damping: 1e-2))
  let ofValues = Fit<Regression>.Method.metric(
    MetricDescent({ _ in FunctionMetric() }, damping: 0.1, rate: LearningRate(0.1)))
  try claim("slopes, its own", (1...2).map { try steps(both, by: own, within: 0.02, seed: $0, limit: 60) }, below: 60)
  try claim("slopes, Adam", (1...2).map { try steps(both, by: adam, within: 0.02, seed: $0, limit: 600) }, below: 600)
  let late = try (1...2).map { try steps(both, by: ofValues, within: 0.02, seed: $0, limit: 60) }
  print("slopes, metric of values: not in 60 steps:", yesOrNo(late.allSatisfy { $0 == nil }))
  // end
}

func reader() throws {
  print("== rule ==")
  // region: rule
  let rule = WeightedEnergyScore { 1 + $0 * $0 }
  let members = [[0.0, 1.0], [0.3, 1.1], [-0.7, 0.6], [1.5, 2.2]].map { Gaussians()($0) }
  print("least divergence", fixed(rule.leastDivergence(among: members)?.divergence ?? .nan, 4))
  let sum = SumOfScores(1, rule, 0.5, LogScore())
  for (name, metric) in [
    ("energy", EnergyScore().metric(members[0])), ("weighted", rule.metric(members[0])),
    ("with a half of ln", sum.metric(members[0])),
  ] {
    print(padded(name, 18), columns(metric.elements, 4))
  }
  // end

  print("== trained ==")
  // region: trained
  func found(_ metric: any ParameterMetric) throws -> Double {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 16), seed: 1)
    var walk = MetropolisWalk(walkers: 512, particles: 2, seed: 1)
    Pretraining().run(&ansatz, &walk, threads: 2)
    walk.power = ProjectedIncrements.samplingPower
    // Chapter 12's PI-DGD, with another metric in the two places that have one.
    var optimizer = ProjectedIncrements().optimizer
    optimizer.direction = MetricDirection(
      .whole(metric), scale: LayerStiffness(of: DecisionMetric()), prior: Prior(0.95),
      solver: MinimumResidual(tolerance: 1e-2))
    optimizer.length = SignGuard(MetricBound(0.1, in: metric, unit: .freeFermions), growth: 2, halvings: 2)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -20), ansatz, walk, optimizer, threads: 2)
    for _ in 1...30 { _ = try run.advance() }
    // Twenty more steps, and by how much their mean is above the exact energy.
    return try (1...20).reduce(2.4717558) { sum, _ in sum + (try run.advance().energy) / 20 }
  }
  let geometries: [(String, any ParameterMetric)] = [
    ("G", DecisionMetric()), ("weighted by 1 + x²", WeightedDecisionMetric { 1 + $0 * $0 }),
    ("G + F", DecisionMetric() + 1 * FisherMetric()), ("F", FisherMetric()),
  ]
  for (name, metric) in geometries {
    let high = try found(metric)
    let limit = name == "F" ? "above 0.02: " + yesOrNo(high > 0.02) : "below 0.01: " + yesOrNo(high < 0.01)
    print("\(padded(name, 20)) ≈ \(scientific(high, 0)) too high, \(limit)")
  }
  // end
}

func together() throws {
  print("== together ==")
  // region: together
  let shape = try AnsatzShape(particles: 1, hidden: 2, layers: 1)
  var network = DeterminantAnsatz(shape, seed: 3)
  // No node: a constant of 3 in the orbital, against features of at most 1.
  let orbital = shape.groups[1]
  network.parameters[orbital.start + orbital.layout.biasStart] = 3
  let nodes = Quadrature.line(from: -7, to: 7, spacing: 0.2)

  // Chapter 11: the second derivative of a divergence.
  let p = OneParticleFamily(of: network, nodes: nodes)(network.parameters)
  let divergence = EnergyScore().metricFromDivergence(p)
  // Chapter 12: squares over walkers, here the nodes, each with the weight |ψ|².
  let sample = Sample(
    TrappedFermions(particles: 1, strength: 0), network, at: Walkers(nodes.nodes, particles: 1), order: .gradient,
    power: 0, clipping: false)
  let squares = DecisionMetric().matrix(sample)
  let difference = (divergence - squares).largestMagnitude / squares.largestMagnitude
  print("\(squares.rows) × \(squares.columns), the same to 1e-9:", yesOrNo(difference < 1e-9))
  // end
}

func tutorial() throws {
  try unbounded()
  try matching()
  try likelihood()
  try regression()
  try reader()
  try together()
}

try tutorial()
