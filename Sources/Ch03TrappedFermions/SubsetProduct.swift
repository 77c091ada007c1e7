import Ch00Lanes

/// An operator on m of A fermions, applied to a wavefunction over sorted sets: y = O x with nothing stored but indices.
///
/// Taking m fermions out of a set K leaves a rest I of A - m; for one rest, all ways of putting m back form a short
/// vector:
///
///     w_P = ± x(I ∪ P),     y_P = Σ_P' O_PP' w_P',     (O x)(K) = Σ_{P ⊂ K} ± y_P of the rest K - P
///
/// with the sign of moving P to the front of its set. So the operator costs one small dense product a rest, 32 rests in
/// SIMD lanes, which runs at the speed of multiply-adds, where following each matrix element through memory would run
/// at the speed of cache misses. Two phases, each in fixed blocks of work: no two threads write one number, and the
/// result has the same bits on any number of them.
///
/// m = 2 with the interaction is configuration interaction. m = 1 with the kinetic energy is the grid's Hamiltonian, which
/// ``GridKinetic`` applies without tables.
struct SubsetProduct: Sendable {
  /// 32 rests side by side, several groups a block; `code` is [group, P, 32].
  struct RestBlock: Sendable {
    /// Number of the set I ∪ P with its sign, 0 where there is none.
    var code: [Int32]
    /// Places P between which a group has any set.
    var used: [Range<Int>]
    /// y_P of the rests, laid out as `code`.
    var product: [Double]
  }
  /// A run of consecutive sets whose values one call collects.
  struct SetBlock: Sendable {
    var first: Int
    var values: [Double]
  }

  let order: Int
  /// Number of P: C(places, m).
  let width: Int
  private let shift: Int
  private var rests: [RestBlock] = []
  private var sets: [SetBlock] = []
  /// Components of x and y, the empty set 0 included.
  private let components: Int
  /// Where the products of set K stand, with their sign, [count + 1, C(A, m)].
  private var slots: [Int32] = []
  private let choices: Int

  /// O_PP', packed four rows together, [⌈width/4⌉, width, 4].
  private var packed: [Double]

  /// - Parameter matrix: O_PP', [width, width], row-major; P of one place is the place, of two places j < k it is k(k-1)/2 + j.
  /// - Returns: nil where there are more products than 31-bit numbers can count.
  init?(_ space: FermionSets, order: Int, matrix: [Double]) {
    let width = binomial(space.places, order)
    let particles = space.particles
    precondition((1...2).contains(order) && order <= particles, "an operator on \(order) of \(particles) fermions")
    precondition(matrix.count == width * width, "the matrix must be \(width) × \(width)")
    self.order = order
    self.width = width
    let choices = binomial(particles, order)
    self.choices = choices
    components = space.count + 1
    // A block's products are padded to a power of two, so that a slot splits into block and place by its bits.
    var shift = 16
    while 1 << shift < 32 * width { shift += 1 }
    self.shift = shift
    let groupsABlock = (1 << shift) / (32 * width)

    let rows = (width + 3) / 4
    packed = [Double](repeating: 0, count: rows * width * 4)
    for p in 0..<width { for q in 0..<width { packed[((p / 4) * width + q) * 4 + p % 4] = matrix[p * width + q] } }

    // Number the rests that occur, in the order of their rank among all (A - m)-subsets.
    let chooser = SubsetChooser(places: space.places, particles: particles, order: order)
    guard chooser.restCount < 1 << 28 else { return nil }
    var restNumber = [Int32](repeating: -1, count: chooser.restCount)
    for k in 1..<(space.count + 1) {
      chooser.forEachChoice(space.members, at: k * particles) { rank, _, _ in restNumber[rank] = 0 }
    }
    var found: Int32 = 0
    for rank in restNumber.indices where restNumber[rank] == 0 {
      restNumber[rank] = found
      found += 1
    }
    let groups = (Int(found) + 31) / 32
    let blocks = (groups + groupsABlock - 1) / groupsABlock
    guard blocks << shift < Int(Int32.max) else { return nil }

    // Fill in both directions: from a rest to its sets, from a set to its rests.
    for block in 0..<blocks {
      let size = min(groupsABlock, groups - block * groupsABlock)
      rests.append(
        RestBlock(
          code: [Int32](repeating: 0, count: size * width * 32), used: [Range<Int>](repeating: 0..<0, count: size),
          product: [Double](repeating: 0, count: size * width * 32)))
    }
    slots = [Int32](repeating: 0, count: (space.count + 1) * choices)
    for k in 1..<(space.count + 1) {
      var choice = k * choices
      chooser.forEachChoice(space.members, at: k * particles) { rank, p, odd in
        let rest = Int(restNumber[rank])
        let block = rest / 32 / groupsABlock
        let group = rest / 32 - block * groupsABlock
        let place = (group * width + p) * 32 + rest % 32
        rests[block].code[place] = Int32(truncatingIfNeeded: odd ? -k : k)
        let used = rests[block].used[group]
        rests[block].used[group] = used.isEmpty ? p..<p + 1 : min(used.lowerBound, p)..<max(used.upperBound, p + 1)
        slots[choice] = Int32(truncatingIfNeeded: (block << shift | place) + 1) * (odd ? -1 : 1)
        choice += 1
      }
    }
    let run = 8192
    for first in stride(from: 0, to: space.count + 1, by: run) {
      sets.append(SetBlock(first: first, values: [Double](repeating: 0, count: min(run, space.count + 1 - first))))
    }
  }

  /// y = O x + diagonal·x, component by component; [count + 1] each, component 0 stays zero.
  mutating func apply(_ x: [Double], _ y: inout [Double], diagonal: [Double], threads: Int) {
    multiply(x, threads: threads)
    let rests = rests
    let slots = slots
    let shift = shift
    let choices = choices
    parallelForEach(&sets, threads: threads) { _, block in
      let mask = 1 << shift - 1
      for local in block.values.indices {
        let k = block.first + local
        var sum = diagonal[k] * x[k]
        for choice in k * choices..<(k + 1) * choices {
          let slot = Int(slots[choice])
          if slot > 0 {
            sum += rests[(slot - 1) >> shift].product[(slot - 1) & mask]
          } else if slot < 0 {
            sum -= rests[(-slot - 1) >> shift].product[(-slot - 1) & mask]
          }
        }
        block.values[local] = sum
      }
    }
    for block in sets { y.replaceSubrange(block.first..<block.first + block.values.count, with: block.values) }
  }

  /// First phase: y_P of every rest.
  private mutating func multiply(_ x: [Double], threads: Int) {
    precondition(x.count == components, "\(x.count) components, where the sets have \(components)")
    let width = width
    let packed = packed
    // Unsafe: the products of a block as bytes, into which whole rows of 32 are stored; see `multiplyGroup`.
    var workspaces = [[Lanes32]](repeating: [Lanes32](repeating: .zero, count: width), count: threads)
    parallelForEach(&rests, workspaces: &workspaces) { _, block, gathered in
      block.product.withUnsafeMutableBytes { products in
        for group in block.used.indices {
          let start = group * width * 32
          gather(x, block.code, start, block.used[group], &gathered)
          multiplyGroup(packed, width, block.used[group], gathered, products, start)
        }
      }
    }
  }

  /// ρ_PP' = Σ_I w_P w_P': the m-body density matrix of x, [width, width].
  ///
  /// Σ_P ρ_PP = C(A, m)·x·x.
  func densityMatrix(_ x: [Double]) -> [Double] {
    precondition(x.count == components, "\(x.count) components, where the sets have \(components)")
    var density = [Double](repeating: 0, count: width * width)
    var gathered = [Lanes32](repeating: .zero, count: width)
    for block in rests {
      for (group, used) in block.used.enumerated() {
        gather(x, block.code, group * width * 32, used, &gathered)
        for p in used {
          for q in used where q <= p { density[p * width + q] += (gathered[p] * gathered[q]).laneSum }
        }
      }
    }
    for p in 0..<width { for q in 0..<p { density[q * width + p] = density[p * width + q] } }
    return density
  }
}

/// w_P = ± x(I ∪ P) for 32 rests.
@inline(__always)
private func gather(_ x: [Double], _ code: [Int32], _ start: Int, _ used: Range<Int>, _ gathered: inout [Lanes32]) {
  // Unsafe: unchecked indices, for speed, and rows of 32 written number by number. A code is a set's number ≤ count,
  // and both callers ask for count + 1 components in x; used ⊂ 0..<width, for which `gathered` has 32 numbers each, and
  // `code` too from `start` on.
  gathered.withUnsafeMutableBytes { bytes in
    let out = bytes.assumingMemoryBound(to: Double.self)
    x.withUnsafeBufferPointer { x in
      code.withUnsafeBufferPointer { code in
        for i in used.lowerBound * 32..<used.upperBound * 32 {
          let number = code[start + i]
          let value = x[Int(number.magnitude)]
          out[i] = number < 0 ? -value : value
        }
      }
    }
  }
}

/// y_P = Σ_P' O_PP' w_P' over the places in use, four rows at a time.
@inline(__always)
private func multiplyGroup(
  _ packed: [Double], _ width: Int, _ used: Range<Int>, _ gathered: [Lanes32], _ out: UnsafeMutableRawBufferPointer,
  _ start: Int
) {
  // Unsafe: sums in registers at the speed of multiply-adds. q < width and 4 · row + 3 < the padded width keep `entry`
  // within `packed`; rows of the product are stored for places below width only, in a group of 32 · width from `start`
  // on.
  packed.withUnsafeBufferPointer { packed in
    gathered.withUnsafeBufferPointer { w in
      for row in used.lowerBound / 4..<(used.upperBound + 3) / 4 {
        var y0 = Lanes32.zero
        var y1 = Lanes32.zero
        var y2 = Lanes32.zero
        var y3 = Lanes32.zero
        var entry = (row &* width &+ used.lowerBound) &* 4
        for q in used {
          let x = w[q]
          y0.addProduct(packed[entry], x)
          y1.addProduct(packed[entry &+ 1], x)
          y2.addProduct(packed[entry &+ 2], x)
          y3.addProduct(packed[entry &+ 3], x)
          entry &+= 4
        }
        let p = row * 4
        let place = (start + p * 32) * 8
        out.storeBytes(of: y0, toByteOffset: place, as: Lanes32.self)
        if p + 1 < width { out.storeBytes(of: y1, toByteOffset: place + 256, as: Lanes32.self) }
        if p + 2 < width { out.storeBytes(of: y2, toByteOffset: place + 512, as: Lanes32.self) }
        if p + 3 < width { out.storeBytes(of: y3, toByteOffset: place + 768, as: Lanes32.self) }
      }
    }
  }
}

/// All ways of taking m = 1 or 2 members out of a sorted set, with the rank of what is left.
///
/// The rank is the combinatorial number system: Σ_k C(c_k, k) over the sorted rest, k from 1.
struct SubsetChooser: Sendable {
  let particles: Int
  let order: Int
  let restCount: Int
  /// C(n, k), [places + 1, particles + 1].
  private let table: [Int]

  init(places: Int, particles: Int, order: Int) {
    self.particles = particles
    self.order = order
    restCount = binomial(places, particles - order)
    table = (0...places).flatMap { n in (0...particles).map { binomial(n, $0) } }
  }

  /// Calls body(rank of the rest, number of P, whether moving P to the front is an odd permutation).
  @inline(__always)
  func forEachChoice(_ members: [UInt16], at start: Int, _ body: (Int, Int, Bool) -> Void) {
    for second in 0..<particles {
      let q = Int(members[start + second])
      if order == 1 {
        body(rank(members, start, without: second, second), q, second % 2 == 1)
      } else {
        for first in 0..<second {
          let p = Int(members[start + first])
          body(
            rank(members, start, without: first, second), q * (q - 1) / 2 + p, (first + second) % 2 == 0)
        }
      }
    }
  }

  @inline(__always)
  private func rank(_ members: [UInt16], _ start: Int, without first: Int, _ second: Int) -> Int {
    var rank = 0
    var position = 0
    for k in 0..<particles where k != first && k != second {
      position += 1
      rank += table[Int(members[start + k]) * (particles + 1) + position]
    }
    return rank
  }
}
