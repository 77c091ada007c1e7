/// What a sample of W walkers at T times says of a mean: its value, its error bar, and how much of the sample is news.
///
/// Walkers are independent chains, so the error bar needs no model of autocorrelation: the T values of a walker are
/// averaged first, and the spread of the W averages is what it is.
///
///     m_w = (1/T) Σ_t x_tw           mean = (1/W) Σ_w m_w           standard error = sd(m_w) / √W
///
/// With one walker the error comes from blocking its series.
public struct SampleStatistics: Sendable, Equatable {
  /// W, the independent chains.
  public let walkers: Int
  /// T, the values of each chain.
  public let times: Int
  /// Mean of x over all walkers and times, in units of x.
  public let mean: Double
  /// Standard error of `mean`, in units of x; infinite for a single value.
  public let standardError: Double
  /// Variance of x itself, over all walkers and times, in units of x²; 0 for a single value, and infinite
  /// beyond 1.8e308.
  public let variance: Double
  /// Split R̂: √(pooled variance / variance within half-chains). At stationarity its square is about 1 + (τ - 1)/n; above 1.01 the
  /// start is not forgotten, or the chains are short.
  ///
  ///     B = n/(m-1) Σ (m_j - m)²,  V = mean of the half-chains' variances,  R̂ = √((n-1)/n + B/(n V))
  ///
  /// over the m = 2W half-chains of n = T/2 values. NaN where T < 4; of constant chains 1, or ∞ if they differ. Source:
  /// Gelman et al., Bayesian Data Analysis, ch. 11.
  public let splitRHat: Double
  /// Integrated autocorrelation time in units of one time: τ = 1 + 2 Σ_t ρ_t, summed up to the first t ≥ 5 τ.
  ///
  /// ρ_t is averaged over walkers, with the mean over all walkers as the mean. At least 1, which is the value for
  /// independent values; NaN where T < 4.
  public let autocorrelationTime: Double
  /// W T / τ: how many independent values would give the same error; NaN where T < 4.
  public var effectiveSampleSize: Double { Double(walkers * times) / autocorrelationTime }

  /// Statistics of the values of W walkers at T times.
  ///
  /// - Parameters:
  ///   - values: row-major [times × walkers], at least one time, all finite; another count stops the program.
  ///   - walkers: W.
  /// - Complexity: O(values), and about 5 τ passes over them for the autocorrelation time.
  public init(_ values: [Double], walkers: Int) {
    precondition(walkers > 0 && !values.isEmpty && values.count % walkers == 0, "not times × \(walkers) walkers")
    self.walkers = walkers
    times = values.count / walkers
    // Squares of numbers beyond 1e±154 are no numbers: such values are divided by a power of two first, which is exact.
    let largest = values.reduce(0) { max($0, abs($1)) }
    let isOrdinary = largest == 0 || !largest.isFinite || (1e-100...1e100).contains(largest)
    let unit = isOrdinary ? 1 : largest.binade
    let values = isOrdinary ? values : values.map { $0 / unit }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = unit * mean
    let variance = count > 1 ? values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) : 0
    self.variance = variance * unit * unit
    if walkers > 1 {
      var spread = 0.0
      for walker in 0..<walkers {
        var sum = 0.0
        for time in 0..<times { sum += values[time * walkers + walker] }
        let deviation = sum / Double(times) - mean
        spread += deviation * deviation
      }
      standardError = unit * (spread / Double(walkers - 1) / Double(walkers)).squareRoot()
    } else {
      standardError = unit * blockingError(values)
    }
    splitRHat = SampleStatistics.splitRHat(values, walkers: walkers, times: times)
    autocorrelationTime = SampleStatistics.autocorrelationTime(values, walkers: walkers, times: times, mean: mean)
  }

  /// Statistics of values that are independent of each other, one a walker: T = 1. No values stop the program.
  public init(independent values: [Double]) { self.init(values, walkers: values.count) }

  /// What rounding alone makes of the variance of a constant.
  private static func rounding(of mean: Double) -> Double { (1e-12 * mean) * (1e-12 * mean) }

  private static func splitRHat(_ values: [Double], walkers: Int, times: Int) -> Double {
    let n = times / 2
    guard n >= 2 else { return .nan }
    var means: [Double] = []
    var within = 0.0
    for walker in 0..<walkers {
      for half in 0..<2 {
        // With an odd number of times the middle one is left out.
        let start = half == 0 ? 0 : times - n
        let chain = (start..<(start + n)).map { values[$0 * walkers + walker] }
        let mean = chain.reduce(0, +) / Double(n)
        means.append(mean)
        within += chain.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
      }
    }
    within /= Double(means.count)
    let grand = means.reduce(0, +) / Double(means.count)
    let between = means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(means.count - 1)
    // Constant chains agree if they agree at one value, up to the rounding of their means.
    if within <= rounding(of: grand) { return between <= rounding(of: grand) ? 1 : .infinity }
    return (Double(n - 1) / Double(n) + between / within).squareRoot()
  }

  private static func autocorrelationTime(_ values: [Double], walkers: Int, times: Int, mean: Double) -> Double {
    guard times >= 4 else { return .nan }
    func covariance(_ lag: Int) -> Double {
      var sum = 0.0
      for time in 0..<(times - lag) {
        for walker in 0..<walkers {
          sum += (values[time * walkers + walker] - mean) * (values[(time + lag) * walkers + walker] - mean)
        }
      }
      return sum / Double((times - lag) * walkers)
    }
    let variance = covariance(0)
    guard variance > rounding(of: mean) else { return 1 }
    var tau = 1.0
    for lag in 1..<times {
      tau += 2 * covariance(lag) / variance
      if Double(lag) >= 5 * tau { break }
    }
    return max(tau, 1)
  }
}
