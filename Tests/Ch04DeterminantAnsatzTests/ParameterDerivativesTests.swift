import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport
import Testing

// Tolerance: both routes lose digits in proportion to the condition of a walker's determinants, some 1e3 here and 1e5
// at the worst walker; 1e-8 of the largest number of a walker leaves room for it.
@Suite("4.7 O, M and K") struct Maps {
  @Test(
    "O, M and K are those of the scalar modes",
    arguments: [(1, 2, 1, 1, 3), (2, 3, 1, 1, 5), (2, 4, 2, 3, 3), (3, 9, 3, 2, 40), (4, 5, 2, 1, 3)])
  func scalarModes(particles: Int, hidden: Int, layers: Int, determinants: Int, count: Int) throws {
    let ansatz = try DeterminantAnsatz.random(
      particles: particles, hidden: hidden, layers: layers, determinants: determinants, seed: 3)
    let walkers = Walkers.random(count, particles: particles, seed: 4)
    let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian, threads: 2)
    var random = SplitMix64(seed: 5)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let ov = derivatives.logDerivatives(along: v)
    let mv = derivatives.mixedDerivatives(along: v)
    let kv = derivatives.energyDerivatives(along: v)
    for walker in 0..<count {
      let expected = ScalarDerivatives(
        ansatz, at: Array(walkers.positions[(walker * particles)..<((walker + 1) * particles)]))
      // A row of each map: the transposes at a unit vector. One coordinate a walker, another one each time.
      var one = [Double](repeating: 0, count: count)
      one[walker] = 1
      #expect(derivatives.logDerivatives(weighted: one) ≈ expected.logDerivatives.within(relative: 1e-8))
      #expect(derivatives.energyDerivatives(weighted: one) ≈ expected.energy.within(relative: 1e-8))
      let i = walker % particles
      var coordinate = [Double](repeating: 0, count: count * particles)
      coordinate[walker * particles + i] = 1
      #expect(derivatives.mixedDerivatives(weighted: coordinate) ≈ expected.mixed[i].within(relative: 1e-8))
      // The maps themselves along v, where terms of both signs may cancel.
      func scale(_ row: [Double]) -> Double { 1e-8 * row.reduce(0) { $0 + abs($1) } }
      #expect(ov[walker] ≈ dot(expected.logDerivatives, v) ± scale(expected.logDerivatives))
      #expect(kv[walker] ≈ dot(expected.energy, v) ± scale(expected.energy))
      for j in 0..<particles {
        #expect(mv[walker * particles + j] ≈ dot(expected.mixed[j], v) ± scale(expected.mixed[j]))
      }
    }
  }

  @Test(
    "u · (M v) = v · (Mᵀ u), and so for O and K, whatever the number of walkers",
    arguments: [1, 31, 32, 33, 129], [1, 2])
  func transposes(count: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 3, determinants: determinants)
    let derivatives = ParameterDerivatives(of: ansatz, at: .random(count, particles: 3), order: .laplacian)
    var random = SplitMix64(seed: 6)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let (u, w) = (random.uniform(-1...1, count: count), random.uniform(-1...1, count: 3 * count))
    // The same sum in two orders: rounding of its terms, which derivatives near a node make large.
    func expectSame(_ ahead: [Double], _ u: [Double], _ back: [Double]) {
      let size =
        zip(ahead, u).reduce(1e-300) { $0 + abs($1.0 * $1.1) } + zip(v, back).reduce(0) { $0 + abs($1.0 * $1.1) }
      #expect(dot(u, ahead) ≈ dot(v, back) ± (1e-10 * size))
    }
    expectSame(derivatives.logDerivatives(along: v), u, derivatives.logDerivatives(weighted: u))
    expectSame(derivatives.mixedDerivatives(along: v), w, derivatives.mixedDerivatives(weighted: w))
    expectSame(derivatives.energyDerivatives(along: v), u, derivatives.energyDerivatives(weighted: u))
  }

  @Test("Mᵀ M v in one pass is Mᵀ (M v) in two", arguments: [1, 33, 130])
  func gram(count: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, determinants: 2)
    let derivatives = ParameterDerivatives(of: ansatz, at: .random(count, particles: 2), order: .gradient)
    var random = SplitMix64(seed: 7)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let product = derivatives.mixedGram(v)
    let twice = derivatives.mixedDerivatives(weighted: derivatives.mixedDerivatives(along: v))
    #expect(product ≈ twice.within(relative: 1e-12))
    #expect(dot(v, product) > 0)
  }

  // Seven digits of each term, of which a walker's determinant loses two where it nearly vanishes.
  @Test(
    "Mᵀ M v in single precision has five digits, by block too, and is still positive", arguments: [1, 33, 130], [1, 2])
  func singlePrecision(count: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, determinants: determinants)
    let walkers = Walkers.random(count, particles: 2)
    let others = ParameterDerivatives(of: ansatz, at: .random(count, particles: 2, seed: 3), order: .gradient)
    var random = SplitMix64(seed: 7)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    // Other walkers first: what they left rounded must not be taken for these.
    _ = others.mixedGram(v, precision: .single)
    let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .gradient, reusing: consume others)
    for group in [nil, 0, ansatz.shape.groups.count - 1] {
      let product = derivatives.mixedGram(v, group: group, precision: .single)
      let expected = derivatives.mixedGram(v, group: group)
      #expect(norm(zip(product, expected).map { $0 - $1 }) < 1e-5 * norm(expected))
      #expect(dot(v, product) > 0)
    }
  }

  @Test("a lower order holds the same numbers as a higher one, as far as it goes", arguments: [1, 2])
  func orders(determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 3, determinants: determinants)
    let walkers = Walkers.random(40, particles: 3)
    var random = SplitMix64(seed: 8)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let all = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian)
    let some = ParameterDerivatives(of: ansatz, at: walkers, order: .gradient)
    let least = ParameterDerivatives(of: ansatz, at: walkers, order: .value)
    let o = all.logDerivatives(along: v)
    #expect(some.logDerivatives(along: v) ≈ o.within(relative: 1e-12))
    #expect(least.logDerivatives(along: v) ≈ o.within(relative: 1e-12))
    #expect(some.mixedDerivatives(along: v) ≈ all.mixedDerivatives(along: v).within(relative: 1e-12))
    #expect(least.evaluation.logPsi ≈ all.evaluation.logPsi ± 1e-12)
    #expect(least.evaluation.gradient.isEmpty && some.evaluation.laplacian.isEmpty)
    #expect(least.bytes < some.bytes && some.bytes < all.bytes)
  }

  @Test("1, 2 and 3 threads give the same bits", arguments: [1, 2])
  func threads(determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 3, determinants: determinants)
    let walkers = Walkers.random(700, particles: 3)
    var random = SplitMix64(seed: 9)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let u = random.uniform(-1...1, count: 700)
    let w = random.uniform(-1...1, count: 2100)
    func everything(_ threads: Int) -> [[Double]] {
      let values = ansatz.evaluate(walkers, threads: threads)
      let d = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian, threads: threads)
      return [
        values.sign, values.logPsi, values.gradient, values.laplacian, d.evaluation.logPsi, d.logDerivatives(along: v),
        d.mixedDerivatives(along: v), d.energyDerivatives(along: v), d.logDerivatives(weighted: u),
        d.mixedDerivatives(weighted: w), d.energyDerivatives(weighted: u), d.mixedGram(v),
        d.mixedGram(v, precision: .single),
      ]
    }
    let one = everything(1)
    #expect(everything(2) == one)
    #expect(everything(3) == one)
  }

  @Test("values that come with the maps are those of a pass for values", arguments: [1, 3])
  func values(determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 3, determinants: determinants)
    let walkers = Walkers.random(33, particles: 3)
    let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian)
    let values = ansatz.evaluate(walkers)
    #expect(derivatives.evaluation.sign == values.sign)
    #expect(derivatives.evaluation.logPsi == values.logPsi)
    #expect(derivatives.evaluation.gradient == values.gradient)
    #expect(derivatives.evaluation.laplacian == values.laplacian)
  }

  @Test(
    "in the memory of others, of more walkers or fewer, the numbers are the same to the last bit", arguments: [1, 2])
  func memory(determinants: Int) throws {
    var memory = ParameterDerivatives(
      of: try DeterminantAnsatz.random(particles: 2, determinants: determinants, seed: 1),
      at: .random(300, particles: 2), order: .laplacian, threads: 2)
    var random = SplitMix64(seed: 10)
    for (seed, count) in [(2, 300), (3, 290), (4, 1), (5, 257), (6, 400), (7, 33)] {
      let ansatz = try DeterminantAnsatz.random(particles: 2, determinants: determinants, seed: UInt64(seed))
      let walkers = Walkers.random(count, particles: 2, seed: UInt64(seed))
      let v = random.uniform(-1...1, count: ansatz.parameters.count)
      let u = random.uniform(-1...1, count: count)
      memory = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian, threads: 2, reusing: memory)
      let fresh = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian)
      #expect(memory.walkers == count && memory.evaluation.logPsi == fresh.evaluation.logPsi)
      #expect(memory.energyDerivatives(along: v) == fresh.energyDerivatives(along: v))
      #expect(memory.energyDerivatives(weighted: u) == fresh.energyDerivatives(weighted: u))
      #expect(memory.mixedGram(v) == fresh.mixedGram(v))
    }
  }

  @Test("a record that somebody keeps stays what it is, whatever is made in its memory or asked of its copy")
  func kept() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2)
    let (here, there) = (Walkers.random(40, particles: 2, seed: 1), Walkers.random(40, particles: 2, seed: 2))
    var random = SplitMix64(seed: 11)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let kept = ParameterDerivatives(of: ansatz, at: here, order: .gradient)
    let before = (kept.mixedGram(v), kept.mixedGram(v, precision: .single))
    let next = ParameterDerivatives(of: ansatz, at: there, order: .gradient, reusing: kept)
    #expect(next.mixedGram(v, precision: .single) != before.1)
    #expect(kept.mixedGram(v) == before.0)
    #expect(kept.mixedGram(v, precision: .single) == before.1)
  }

  @Test("products with one record may run side by side, and give the same bits")
  func sideBySide() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2)
    let derivatives = ParameterDerivatives(of: ansatz, at: .random(300, particles: 2), order: .gradient)
    var random = SplitMix64(seed: 12)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    let alone = derivatives.mixedGram(v, precision: .single)
    var results = [[Double]](repeating: [], count: 16)
    parallelForEach(&results, threads: 4) { _, result in result = derivatives.mixedGram(v, precision: .single) }
    #expect(results.allSatisfy { $0 == alone })
  }
}
