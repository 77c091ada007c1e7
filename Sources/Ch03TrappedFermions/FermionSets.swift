import Ch00Lanes

/// States of A fermions on N places (grid points or modes): sorted sets c_1 < c_2 < … < c_A, one number of the wavefunction each.
///
/// Sorting is antisymmetry: ψ of any other order is ± the sorted one, so A! numbers become one. Only sets of a sufficiently low
/// diagonal energy are kept,
///
///     Σ_k one[c_k] + Σ_{k<l} two[c_l - c_k]  ≤  cutoff
///
/// because the wavefunction has died out where the potential energy is far above the total energy. Sets are numbered from 1 with
/// the smallest member running fastest; number 0 stands for "no such set", and every vector over the sets has a zero there.
struct FermionSets: Sendable {
  let places: Int
  let particles: Int
  /// Members in ascending order, [count + 1, particles]; the first row is empty space for set 0.
  private(set) var members: [UInt16]
  /// Diagonal energies, [count + 1]; zero for set 0.
  private(set) var energies: [Double]

  /// Number of sets, without the empty set 0.
  var count: Int { energies.count - 1 }

  /// - Parameter one: energy of a place, [places].
  /// - Parameter two: energy of two places by their distance, [places].
  /// - Parameter limit: largest number of sets to be stored.
  /// - Returns: nil where there are more sets than the limit.
  init?(particles: Int, one: [Double], two: [Double], cutoff: Double = .infinity, limit: Int) {
    precondition(particles > 0 && one.count >= particles, "\(particles) fermions do not fit \(one.count) places")
    precondition(one.count <= 1 << 16 && two.count >= one.count, "one energy a place and a distance, at most 65536")
    places = one.count
    self.particles = particles
    members = [UInt16](repeating: 0, count: particles)
    energies = [0]
    var chosen = [Int](repeating: 0, count: particles)
    guard Self.extend(&members, &energies, &chosen, particles, one.count, 0, one, two, cutoff, limit) else { return nil }
  }

  /// Chooses member number `left` below `bound`, then all smaller ones; false once there are too many sets.
  private static func extend(
    _ members: inout [UInt16], _ energies: inout [Double], _ chosen: inout [Int], _ left: Int, _ bound: Int,
    _ energy: Double, _ one: [Double], _ two: [Double], _ cutoff: Double, _ limit: Int
  ) -> Bool {
    let slot = left - 1
    for place in slot..<bound {
      var sum = energy + one[place]
      for larger in left..<chosen.count { sum += two[chosen[larger] - place] }
      chosen[slot] = place
      if left > 1 {
        guard extend(&members, &energies, &chosen, left - 1, place, sum, one, two, cutoff, limit) else { return false }
      } else if sum <= cutoff {
        guard energies.count <= limit else { return false }
        for member in chosen { members.append(UInt16(truncatingIfNeeded: member)) }
        energies.append(sum)
      }
    }
    return true
  }
}

/// Binomial coefficients C(n, k), saturated at Int.max.
func binomial(_ n: Int, _ k: Int) -> Int {
  guard k >= 0, n >= k else { return 0 }
  var value = 1
  for i in 0..<min(k, n - k) {
    let (product, overflow) = value.multipliedReportingOverflow(by: n - i)
    if overflow { return Int.max }
    value = product / (i + 1)
  }
  return value
}
