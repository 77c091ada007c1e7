import Ch00Lanes
import Ch05MetropolisSampling
import TestSupport
import Testing

/// x_t = ρ x_{t-1} + √(1 - ρ²) ξ_t with variance 1, a chain a walker: ρ_t = ρᵗ, τ = (1 + ρ)/(1 - ρ).
///
/// - Returns: row-major [times × walkers].
private func autoregression(_ rho: Double, walkers: Int, times: Int, seed: UInt64) -> [Double] {
  let philox = Philox(key: seed)
  var x = [Double](repeating: 0, count: walkers)
  var values: [Double] = []
  values.reserveCapacity(walkers * times)
  for time in 0..<times {
    let stream = Philox.stream(.user, sweep: UInt64(time), draw: 0)
    for first in stride(from: 0, to: walkers, by: 32) {
      let normals = philox.normalPairs(first: UInt64(first), stream: stream).0
      for walker in first..<min(first + 32, walkers) {
        let noise = normals[walker - first]
        x[walker] = time == 0 ? noise : rho * x[walker] + (1 - rho * rho).squareRoot() * noise
      }
    }
    values += x
  }
  return values
}

@Suite("5.6 What a sample says") struct Statistics {
  @Test("an autoregressive chain has the autocorrelation time (1 + ρ)/(1 - ρ)", arguments: [0, 0.3, 0.6, 0.9])
  func autocorrelation(rho: Double) {
    let (walkers, times) = (200, 2000)
    let statistics = SampleStatistics(autoregression(rho, walkers: walkers, times: times, seed: 1), walkers: walkers)
    let tau = (1 + rho) / (1 - rho)
    // With a window of 5τ the relative error is √(2 (10 τ + 1)/(W T)) (Madras and Sokal 1988); four of them.
    let error = 4 * (2 * (10 * tau + 1) / Double(walkers * times)).squareRoot() * tau
    #expect(statistics.autocorrelationTime ≈ tau ± error)
    #expect(statistics.effectiveSampleSize ≈ (Double(walkers * times) / statistics.autocorrelationTime) ± 1e-9)
    // The error bar knows of it. An estimate from 200 walkers is good to 1/√400.
    #expect(statistics.standardError ≈ (tau / Double(walkers * times)).squareRoot().within(relative: 0.2))
    #expect(statistics.variance ≈ 1 ± 0.05)
  }

  @Test("anticorrelated values count as independent, not as better")
  func anticorrelation() {
    let statistics = SampleStatistics(autoregression(-0.5, walkers: 100, times: 500, seed: 2), walkers: 100)
    #expect(statistics.autocorrelationTime == 1)
  }

  @Test("two of three error bars cover the truth", arguments: [(20, 30), (200, 4)])
  func coverage(walkers: Int, times: Int) {
    let covered = (0..<1000).count { trial in
      let values = autoregression(0.7, walkers: walkers, times: times, seed: 1000 + UInt64(trial))
      let statistics = SampleStatistics(values, walkers: walkers)
      return abs(statistics.mean) < statistics.standardError
    }
    // 0.683, or 0.670 where 19 degrees of freedom make a Student distribution; four errors of 1000 trials are 0.059.
    #expect((Double(covered) / 1000) ≈ 0.677 ± 0.066)
  }

  @Test("R̂ is 1 where chains agree, and √2 where they are shifted by ± their width")
  func shiftedChains() {
    let values = autoregression(0.5, walkers: 50, times: 1000, seed: 3)
    // √(1 + τ/n) with n = 500 values in a half-chain, give or take a fifth of the excess: 100 half-chains.
    #expect(SampleStatistics(values, walkers: 50).splitRHat ≈ (1 + 3.0 / 1000) ± 1.5e-3)
    let shifted = values.indices.map { values[$0] + ($0 % 2 == 0 ? 1 : -1) }
    #expect(SampleStatistics(shifted, walkers: 50).splitRHat ≈ 2.0.squareRoot() ± 0.03)
  }

  @Test("R̂ sees a drift that all chains share, because it splits them")
  func drift() {
    let values = autoregression(0, walkers: 50, times: 400, seed: 4)
    let drifting = values.indices.map { values[$0] + 2 * Double($0 / 50) / 400 }
    // Halves' means differ by 1: B/n = ¼ (m/(m - 1)), and the drift of 1 inside a half adds 1/12 to the variance.
    #expect(SampleStatistics(drifting, walkers: 50).splitRHat ≈ (1 + 0.25 / (1 + 1.0 / 12)).squareRoot() ± 0.02)
  }

  @Test("values in another order of walkers say the same")
  func reordered() {
    let values = autoregression(0.5, walkers: 6, times: 50, seed: 5)
    let order = [3, 1, 5, 0, 2, 4]
    let moved = (0..<50).flatMap { t in order.map { values[6 * t + $0] } }
    let (a, b) = (SampleStatistics(values, walkers: 6), SampleStatistics(moved, walkers: 6))
    // Sums in another order.
    #expect(a.mean ≈ b.mean ± 1e-15)
    #expect(a.standardError ≈ b.standardError.within(relative: 1e-13))
    #expect(a.splitRHat ≈ b.splitRHat.within(relative: 1e-13))
    #expect(a.autocorrelationTime ≈ b.autocorrelationTime.within(relative: 1e-12))
  }
}

@Suite("5.7 Hardly any sample") struct SmallSamples {
  @Test("one walker, one time: a value, and no idea of its error")
  func one() {
    let statistics = SampleStatistics([3], walkers: 1)
    #expect(statistics.mean == 3 && statistics.standardError == .infinity && statistics.variance == 0)
    #expect(statistics.splitRHat.isNaN && statistics.autocorrelationTime.isNaN)
  }

  @Test("one time of many walkers: the error of independent values")
  func oneTime() {
    let statistics = SampleStatistics([1, 2, 3, 4], walkers: 4)
    #expect(statistics.mean == 2.5)
    #expect(statistics.variance ≈ (5.0 / 3) ± 1e-15)
    #expect(statistics.standardError ≈ (5.0 / 12).squareRoot() ± 1e-15)
  }

  @Test("one walker's error comes from blocking its series")
  func oneWalker() {
    let values = autoregression(0.5, walkers: 1, times: 1000, seed: 6)
    #expect(SampleStatistics(values, walkers: 1).standardError == blockingError(values))
  }

  @Test("a constant has no error, no variance, R̂ = 1 and τ = 1", arguments: [0.0, 2, -3.5])
  func constant(value: Double) {
    let statistics = SampleStatistics([Double](repeating: value, count: 1000), walkers: 10)
    #expect(statistics.mean == value && statistics.standardError == 0 && statistics.variance == 0)
    #expect(statistics.splitRHat == 1 && statistics.autocorrelationTime == 1)
  }

  @Test("and so has a constant whose sum is rounded", arguments: [0.1, 1.0 / 3, -2.4717558])
  func roundedConstant(value: Double) {
    let statistics = SampleStatistics([Double](repeating: value, count: 1000), walkers: 10)
    #expect(statistics.mean ≈ value ± 1e-13)
    #expect(statistics.standardError < 1e-13)
    #expect(statistics.splitRHat ≈ 1 ± 1e-2)
    #expect(statistics.autocorrelationTime ≈ 1 ± 1e-2)
  }

  @Test("chains that stand still at different places: R̂ = ∞")
  func frozen() {
    let statistics = SampleStatistics((0..<40).map { Double($0 % 4) }, walkers: 4)
    #expect(statistics.splitRHat == .infinity)
    #expect(statistics.standardError ≈ (5.0 / 12).squareRoot() ± 1e-15)
    // Every value of a walker is the same: a sample of 4, and not of 40.
    #expect(statistics.effectiveSampleSize < 8)
  }

  @Test("an odd number of times leaves the middle one out of R̂, and of nothing else")
  func odd() {
    let statistics = SampleStatistics([1, 2, 100, 1, 2], walkers: 1)
    #expect(statistics.splitRHat ≈ (0.5).squareRoot() ± 1e-15)
    #expect(statistics.mean ≈ 21.2 ± 1e-13)
  }
}

@Suite("5.9 Blocking") struct BlockingErrors {
  @Test("the error of an autoregressive series is √(τ/n), or a little more", arguments: [0, 0.5, 0.8])
  func autoregressive(rho: Double) {
    let n = 1 << 14
    let expected = ((1 + rho) / (1 - rho) / Double(n)).squareRoot()
    let ratios = (0..<50).map { blockingError(autoregression(rho, walkers: 1, times: n, seed: 100 + $0)) / expected }
    // The largest of several levels is taken, each of them uncertain by up to a quarter: on average some 20 % too much.
    let mean = ratios.reduce(0, +) / 50
    #expect(mean > 0.95 && mean < 1.4)
    #expect(ratios.allSatisfy { $0 > 0.75 && $0 < 2.2 })
  }

  @Test("no values, one, two, or all the same")
  func small() {
    #expect(blockingError([]) == .infinity && blockingError([1]) == .infinity)
    #expect(blockingError([1, 3]) == 1)
    #expect(blockingError([Double](repeating: 2, count: 100)) == 0)
  }

  @Test("independent values have the error s/√n at least")
  func independent() {
    let values = autoregression(0, walkers: 1, times: 1000, seed: 7)
    let mean = values.reduce(0, +) / 1000
    let naive = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999 / 1000).squareRoot()
    #expect(blockingError(values) >= naive * (1 - 1e-12))
  }

  @Test("R̂ and the autocorrelation time of values near the ends of the numbers are those of ordinary ones")
  func extremes() {
    let values = autoregression(0.5, walkers: 50, times: 100, seed: 7)
    let ordinary = SampleStatistics(values, walkers: 50)
    for unit in [0x1p1000, 0x1p-1000] {
      let scaled = SampleStatistics(values.map { unit * $0 }, walkers: 50)
      // Powers of two: the same bits.
      #expect(scaled.mean == unit * ordinary.mean && scaled.standardError == unit * ordinary.standardError)
      #expect(scaled.splitRHat == ordinary.splitRHat)
      #expect(scaled.autocorrelationTime == ordinary.autocorrelationTime)
    }
  }
}
