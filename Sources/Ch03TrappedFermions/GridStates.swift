import Ch00Lanes

/// What reflection about the trap's centre does to a state: ψ(-x_1, …, -x_A) = ±ψ(x_1, …, x_A).
///
/// The ground state has one sign wherever the fermions stand in order. Reflection reverses the order of A fermions, so
/// its parity is (-1)^(A(A-1)/2): odd for two and three fermions, even for four and five.
public enum Parity: Int, Sendable {
  /// ψ(-x) = ψ(x).
  case even = 1
  /// ψ(-x) = -ψ(x).
  case odd = -1

  /// The parity of the ground state of A fermions where trap and interaction are even.
  public static func groundState(particles: Int) -> Parity { particles / 2 % 2 == 0 ? .even : .odd }
}

/// States of A fermions on the points of a grid: one amplitude for each set of points, or for each mirror pair of sets.
///
/// Points carry labels 0 … N - 1, and a set is its labels in ascending order, c_1 < c_2 < … < c_A. Sets are numbered
///
///     rank = Σ_k C(c_k, k)
///
/// so that the smallest label runs fastest, and the sets of labels below n are the first C(n, A), whatever N is. The sets
/// with the largest label c are one block.
///
/// Without parity labels count the points from the left. With parity they count from the centre outwards: 0 is the
/// centre, 2k - 1 the k-th point to its right and 2k the k-th to its left. A mirror image exchanges 2k - 1 and 2k, and has
/// the same sign but for one exchange of neighbours for each such couple that the set holds whole:
///
///     ψ(K') = parity·(-1)^couples(K)·ψ(K)
///
/// Of K and K' the one of smaller rank is stored, as √2 ψ(K), so that the plain dot product of two vectors is that of the
/// states. A set that is its own image is stored as ψ(K) in the ground state's parity, and vanishes in the other one.
/// Nothing is looked up for most sets: those whose largest label is 2k - 1 are all stored, in order, and those with 2k
/// instead are their images. Only where the outermost couple is whole does a table tell which is which.
struct GridStates: Sendable {
  let particles: Int
  /// N.
  let points: Int
  let parity: Parity?
  /// Number of the point of each label, counted from the left, [points].
  let place: [Int]
  /// Stored amplitudes: the length of a vector.
  private(set) var count = 0
  /// Where the amplitudes of each block begin, [points].
  private var first: [Int]
  /// Of each (A-1)-set, the rank of its image and one more, negative where the amplitudes have opposite signs.
  private var mirrored: [Int32] = []
  /// By block 2k, the sets that hold 2k - 1 too: ± (component + 1), 0 where the amplitude vanishes.
  private var couples: [[Int32]]
  /// Sets that are their own images.
  private var own: [(rank: Int, component: Int)] = []
  /// C(n, k), [points + 1, particles + 2].
  private let binomials: [Int]

  /// - Parameter points: N; odd where there is a parity.
  init(particles: Int, points: Int, parity: Parity?) {
    precondition(particles > 0 && points >= particles, "\(particles) fermions do not fit \(points) points")
    precondition(parity == nil || points % 2 == 1, "\(points) points have no centre")
    self.particles = particles
    self.points = points
    self.parity = parity
    let middle = points / 2
    place = (0..<points).map { c in parity == nil ? c : c % 2 == 1 ? middle + (c + 1) / 2 : middle - c / 2 }
    binomials = (0...points).flatMap { n in (0...particles + 1).map { binomial(n, $0) } }
    first = [Int](repeating: 0, count: points)
    couples = [[Int32]](repeating: [], count: points)
    guard let parity else {
      for c in 0..<points { first[c] = binomial(c, particles) }
      count = binomial(points, particles)
      return
    }

    // Images of the sets that a block 2k has below its largest label.
    let width = particles - 1
    mirrored.reserveCapacity(binomial(points, width))
    forEachSet(of: width, below: points - 1) { members in
      let image = mirrorImage(members)
      mirrored.append(Int32(truncatingIfNeeded: (image.rank + 1) * (image.couples % 2 == 0 ? 1 : -1) * parity.rawValue))
    }
    for c in 0..<points {
      first[c] = count
      if c % 2 == 1 {
        count += choose(c, particles - 1)
      } else if c == 0 {
        // One fermion in the centre.
        if particles == 1 { addCouples(block: 0, [(0, 0)], parity) }
      } else if particles > 1 {
        var images: [(rank: Int, couples: Int)] = []
        forEachSet(of: particles - 2, below: c - 1) { members in
          let image = mirrorImage(members)
          images.append((image.rank, image.couples + 1))
        }
        addCouples(block: c, images, parity)
      }
    }
  }

  /// Numbers the sets of a block whose outermost couple is whole, by the images of what they hold below it.
  private mutating func addCouples(block: Int, _ images: [(rank: Int, couples: Int)], _ parity: Parity) {
    var codes = [Int32](repeating: 0, count: images.count)
    let start = choose(block + 1, particles) - images.count
    for (rank, image) in images.enumerated() {
      let sign = image.couples % 2 == 0 ? parity.rawValue : -parity.rawValue
      guard image.rank >= rank, image.rank > rank || sign > 0 else { continue }
      count += 1
      codes[rank] = Int32(truncatingIfNeeded: count)
      if image.rank == rank {
        own.append((start + rank, count - 1))
      } else {
        codes[image.rank] = Int32(truncatingIfNeeded: sign * count)
      }
    }
    couples[block] = codes
  }

  /// C(n, k) for n ≤ N, k ≤ A + 1.
  @inline(__always) func choose(_ n: Int, _ k: Int) -> Int { k < 0 ? 0 : binomials[n * (particles + 2) + k] }

  /// Rank of the image of a set, and how many couples of points the set holds whole.
  private func mirrorImage(_ members: [Int]) -> (rank: Int, couples: Int) {
    var (rank, couples, k) = (0, 0, 0)
    while k < members.count {
      let c = members[k]
      if c % 2 == 1, k + 1 < members.count, members[k + 1] == c + 1 {
        rank += choose(c, k + 1) + choose(c + 1, k + 2)
        couples += 1
        k += 2
      } else {
        rank += choose(c == 0 ? 0 : c % 2 == 1 ? c + 1 : c - 1, k + 1)
        k += 1
      }
    }
    return (rank, couples)
  }

  /// Calls `body` with all sets of `size` labels below `bound`, by rank.
  private func forEachSet(of size: Int, below bound: Int, _ body: (_ members: [Int]) -> Void) {
    guard size <= bound else { return }
    var members = Array(0..<size)
    while true {
      body(members)
      // The smallest label that can rise, and those below it back to the start.
      var k = 0
      while k < size, members[k] + 1 == (k + 1 < size ? members[k + 1] : bound) { k += 1 }
      guard k < size else { return }
      members[k] += 1
      for j in 0..<k { members[j] = j }
    }
  }

  /// Calls `body` with each stored set, in the order of the components.
  ///
  /// - Parameter one: energy of a point, [points], by its place.
  /// - Parameter two: energy of two points by their distance, [points].
  /// - Parameter body: gets the places of the set's points in the order of their labels, and the sum of all energies.
  func forEachStored(
    one: [Double], two: [Double], _ body: (_ component: Int, _ places: [Int], _ energy: Double) -> Void
  ) {
    var places = [Int](repeating: 0, count: particles)
    var component = 0
    /// Puts label c in the place of member k, which those above it are set for, and adds its energy.
    func put(_ c: Int, _ k: Int, _ energy: Double) -> Double {
      let p = place[c]
      places[k] = p
      var sum = energy + one[p]
      for larger in k + 1..<particles { sum += two[abs(places[larger] - p)] }
      return sum
    }
    func fill(_ left: Int, below bound: Int, energy: Double, _ body: (Double) -> Void) {
      guard left > 0 else {
        body(energy)
        return
      }
      guard bound >= left else { return }
      for c in left - 1..<bound { fill(left - 1, below: c, energy: put(c, left - 1, energy), body) }
    }
    for c in 0..<points {
      if parity == nil || c % 2 == 1 {
        fill(particles - 1, below: c, energy: put(c, particles - 1, 0)) { energy in
          body(component, places, energy)
          component += 1
        }
      } else if !couples[c].isEmpty {
        var rank = 0
        let last = put(c, particles - 1, 0)
        let energy = particles > 1 ? put(c - 1, particles - 2, last) : last
        fill(particles - 2, below: c - 1, energy: energy) { energy in
          if Int(couples[c][rank]) == component + 1 {
            body(component, places, energy)
            component += 1
          }
          rank += 1
        }
      }
    }
  }

  /// The amplitudes of all sets by rank, times √2 where there is a parity.
  ///
  /// - Parameter amplitudes: stored ones, [count].
  /// - Parameter all: room for C(N, A) numbers at least.
  func expand(_ amplitudes: [Double], into all: inout [Double], threads: Int) {
    precondition(amplitudes.count == count, "\(amplitudes.count) amplitudes, where there are \(count)")
    precondition(all.count >= choose(points, particles), "no room for all sets")
    // The largest blocks first, so that no thread is left with one at the end.
    var blocks = Array((0..<points).reversed())
    // Unsafe: threads write to different parts of one array, which `inout` cannot say. Block c is written by one call
    // alone, between C(c, A) and C(c + 1, A), and the array has room for the last one.
    amplitudes.withUnsafeBufferPointer { stored in
      all.withUnsafeMutableBufferPointer { all in
        nonisolated(unsafe) let all = all
        nonisolated(unsafe) let stored = stored
        parallelForEach(&blocks, threads: threads) { _, block in
          let c = block
          let start = choose(c, particles)
          let size = choose(c + 1, particles) - start
          if parity == nil || c % 2 == 1 {
            let from = first[c]
            for i in 0..<size { all[start &+ i] = stored[from &+ i] }
            return
          }
          let images = size - couples[c].count
          let from = c > 0 ? first[c - 1] : 0
          mirrored.withUnsafeBufferPointer { mirrored in
            for i in 0..<images {
              let code = mirrored[i]
              let value = stored[from &+ Int(code.magnitude) &- 1]
              all[start &+ i] = code < 0 ? -value : value
            }
          }
          for (i, code) in couples[c].enumerated() {
            let value = code == 0 ? 0 : stored[Int(code.magnitude) - 1]
            all[start + images + i] = code < 0 ? -value : value
          }
        }
      }
    }
    for set in own { all[set.rank] *= 2.0.squareRoot() }
  }

  /// The stored amplitudes of H x, from the kinetic part by rank in two terms, as ``expand`` scales it, and the diagonal.
  func contract(
    _ y: [Double], _ z: [Double], diagonal: [Double], _ amplitudes: [Double], into image: inout [Double], threads: Int
  ) {
    precondition(image.count == count && diagonal.count == count, "\(image.count) amplitudes, where there are \(count)")
    var blocks = Array((0..<points).reversed())
    // Unsafe: as above, the components of block c are one call's alone.
    image.withUnsafeMutableBufferPointer { image in
      y.withUnsafeBufferPointer { y in
        z.withUnsafeBufferPointer { z in
          nonisolated(unsafe) let image = image
          nonisolated(unsafe) let y = y
          nonisolated(unsafe) let z = z
          parallelForEach(&blocks, threads: threads) { _, block in
            let c = block
            let start = choose(c, particles)
            let end = choose(c + 1, particles)
            if parity == nil || c % 2 == 1 {
              let to = first[c] &- start
              for i in start..<end { image[to &+ i] = y[i] + z[i] + diagonal[to &+ i] * amplitudes[to &+ i] }
              return
            }
            var component = first[c]
            for (i, code) in couples[c].enumerated() where Int(code) == component + 1 {
              let rank = end - couples[c].count + i
              image[component] = y[rank] + z[rank]
              component += 1
            }
          }
        }
      }
    }
    guard parity != nil else { return }
    for set in own { image[set.component] *= 0.5.squareRoot() }
    for c in stride(from: 0, to: points, by: 2) {
      let next = c + 1 < points ? first[c + 1] : count
      for i in first[c]..<next { image[i] += diagonal[i] * amplitudes[i] }
    }
  }
}
