import Ch00Lanes

/// States of A fermions on N places (grid points or modes): sorted sets c_1 < c_2 < … < c_A, one number of the
/// wavefunction each.
///
/// Sorting is antisymmetry: ψ of any other order is ± the sorted one, so A! numbers become one. Each set has a
/// diagonal energy, and sets above a cutoff can be left out:
///
///     Σ_k one[c_k] + Σ_{k<l} two[c_l - c_k]  ≤  cutoff
///
/// Sets are numbered from 1 with the smallest member running fastest; number 0 stands for "no such set", and every
/// vector over the sets has a zero there.
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
  init(particles: Int, one: [Double], two: [Double], cutoff: Double = .infinity) {
    precondition(particles > 0 && one.count >= particles, "\(particles) fermions do not fit \(one.count) places")
    precondition(one.count <= 1 << 16 && two.count >= one.count, "one energy a place and a distance, at most 65536")
    places = one.count
    self.particles = particles
    members = [UInt16](repeating: 0, count: particles)
    energies = [0]
    if cutoff == .infinity {
      let expected = binomial(places, particles) + 1
      members.reserveCapacity(expected * particles)
      energies.reserveCapacity(expected)
    }
    var chosen = [Int](repeating: 0, count: particles)

    /// Chooses member number `left` (counted from 1) below `bound`, then all smaller ones.
    func choose(_ left: Int, below bound: Int, energy: Double) {
      for place in left - 1..<bound {
        var sum = energy + one[place]
        for larger in left..<particles { sum += two[chosen[larger] - place] }
        chosen[left - 1] = place
        if left > 1 {
          choose(left - 1, below: place, energy: sum)
        } else if sum <= cutoff {
          for member in chosen { members.append(UInt16(truncatingIfNeeded: member)) }
          energies.append(sum)
        }
      }
    }
    choose(particles, below: places, energy: 0)
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
