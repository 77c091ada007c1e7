import AppendixText
import Ch00Lanes
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling

/// "0.123 ± 0.004": an average and its error bar.
func estimate(_ s: SampleStatistics, _ digits: Int = 3) -> String {
  "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}

/// What an average over a grid costs.
func grid() throws -> Double {
  print("== grid ==")
  // region: grid
  let network = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1)
  let axis = (0..<40).map { i -> Double in -6 + 12 * (Double(i) + 0.5) / 40 }
  let points = axis.flatMap { x in axis.map { y in [x, y] } }

  let watch = Stopwatch()
  let values = network.evaluate(Walkers(points), order: .value)
  let time = watch.seconds

  var (norm, sum) = (0.0, 0.0)
  for (point, psi) in zip(points, values.psi) {
    norm += psi * psi
    sum += psi * psi * (point[0] * point[0] + point[1] * point[1])
  }
  print("mean of x_1² + x_2²:", fixed(sum / norm, 3))
  for particles in [2, 4, 6, 8] {
    let count = Double.pow(40, Double(particles))
    print("A = \(particles): \(scientific(count, 1)) points, \(scientific(time * count / 1600, 1)) s")
  }
  // end
  return sum / norm
}

func randomNumbers() {
  print("== philox ==")
  // region: philox
  let random = Philox(key: 2024)
  func numbers(sweep: UInt64) -> String {
    let u = random.uniforms(first: 0, stream: Philox.stream(.user, sweep: sweep, draw: 0))
    return "sweep \(sweep):" + columns(u.array.prefix(4), 6)
  }
  for sweep in [1, 2, 1] as [UInt64] { print(numbers(sweep: sweep)) }
  // end
}

// region: free
/// Two fermions in the trap without interaction: ψ = (x_1 - x_2) exp(-(x_1² + x_2²)/2).
struct FreePair: WaveFunction {
  let particles = 2
  func makeWorkspace() {}
  func logPsi(
    _ x: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    let (x1, x2) = (x[start], x[start + 1])
    let distance = x1 - x2
    sign = distance.map { Lanes(repeating: 1).withSign(of: $0) }
    logMagnitude = distance.map { Lanes.log($0.magnitude) } - 0.5 * (x1 * x1 + x2 * x2)
  }
}
// end

// region: square
/// Σ_i x_i²
func square(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
// end

func firstWalk() {
  print("== first ==")
  // region: first
  var walk = MetropolisWalk(walkers: 1000, particles: 2, seed: 1)
  walk.sweep(FreePair(), count: 200)
  print("mean of x_1² + x_2²:", estimate(walk.measure(FreePair(), times: 50, square)))
  // end
}

func widths() {
  print("== widths ==")
  // region: widths
  for width in [0.1, 0.3, 1, 3, 10] {
    // Eight independent walks, so that each number comes with an error bar.
    var (acceptances, correlations): ([Double], [Double]) = ([], [])
    for seed in 1...8 {
      var walk = MetropolisWalk(walkers: 64, particles: 2, seed: UInt64(seed), width: ProposalWidth(width))
      walk.sweep(FreePair(), count: 2000)
      acceptances.append(walk.acceptance)
      correlations.append(walk.measure(FreePair(), times: 2000, square).autocorrelationTime)
    }
    let acceptance = SampleStatistics(independent: acceptances)
    let correlation = SampleStatistics(independent: correlations)
    print("width \(width): acceptance \(estimate(acceptance, 4)), τ = \(estimate(correlation, 1))")
  }
  // end

  print("== adapted ==")
  // region: adapted
  var walk = MetropolisWalk(walkers: 1000, particles: 2, seed: 1)
  for _ in 1...20 { walk.sweep(FreePair(), count: 20, adaptingWidth: true) }
  print("width \(fixed(walk.width.value, 1)), acceptance \(fixed(walk.acceptance, 1))")
  // end
}

func density() {
  print("== density ==")
  // region: density
  var walk = MetropolisWalk(walkers: 1000, particles: 2, seed: 3)
  walk.sweep(FreePair(), count: 200)
  var visits = [[Double]](repeating: [], count: 12)  // a series [times × walkers] for each bin of width ½
  for _ in 0..<50 {
    walk.sweep(FreePair(), count: 5)
    for walker in 0..<1000 {
      let x = walk.walkers[walker]
      for bin in 0..<12 {
        let left = -3 + 0.5 * Double(bin)
        let inside = x.count { $0 >= left && $0 < left + 0.5 }
        visits[bin].append(Double(inside) / 0.5)
      }
    }
  }

  // The exact ∫n(x)dx up to x, with n = φ_0² + φ_1² = (1 + 2x²) exp(-x²)/√π.
  func integral(_ x: Double) -> Double { Double.erf(x) - x * Double.exp(-x * x) / Double.pi.squareRoot() }
  var largest = 0.0
  for (bin, series) in visits.enumerated() {
    let left = -3 + 0.5 * Double(bin)
    let sampled = SampleStatistics(series, walkers: 1000)
    let exact = (integral(left + 0.5) - integral(left)) / 0.5
    let bar = String(repeating: "#", count: Int((40 * exact).rounded()))
    print(columns([left + 0.25], 2), " \(estimate(sampled)), exact \(fixed(exact, 3)) ", bar)
    largest = max(largest, abs(sampled.mean - exact) / sampled.standardError)
  }
  print("largest deviation ≈ \(fixed(largest, 1)) error bars, below 4: \(yesOrNo(largest < 4))")
  // end
}

func errorBars() {
  print("== errors ==")
  // region: errors
  for walkers in [64, 256, 1024, 4096] {
    var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 5)
    walk.sweep(FreePair(), count: 200)
    let s = walk.measure(FreePair(), times: 32, square)
    let naive = (s.variance / Double(s.walkers * s.times)).squareRoot()
    print("\(walkers) walkers: \(estimate(s, 4)), error / naive error = \(fixed(s.standardError / naive, 1))")
  }
  // end
}

func forgetting() {
  print("== start ==")
  // region: start
  // Every other walker starts far out at (3, 4), the rest at (-1, 1). Another walk has done 2000 sweeps when it begins.
  let start: [Double] = (0..<200).flatMap { $0 % 2 == 0 ? [3.0, 4.0] : [-1.0, 1.0] }
  var walk = MetropolisWalk(positions: start, particles: 2, width: ProposalWidth(0.7), seed: 7)
  var arrived = walk
  arrived.sweep(FreePair(), count: 2000)
  for times in [10, 100, 1000] {
    let s = walk.measure(FreePair(), times: times, square)
    let other = arrived.measure(FreePair(), times: times, square).splitRHat
    print("the next \(times) sweeps: \(estimate(s)), R̂ = \(fixed(s.splitRHat, 2)); arrived \(fixed(other, 2))")
  }
  // end
}

func sameBits() throws {
  print("== bits ==")
  // region: bits
  let network = DeterminantAnsatz(try AnsatzShape(particles: 6), seed: 1)
  var one = MetropolisWalk(walkers: 1000, particles: 6, seed: 9)
  var two = one
  one.sweep(network, count: 40, threads: 1)
  two.sweep(network, count: 10, threads: 2)
  var resumed = MetropolisWalk(
    positions: two.walkers.positions, particles: 6, width: two.width, sweeps: two.sweeps, seed: two.seed)
  resumed.sweep(network, count: 30, threads: 2)
  let isSame = one.walkers.positions == resumed.walkers.positions
  print("40 sweeps on one thread, and 10 + 30 on two: \(isSame ? "same bits" : "other bits")")
  // end
}

func networks(grid: Double) throws {
  print("== networks ==")
  // region: networks
  for particles in [2, 6] {
    let network = DeterminantAnsatz(try AnsatzShape(particles: particles), seed: 1)
    var walk = MetropolisWalk(walkers: 256, particles: particles, seed: 1)
    let watch = Stopwatch()
    for _ in 1...20 { walk.sweep(network, count: 20, adaptingWidth: true, threads: 2) }
    let s = walk.measure(network, times: 100, sweeps: 10, threads: 2, square)
    let average = "mean of Σ x_i² = \(estimate(s)), R̂ = \(fixed(s.splitRHat, 2))"
    print("A = \(particles): \(average), in \(fixed(watch.milliseconds, 0)) ms")
  }
  // end
  // region: networks-grid
  print("A = 2 on the grid: \(fixed(grid, 3))")
  // end
}

func screening() throws {
  print("== screening ==")
  // region: screening
  let pair = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1)
  var plain = MetropolisWalk(walkers: 4096, particles: 2, seed: 1)
  var screened = plain
  let first = Stopwatch()
  plain.sweep(pair, count: 100, screening: false, threads: 2)
  let slow = first.milliseconds
  let second = Stopwatch()
  screened.sweep(pair, count: 100, threads: 2)
  print("double precision: \(fixed(slow, 0)) ms, screened in single: \(fixed(second.milliseconds, 0)) ms")
  let others = zip(plain.walkers.positions, screened.walkers.positions).count { $0 != $1 }
  print("coordinates with other bits: \(others) of \(plain.walkers.positions.count)")
  // end
}

func tutorial() throws {
  let average = try grid()
  randomNumbers()
  firstWalk()
  widths()
  density()
  errorBars()
  forgetting()
  try sameBits()
  try networks(grid: average)
  try screening()
}

try tutorial()
