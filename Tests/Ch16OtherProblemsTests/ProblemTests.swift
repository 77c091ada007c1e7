import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch12DecisionalGradientDescent
import Ch16OtherProblems
import TestSupport
import Testing

@Suite("16.3 Losses, slopes and metrics") struct Problems {
  static let truth = GaussianMixture([
    .init(share: 0.6, centre: [-1], width: 0.7), .init(share: 0.4, centre: [1.2], width: 0.5),
  ])
  let network = PointNetwork(hidden: 4, layers: 2, confinement: 0.3, seed: 3)
  let data = truth.samples(70, seed: 1)
  let likelihood = MaximumLikelihood(grid: truth.grid(extent: 7, spacing: 0.1), volume: 0.1)
  let direction: [Double] = {
    var random = SplitMix64(seed: 8)
    return random.uniform(-1...1, count: PointNetwork(hidden: 4, layers: 2, seed: 1).parameters.count)
  }()
  static let regression: Regression = {
    var random = SplitMix64(seed: 4)
    return Regression(
      values: random.uniform(-1...1, count: 70), slopes: random.uniform(-1...1, count: 70), slopeWeight: 0.7)
  }()

  func moved(_ h: Double) -> PointNetwork {
    var other = network
    other.move(by: direction, factor: h)
    return other
  }

  /// The slope of the loss along the direction against its central difference: 1e-4² in the step, 1e-12 over it in rounding.
  func check(_ problem: some FittingProblem) {
    let exact = dot(problem.slope(problem.sample(network, at: data)), direction)
    func loss(_ h: Double) -> Double { problem.loss(problem.sample(moved(h), at: data)) }
    let h = 1e-4
    #expect(((loss(h) - loss(-h)) / (2 * h)) ≈ exact ± (1e-5 * (1 + abs(exact))))
  }

  @Test("slopes are the derivatives of the losses")
  func slopes() {
    check(ScoreMatching())
    check(likelihood)
    check(Self.regression)
  }

  @Test("Hyvärinen's loss is ½ |∇ ln p|² + Δ ln p, for points in a plane too", arguments: [1, 2])
  func hyvarinen(coordinates n: Int) {
    let net = PointNetwork(coordinates: n, hidden: 4, confinement: 0.2, seed: 5)
    var random = SplitMix64(seed: 2)
    let points = (0..<33).map { _ in random.uniform(-2...2, count: n) }
    let expected = points.reduce(0.0) { sum, x in
      let g = gradientForward(of: { y in 2 * net.reference(net.parameters.map { .init($0) }, y) }, at: x)
      let l = laplacian(of: { y in 2 * net.reference(net.parameters.map { .init($0) }, y) }, at: x)
      return sum + (0.5 * dot(g, g) + l) / 33
    }
    let problem = ScoreMatching()
    #expect(problem.loss(problem.sample(net, at: Walkers(points))) ≈ expected ± 1e-11)
  }

  /// ∂²D/∂h² at h = 0, by differences of a divergence that vanishes there to second order: D(h) + D(-h) over h².
  func curvature(_ divergence: (PointNetwork) -> Double) -> Double {
    let h = 1e-3
    return (divergence(moved(h)) + divergence(moved(-h))) / (h * h)
  }

  // D is of fourth order beyond that, 1e-6 of it; rounding 1e-16/1e-6.
  func squaredDistance(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { sum, pair in sum + (pair.0 - pair.1) * (pair.0 - pair.1) }
  }

  @Test("4 Σ E[M Mᵀ] is the second derivative of ½ E|∇ ln p - ∇ ln p′|²")
  func scoreMetric() {
    let sample = ScoreMatching().sample(network, at: data)
    let old = network.evaluate(data).gradient
    let expected = curvature { other in 2 * squaredDistance(other.evaluate(data).gradient, old) / 70 }
    #expect(dot(direction, ScoreMatching().metric.product(direction, sample)) ≈ expected.within(relative: 1e-4))
  }

  @Test("4 E[O_c O_cᵀ] over the model is the second derivative of Kullback and Leibler's divergence from it")
  func likelihoodMetric() {
    let sample = likelihood.sample(network, at: data)
    let model = likelihood.model(sample)
    let (f, norm) = (network.evaluate(likelihood.grid).logPsi, likelihood.logNormalisation(of: network))
    let expected = curvature { other in
      let (g, otherNorm) = (other.evaluate(likelihood.grid).logPsi, likelihood.logNormalisation(of: other))
      return 0.1
        * f.indices.reduce(0) { $0 + Double.exp(2 * f[$1] - norm) * (2 * f[$1] - norm - 2 * g[$1] + otherNorm) }
    }
    let metric = MetricElsewhere(FisherMetric(), at: model)
    #expect(dot(direction, metric.product(direction, sample)) ≈ expected.within(relative: 1e-4))
  }

  @Test("where the model fits, the metric over the data is the Hessian of the loss")
  func hessianAtTheTruth() {
    // Data that are the model: the grid with the model's weights.
    let sample = Sample(
      NoPotential(particles: 1), network, at: likelihood.grid, order: .laplacian, power: 0, clipping: false)
    func loss(_ h: Double) -> Double {
      let jet = moved(h).evaluate(likelihood.grid)
      return sample.mean(zip(jet.laplacian, jet.gradient).map { second, first in 2 * (second + first * first) })
    }
    let h = 1e-3
    let hessian = (loss(h) + loss(-h) - 2 * loss(0)) / (h * h)
    let metric = dot(direction, ScoreMatching().metric.product(direction, sample))
    // Second differences: h² from the step, 1e-15/h² from rounding.
    #expect(hessian ≈ metric.within(relative: 1e-3))
  }

  @Test("two rules for a value with known noise, logarithmic and Hyvärinen's, make the same steps")
  func sameSteps() {
    let values = Self.regression.values
    let problem = Regression(values: values)
    let sample = problem.sample(network, at: data)
    let s = 0.3
    // By y: ln p = -(y - f)²/2s², so ∂_θ ln p = (y - f) O/s² and ∂_θ∂_y ln p = O/s²: E[…] are OOᵀ/s² and OOᵀ/s⁴.
    func step(_ factor: Double) -> [Double] {
      var equation = MetricDirection(
        .whole(factor * FunctionMetric()), slope: Scaled(problem, factor), solver: CholeskySolver())
      return equation.direction(sample, lambda: 1e-3 * factor)
    }
    let plain = step(1)
    // The condition number is that of the damped matrix, a few thousand.
    #expect(step(1 / (s * s)) ≈ plain.within(relative: 1e-9))
    #expect(step(1 / (s * s * s * s)) ≈ plain.within(relative: 1e-9))
  }

  private struct Scaled: Slope {
    let slope: any FittingProblem
    let factor: Double
    init(_ slope: any FittingProblem, _ factor: Double) { (self.slope, self.factor) = (slope, factor) }
    var order: JetOrder { slope.order }
    func slope(_ sample: Sample) -> [Double] { slope.slope(sample).map { factor * $0 } }
  }

  @Test("E[OOᵀ] + c E[MMᵀ] is the second derivative of the squared distance")
  func functionMetric() {
    let sample = Self.regression.sample(network, at: data)
    let old = network.evaluate(data)
    let expected = curvature { other in
      let new = other.evaluate(data)
      let values = squaredDistance(new.logPsi, old.logPsi)
      return 0.5 * (values + 0.7 * squaredDistance(new.gradient, old.gradient)) / 70
    }
    #expect(dot(direction, Self.regression.metric.product(direction, sample)) ≈ expected.within(relative: 1e-4))
  }
}

@Suite("16.4 Fits") struct Fits {
  static let truth = GaussianMixture([
    .init(share: 0.6, centre: [-1], width: 0.7), .init(share: 0.4, centre: [1.2], width: 0.5),
  ])

  @Test("a step solves (A + λ) Δ = -g and keeps to its bound")
  func step() throws {
    let problem = ScoreMatching()
    let network = PointNetwork(hidden: 4, confinement: 0.3, seed: 1)
    let data = Self.truth.samples(200, seed: 1)
    let sample = problem.sample(network, at: data)
    let matrix = problem.metric.matrix(sample)
    let damped = matrix + 0.1 * .identity(matrix.rows)
    let whole = try #require(Cholesky(damped)).solve(problem.slope(sample).map { -$0 })
    for bound in [Double.infinity, 1e-3] {
      let descent = MetricDescent({ _ in problem.metric }, damping: 0.1, bound: bound, solver: CholeskySolver())
      var fit = Fit(problem, network, data: data, by: .metric(descent))
      try fit.advance()
      let change = zip(fit.network.parameters, network.parameters).map { $0 - $1 }
      let square = dot(whole, matrix * whole)
      let factor = square > bound ? (bound / square).squareRoot() : 1
      #expect(change ≈ whole.map { factor * $0 }.within(relative: 1e-8))
      #expect(fit.steps == 1)
    }
  }

  @Test("a step after which the loss is no number throws, and leaves the fit as it was")
  func lost() throws {
    let network = PointNetwork(hidden: 3, seed: 1)
    var fit = Fit(
      Regression(values: [1]), network, data: Walkers([0.4], particles: 1), by: .adam(Adam(learningRate: 1e200)))
    let failure = #expect(throws: NumericalFailure.self) { for _ in 1...5 { try fit.advance() } }
    #expect(failure?.step == fit.steps + 1 && fit.loss.isFinite)
    #expect(fit.network.parameters.allSatisfy { $0.isFinite })
  }

  @Test("one point and a zero slope: a perfect fit stays where it is")
  func nothingToDo() throws {
    let network = PointNetwork(hidden: 3, seed: 1)
    let value = network.evaluate(Walkers([0.4], particles: 1)).logPsi
    let problem = Regression(values: value)
    let descent = MetricDescent({ _ in problem.metric }, damping: 1e-3, bound: 1)
    var fit = Fit(problem, network, data: Walkers([0.4], particles: 1), by: .metric(descent))
    for _ in 0..<3 { try fit.advance() }
    #expect(fit.network.parameters == network.parameters)
    #expect(fit.loss == 0)
  }

  @Test(
    "from new data at every step, thirty steps of the matching metric find the density to 0.05, and the same bits again"
  )
  func density() throws {
    func run(threads: Int) throws -> PointNetwork {
      let descent = MetricDescent(
        { _ in ScoreMatching().metric }, damping: 0.1, rate: LearningRate(1, decaySteps: 5), bound: 1)
      var fit = Fit(
        ScoreMatching(), PointNetwork(hidden: 8, confinement: 0.1, seed: 1),
        newData: { Self.truth.samples(1024, seed: UInt64($0)) }, by: .metric(descent), threads: threads)
      for _ in 0..<30 { try fit.advance() }
      return fit.network
    }
    let network = try run(threads: 1)
    #expect(DensityError(from: Self.truth, extent: 6, spacing: 0.05).hyvarinen(network) < 0.05)
    #expect(try network.parameters == run(threads: 2).parameters)
  }
}
