import Ch05MetropolisSampling

/// Means of a list of numbers over walkers and times, with the spread of independent groups of walkers as error bar.
///
///     m_g = mean over the walkers and times of group g,       mean = Σ_g w_g m_g,       w_g = share of the walkers in g
///     standard error² = G/(G-1) Σ_g w_g² (m_g - mean)²
///
/// `SampleStatistics` says this of one number with a group for each walker. A matrix for each of thousands of walkers
/// would fill the memory, so neighbouring walkers share a group here; walkers are independent chains, and so are groups
/// of them, however much the times of one walker resemble each other. 128 groups tell the error bar itself to 6 %,
/// 1/√(2 · 127).
public struct GroupedMeans: Sendable, Equatable {
  /// Some neighbouring walkers, and what they add up to.
  package struct Group: Sendable, Equatable {
    package let walkers: Range<Int>
    package var sums: [Double]
  }

  /// Most groups that are made.
  package static let largestCount = 128

  /// W, the walkers of all groups.
  public let walkers: Int
  /// Times that were added.
  public private(set) var times = 0
  package private(set) var groups: [Group]

  /// Sums that are all zero.
  ///
  /// - Parameters:
  ///   - walkers: how many there are.
  ///   - count: how many numbers a walker has.
  /// - Precondition: there is at least one walker.
  public init(walkers: Int, count: Int) {
    precondition(walkers > 0 && count >= 0, "\(walkers) walkers with \(count) numbers each have no means")
    self.walkers = walkers
    let size = (walkers + GroupedMeans.largestCount - 1) / GroupedMeans.largestCount
    groups = stride(from: 0, to: walkers, by: size).map { first in
      Group(walkers: first..<min(first + size, walkers), sums: [Double](repeating: 0, count: count))
    }
  }

  /// Adds a time.
  ///
  /// - Parameter numbers: of a walker, counted from 0, [count]; another count stops the program.
  public mutating func add(_ numbers: (_ walker: Int) -> [Double]) {
    addTime { groups in
      for g in groups.indices {
        for walker in groups[g].walkers {
          let found = numbers(walker)
          let expected = groups[g].sums.count
          precondition(found.count == expected, "\(expected) numbers a walker expected, got \(found.count)")
          for k in found.indices { groups[g].sums[k] += found[k] }
        }
      }
    }
  }

  /// Adds a time: `body` adds the numbers of its group's walkers to the group's sums, and touches nothing else.
  package mutating func addTime(_ body: (inout [Group]) -> Void) {
    body(&groups)
    times += 1
  }

  /// m_g, one list a group.
  package var groupMeans: [[Double]] { groups.map { group in group.sums.map { $0 / weight(group) } } }

  /// Means over all walkers and times, [count]; NaN before the first time.
  public var means: [Double] {
    let all = Double(times * walkers)
    return total.map { $0 / all }
  }

  /// Standard errors of `means`, [count]; infinite where there is one walker only, which says nothing of its spread.
  public var standardErrors: [Double] {
    let means = means
    guard groups.count > 1 else { return means.map { _ in .infinity } }
    var squares = [Double](repeating: 0, count: means.count)
    for group in groups {
      let all = Double(times * walkers)
      for k in squares.indices {
        let deviation = (group.sums[k] - weight(group) * means[k]) / all
        squares[k] += deviation * deviation
      }
    }
    let factor = Double(groups.count) / Double(groups.count - 1)
    return squares.map { ($0 * factor).squareRoot() }
  }

  /// Means over all groups but one: what a jackknife is made of.
  ///
  /// - Complexity: O(count), given `total`.
  package func means(without group: Int, of total: [Double]) -> [Double] {
    let rest = Double(times * walkers) - weight(groups[group])
    return zip(total, groups[group].sums).map { ($0 - $1) / rest }
  }

  /// Sums over all groups.
  package var total: [Double] {
    var total = groups[0].sums
    for group in groups.dropFirst() { for k in total.indices { total[k] += group.sums[k] } }
    return total
  }

  /// Walkers times times of a group.
  private func weight(_ group: Group) -> Double { Double(times * group.walkers.count) }
}
