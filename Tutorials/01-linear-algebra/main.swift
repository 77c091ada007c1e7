import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra

// MARK: Eight at once

func lanes() {
  print("== lanes ==")
  // region: lanes
  let x = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
  let parabola = multiplyAdd(x, x, 1)
  print("x² + 1    ", columns(parabola.array, 3))
  let bell = Lanes.exp(-0.5 * x * x)
  print("exp(-x²/2)", columns(bell.array, 3))
  let capped = parabola.replacing(with: 10, where: parabola .> 10)
  print("at most 10", columns(capped.array, 3))
  // end
}

// region: chains
/// One sum of eight lanes: each step waits for the one before.
@inline(never)
func oneChain(_ steps: Int) -> Double {
  var sum = Lanes(repeating: 0)
  let (x, y) = (Lanes(repeating: 0.999), Lanes(repeating: 1e-3))
  for _ in 0..<steps { sum = multiplyAdd(x, y, sum) }
  return sum.laneSum
}

/// Eight of them, which do not wait for each other.
@inline(never)
func eightChains(_ steps: Int) -> Double {
  var (a, b) = (Lanes32.zero, Lanes32.zero)
  let (x, y) = (Lanes32(repeating: 0.999), Lanes32(repeating: 1e-3))
  for _ in 0..<steps / 8 {
    a.addProduct(x, y)
    b.addProduct(x, y)
  }
  return (a + b).laneSum
}
// end

func speeds() {
  print("== chains ==")
  // region: chains-run
  let steps = 1_600_000
  let one = shortestTime { oneChain(steps) }.milliseconds
  let eight = shortestTime { eightChains(steps) }.milliseconds
  print("\(steps) multiply-adds of eight lanes")
  print("one after the other: \(fixed(one, 2)) ms, eight in flight: \(fixed(eight, 2)) ms")
  print("≈ \(fixed(one / eight, 1)) times as fast, more than 1.5: \(yesOrNo(one > 1.5 * eight))")
  // end

  print("== product ==")
  // region: product
  let n = 256
  let a = Matrix(rows: n, columns: n) { i, j in Double.sin(Double(i * j)) }
  let b = Matrix(rows: n, columns: n) { i, j in Double.cos(Double(i + 2 * j)) }
  let plain = shortestTime(repeats: 2) { referenceProduct(a, b) }
  let tiled = shortestTime(repeats: 20) { a * b }
  print("by definition: \(fixed(plain.milliseconds, 2)) ms, in tiles: \(fixed(tiled.milliseconds, 2)) ms")
  let ratio = plain.milliseconds / tiled.milliseconds
  print("≈ \(fixed(ratio, 0)) times as fast, more than 5: \(yesOrNo(ratio > 5))")
  let apart = (plain.result - tiled.result).largestMagnitude
  print("results apart by ≈ \(scientific(apart, 0)), below 1e-12: \(yesOrNo(apart < 1e-12))")
  let others = zip(product(a, b, threads: 2).elements, tiled.result.elements).count { $0 != $1 }
  print("other bits on two threads: in \(others) of \(n * n) elements")
  // end

  print("== peak ==")
  // region: peak
  let multiplyAdds = n * n * n / 8
  let atBest = eight * Double(multiplyAdds) / Double(steps)
  print("\(multiplyAdds) multiply-adds of eight lanes, at the pace of the chains: \(fixed(atBest, 2)) ms")
  let times = tiled.milliseconds / atBest
  print("the product takes ≈ \(fixed(times, 1)) times that, less than 3: \(yesOrNo(times < 3))")
  // end
}

// MARK: One question each

func factorisations() {
  print("== lu ==")
  // region: lu
  for x in [[0.5, 1.0, 3.0], [1.0, 0.5, 3.0], [0.5, 0.5, 3.0]] {
    let lu = LU(Matrix(rows: 3, columns: 3) { i, j in Double.pow(x[i], Double(j)) })
    let differences = (x[1] - x[0]) * (x[2] - x[0]) * (x[2] - x[1])
    print("x = \(x): determinant \(fixed(lu.determinant, 4)), product of differences \(fixed(differences, 4))")
  }
  // end

  print("== solve ==")
  // region: solve
  let points: Matrix = [[1, 0.5, 0.25], [1, 1, 1], [1, 3, 9]]
  if let c = LU(points).solve([1, 2, 0]) {
    print("the parabola through (0.5, 1), (1, 2), (3, 0):", columns(c, 3))
  }
  // end

  print("== cholesky ==")
  // region: cholesky
  for a: Matrix in [[[2, 1], [1, 2]], [[1, 2], [2, 1]]] {
    print("\(a) is positive definite: \(yesOrNo(Cholesky(a) != nil))")
  }
  // end

  print("== qr ==")
  // region: qr
  let times = (0..<9).map { Double($0) / 4 }
  let heights = times.enumerated().map { i, t in 2 + 3 * t - 0.5 * t * t + (i % 2 == 0 ? 0.01 : -0.01) }
  let powers = Matrix(rows: 9, columns: 3) { i, j in Double.pow(times[i], Double(j)) }
  if let c = QR(powers).leastSquares(heights) {
    print("the parabola closest to nine points:", columns(c, 3))
  }
  // end

  print("== svd ==")
  // region: svd
  let blurred = Matrix(rows: 6, columns: 6) { i, j in Double.exp(-0.02 * Double((i - j) * (i - j))) }
  let svd = SVD(blurred)
  print("singular values:", svd.values.map { scientific($0, 0) }.joined(separator: " "))
  print("directions that matter to 1e-3: \(svd.rank(relativeTolerance: 1e-3)) of 6")
  // end
}

// MARK: Levels

// region: box
/// -½ d²/dx² on n points between walls a distance `width` apart, and a potential.
func hamiltonian(points n: Int, width: Double, potential: (Double) -> Double = { _ in 0 }) -> Matrix {
  let h = width / Double(n + 1)
  return Matrix(rows: n, columns: n) { i, j in
    switch abs(i - j) {
    case 0: 1 / (h * h) + potential(Double(i + 1) * h - width / 2)
    case 1: -0.5 / (h * h)
    default: 0
    }
  }
}
// end

func levels() {
  print("== box ==")
  // region: box-run
  let box = SymmetricEigen(hamiltonian(points: 99, width: 1))
  for k in 1...4 {
    let state = box.vectors.column(k - 1)
    let nodes = zip(state, state.dropFirst()).count { $0 * $1 < 0 }
    let exact = 0.5 * Double.pow(.pi * Double(k), 2)
    let error = 1 - box.values[k - 1] / exact
    print(
      "level \(k): \(rightAligned(fixed(box.values[k - 1], 4), 8)), nodes \(nodes), too low by \(scientific(error, 0))")
  }
  // end

  print("== trap ==")
  // region: trap
  let trap = SymmetricEigen(hamiltonian(points: 199, width: 16) { 0.5 * $0 * $0 }, vectors: false)
  print("levels in the trap:", columns(trap.values.prefix(5), 4))
  // end
}

// MARK: Too large to store

// region: apply
/// y ← H x for three particles in the trap: `one` acts on each of three indices in turn.
func applyThree(_ one: Matrix, _ x: [Double], _ y: inout [Double]) {
  let n = one.rows
  for p in 0..<n {
    for q in 0..<n {
      for r in 0..<n {
        let at = (p * n + q) * n + r
        var sum = (one[p, p] + one[q, q] + one[r, r]) * x[at]
        for (i, stride) in [(p, n * n), (q, n), (r, 1)] {
          if i > 0 { sum += one[i, i - 1] * x[at - stride] }
          if i < n - 1 { sum += one[i, i + 1] * x[at + stride] }
        }
        y[at] = sum
      }
    }
  }
}
// end

func lowestLevel() {
  print("== lanczos ==")
  // region: lanczos
  let one = hamiltonian(points: 39, width: 10) { 0.5 * $0 * $0 }
  let start = [Double](repeating: 1, count: 39 * 39 * 39)
  let three = lanczosLowestLevel(start: start, tolerance: 1e-9, wantsVector: false) { x, y in
    applyThree(one, x, &y)
  }
  let expected = 3 * SymmetricEigen(one).values[0]
  print("\(start.count) unknowns: lowest level \(fixed(three.value, 6))")
  print("error by its own estimate ≈ \(scientific(three.error, 0)), below 1e-9: \(yesOrNo(three.error < 1e-9))")
  print("≈ \(three.iterations) products, fewer than 300: \(yesOrNo(three.iterations < 300))")
  let error = abs(three.value - expected)
  print("off from three times one particle's by ≈ \(scientific(error, 0)), below 1e-8: \(yesOrNo(error < 1e-8))")
  // end

  print("== growth ==")
  // region: growth
  var unknowns = 1
  for particles in 1...6 {
    unknowns *= 39
    print("\(particles) particles: \(unknowns) unknowns")
  }
  print("one vector for six takes \(8 * unknowns / 1_000_000_000) GB")
  // end
}

func page() {
  lanes()
  speeds()
  factorisations()
  levels()
  lowestLevel()
}

page()
