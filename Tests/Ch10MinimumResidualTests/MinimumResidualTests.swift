import Ch00Lanes
import Ch01LinearAlgebra
import Ch10MinimumResidual
import TestSupport
import Testing

/// Q diag(values) Qᵀ with a random orthogonal Q.
private func symmetric(_ values: [Double], seed: UInt64) -> Matrix {
  var random = SplitMix64(seed: seed)
  let n = values.count
  let start = Matrix(rows: n, columns: n, elements: random.uniform(-1...1, count: n * n))
  let basis = SymmetricEigen(start + start.transposed()).vectors
  return basis * Matrix(diagonal: values) * basis.transposed()
}

private func residual(_ a: Matrix, _ x: [Double], _ b: [Double], shift: Double = 0) -> [Double] {
  var r = b
  add(-1, a * x, to: &r)
  add(-shift, x, to: &r)
  return r
}

private func random(_ count: Int, seed: UInt64) -> [Double] {
  var random = SplitMix64(seed: seed)
  return random.uniform(-1...1, count: count)
}

private let precise = MinimumResidual(tolerance: 1e-12, iterationLimit: 500)

@Suite("10.1 MINRES") struct Minres {
  static let spectra: [(String, [Double])] = [
    ("definite", (1...20).map { Double($0) }), ("indefinite", (1...20).map { Double($0) - 10.5 }),
    ("negative", (1...20).map { -Double($0) }), ("small", (1...20).map { 1e-6 * (Double($0) - 7.3) }),
    ("with equal levels", (0..<20).map { Double($0 % 4) - 1.5 }),
  ]

  // A residual of 1e-12, times the condition: 20 at most, 70 for the small one.
  @Test("it solves what elimination solves", arguments: spectra)
  func dense(name: String, values: [Double]) throws {
    let (a, b) = (symmetric(values, seed: 1), random(20, seed: 2))
    let solution = precise.solve({ a * $0 }, rightHandSide: b)
    #expect(solution.stop == .converged)
    #expect(solution.x ≈ (LU(a).solve(b) ?? []).within(relative: 1e-9))
    #expect(norm(residual(a, solution.x, b)) <= 2e-12 * norm(b))
    #expect(solution.residuals.count == solution.iterations + 1)
  }

  @Test("it takes as many iterations as there are different eigenvalues, at most")
  func levels() {
    let a = symmetric((0..<20).map { Double($0 % 4) - 1.5 }, seed: 1)
    #expect(precise.solve({ a * $0 }, rightHandSide: random(20, seed: 2)).iterations <= 4)
  }

  @Test("residuals never rise, and the last one by recurrence is the true one", arguments: spectra)
  func monotone(name: String, values: [Double]) {
    let (a, b) = (symmetric(values, seed: 3), random(20, seed: 4))
    for limit in [0, 1, 5, 12] {
      let solver = MinimumResidual(tolerance: 0, iterationLimit: limit)
      for guess in [nil, random(20, seed: 5)] {
        let solution = solver.solve({ a * $0 }, rightHandSide: b, shift: 0.01, guess: guess)
        #expect(zip(solution.residuals, solution.residuals.dropFirst()).allSatisfy { $0 >= $1 })
        let exact = norm(residual(a, solution.x, b, shift: 0.01))
        // Rounding, of A x where the guess is large against b.
        #expect(solution.relativeResidual * norm(b) ≈ exact ± (1e-12 * (norm(b) + a.frobeniusNorm)))
        if limit > 0 {
          #expect(solution.residuals[solution.iterations] ≈ exact ± (1e-12 * (norm(b) + a.frobeniusNorm)))
        }
      }
    }
  }

  @Test("each iterate has the smallest residual in its Krylov space", arguments: 1...6)
  func optimal(iterations: Int) {
    let (a, b) = (symmetric((1...12).map { Double($0) - 4.2 }, seed: 6), random(12, seed: 7))
    // The Krylov space by its definition, made orthogonal; then least squares.
    var columns: [[Double]] = []
    var v = b
    for _ in 0..<iterations {
      for column in columns { add(-dot(column, v), column, to: &v) }
      for column in columns { add(-dot(column, v), column, to: &v) }
      scale(&v, by: 1 / norm(v))
      columns.append(v)
      v = a * v
    }
    let images = Matrix(columns.map { a * $0 }).transposed()
    let y = LU(columnGram(images)).solve(product(transposed: images, b)) ?? []
    var least = b
    add(-1, images * y, to: &least)
    let solution = MinimumResidual(tolerance: 0, iterationLimit: iterations).solve({ a * $0 }, rightHandSide: b)
    #expect(solution.residuals[iterations] ≈ norm(least).within(relative: 1e-8))
  }

  @Test("a shift is the shift of the matrix")
  func shift() {
    let (a, b) = (symmetric((1...15).map { Double($0) - 8.5 }, seed: 8), random(15, seed: 9))
    let shifted = precise.solve({ a * $0 }, rightHandSide: b, shift: 3.25)
    let matrix = a + 3.25 * Matrix.identity(15)
    #expect(shifted.x ≈ precise.solve({ matrix * $0 }, rightHandSide: b).x.within(relative: 1e-9))
  }

  @Test("a good guess saves iterations, the solution itself all of them, and one of the wrong sign costs some")
  func guess() {
    // Eigenvalues from 1 to 1000: iterations count.
    let eigenvalues = (0..<60).map { k -> Double in 1 + Double(k * k) / 3.5 }
    let (a, b) = (symmetric(eigenvalues, seed: 10), random(60, seed: 11))
    let solver = MinimumResidual(tolerance: 1e-6, iterationLimit: 500)
    let exact = LU(a).solve(b) ?? []
    func iterations(_ factor: Double?) -> Int {
      solver.solve({ a * $0 }, rightHandSide: b, guess: factor.map { f in exact.map { f * $0 } }).iterations
    }
    #expect(iterations(1) == 0)
    #expect(iterations(0.999) < iterations(nil))
    #expect(iterations(nil) <= iterations(-0.999))
    #expect(iterations(0.999) < iterations(-0.999))
    // From zero it is the same as without a guess.
    let (zero, none) = (
      solver.solve({ a * $0 }, rightHandSide: b, guess: b.map { _ in 0 }), solver.solve({ a * $0 }, rightHandSide: b)
    )
    #expect(zero.x == none.x)
  }

  @Test("a preconditioner changes the way, not the end; on a badly scaled diagonal it saves most of the way")
  func preconditioner() {
    let n = 40
    // 1e-3 … 1e3 on the diagonal, and weak coupling.
    let scales = (0..<n).map { i in pow10(6 * Double(i) / Double(n - 1) - 3) }
    let coupling = symmetric((0..<n).map { Double($0) / Double(n) - 0.5 }, seed: 12)
    let a = Matrix(rows: n, columns: n) {
      (scales[$0] * scales[$1]).squareRoot() * (($0 == $1 ? 1 : 0) + 0.3 * coupling[$0, $1])
    }
    let b = random(n, seed: 13)
    let solver = MinimumResidual(tolerance: 1e-10, iterationLimit: 5000)
    let plain = solver.solve({ a * $0 }, rightHandSide: b)
    let helped = solver.solve({ a * $0 }, rightHandSide: b, preconditioner: { zip($0, scales).map { $0 / $1 } })
    #expect(helped.stop == .converged)
    #expect(helped.iterations * 4 < plain.iterations)
    // 1e-10 times the condition, 1e6, of the largest.
    #expect(helped.x ≈ (LU(a).solve(b) ?? []).within(relative: 1e-4))
    #expect(norm(residual(a, helped.x, b)) <= 1e-9 * norm(b))
    #expect(zip(helped.residuals, helped.residuals.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(helped.relativeResidual * norm(b) ≈ norm(residual(a, helped.x, b)) ± (1e-10 * norm(b)))
    // Its norm is that of P⁻¹.
    let start = zip(b, scales).reduce(0) { $0 + $1.0 * $1.0 / $1.1 }.squareRoot()
    #expect(helped.residuals[0] ≈ start.within(relative: 1e-12))
  }

  private func pow10(_ exponent: Double) -> Double { Double.exp(exponent * Double.log(10)) }
}

@Suite("10.2 MINRES where it is hard") struct HardCases {
  @Test("of a singular system that has solutions, it finds the shortest")
  func consistent() {
    let values = [0, 0, 0] + (1...12).map { Double($0) - 5.5 }
    let a = symmetric(values, seed: 14)
    let b = a * random(15, seed: 15)
    let solution = precise.solve({ a * $0 }, rightHandSide: b)
    #expect(solution.stop == .converged)
    #expect(norm(residual(a, solution.x, b)) <= 1e-11 * norm(b))
    let eigen = SymmetricEigen(a)
    let inverse = eigen.apply { abs($0) < 1e-9 ? 0 : 1 / $0 }
    #expect(solution.x ≈ (inverse * b).within(relative: 1e-9))
  }

  @Test(
    "of one that has none, the residual is the part that the matrix cannot reach", arguments: [16, 17, 18] as [UInt64])
  func inconsistent(seed: UInt64) {
    let a = symmetric([0, 0] + (1...10).map { Double($0) - 4.5 }, seed: seed)
    let b = random(12, seed: seed + 100)
    let eigen = SymmetricEigen(a)
    let reachable = eigen.apply { abs($0) < 1e-9 ? 0 : 1 } * b
    let least = norm(zip(b, reachable).map { $0 - $1 })
    // After as many iterations as there are eigenvalues other than zero.
    let solution = MinimumResidual(tolerance: 1e-10, iterationLimit: 10).solve({ a * $0 }, rightHandSide: b)
    #expect(norm(residual(a, solution.x, b)) ≈ least.within(relative: 1e-12))
    // Diagonal matrices have no rounding that could tell zero from something small: it knows that there is no more.
    let diagonal = precise.solve({ zip([1, 2, 3, 0], $0).map { $0 * $1 } }, rightHandSide: [1, 1, 1, 1])
    #expect(diagonal.stop == .exhausted && diagonal.iterations == 3)
    #expect(diagonal.relativeResidual ≈ 0.5 ± 1e-12)
    #expect(Array(diagonal.x[..<3]) ≈ [1, 0.5, 1.0 / 3] ± 1e-12)
  }

  @Test("one equation with one unknown is solved at any size of its numbers", arguments: [2.0, -0.5, 1e-100, 1e100])
  func one(value: Double) {
    let solution = precise.solve({ [value * $0[0]] }, rightHandSide: [3])
    #expect(solution.x[0] ≈ (3 / value).within(relative: 1e-15))
    #expect(solution.stop == .converged && solution.iterations == 1)
  }

  @Test("one equation without a solution: 0 x = 1")
  func impossible() {
    let solution = precise.solve({ _ in [0] }, rightHandSide: [1])
    #expect(solution.x == [0] && solution.stop == .exhausted && solution.relativeResidual == 1)
  }

  @Test("nothing on the right: nothing to solve, from a guess too")
  func zero() {
    let a = symmetric([1, 2, 3], seed: 19)
    let solution = precise.solve({ a * $0 }, rightHandSide: [0, 0, 0])
    #expect(solution.x == [0, 0, 0] && solution.iterations == 0 && solution.stop == .converged)
    let guessed = precise.solve({ a * $0 }, rightHandSide: [0, 0, 0], guess: [1, -1, 2])
    #expect(guessed.x == [0, 0, 0] && guessed.iterations == 0 && guessed.stop == .converged)
  }

  @Test("a product that is no number ends it, and leaves x as it was")
  func notNumbers() {
    let b = random(4, seed: 20)
    let at = precise.solve({ $0.map { _ in .nan } }, rightHandSide: b)
    #expect(at.iterations == 0 && at.stop == .notFinite && at.x == [0, 0, 0, 0])
    // Later, too.
    let a = symmetric([1, 2, 3, 4], seed: 21)
    var calls = 0
    let later = precise.solve(
      { v in
        calls += 1
        return calls == 3 ? v.map { _ in .nan } : a * v
      }, rightHandSide: b)
    #expect(calls == 3 && later.stop == .notFinite && later.iterations == 2 && later.x.allSatisfy { $0.isFinite })
    #expect(precise.solve({ $0.map { _ in .infinity } }, rightHandSide: b).iterations == 0)
    // Nor is a right-hand side of NaN and zeros a zero.
    for b in [[.nan, .nan, .nan, .nan], [0, .nan, 0, 0], [1, .nan, 2, 3]] as [[Double]] {
      #expect(precise.solve({ a * $0 }, rightHandSide: b).stop == .notFinite)
    }
  }

  @Test("a right-hand side that is an eigenvector takes one iteration")
  func eigenvector() {
    let a = symmetric([-3, 1, 2, 7], seed: 22)
    let vector = SymmetricEigen(a).vectors.column(0)
    let solution = precise.solve({ a * $0 }, rightHandSide: vector)
    #expect(solution.iterations == 1)
    #expect(solution.x ≈ vector.map { -$0 / 3 } ± 1e-13)
  }

  // Before, the recurrence was believed: of 400 such equations all said that they had converged, with true residuals of up
  // to 1e-5.
  @Test("what it says of its end is true of b - A x, also behind a guess that is far too large", arguments: 0..<40)
  func checked(seed: Int) {
    let a = symmetric((1...20).map { Double($0) - 8.3 }, seed: UInt64(1000 + seed))
    let b = random(20, seed: UInt64(2000 + seed))
    for size in [1e3, 1e6, 1e9, 1e12] {
      let guess = random(20, seed: UInt64(3000 + seed)).map { size * $0 }
      let solution = MinimumResidual(tolerance: 1e-8, iterationLimit: 200).solve(
        { a * $0 }, rightHandSide: b, guess: guess)
      let found = norm(residual(a, solution.x, b)) / norm(b)
      #expect(solution.stop == .converged && found <= 1e-8, "\(size): \(solution.stop), \(found)")
      #expect(solution.relativeResidual ≈ found ± 1e-14)
    }
  }

  @Test("a level that is small, not zero, is solved for: diag(1, 1e-11) x = (1, 1)")
  func smallLevel() {
    func product(_ v: [Double]) -> [Double] { [v[0], 1e-11 * v[1]] }
    let solution = MinimumResidual(tolerance: 1e-4).solve(product, rightHandSide: [1, 1])
    #expect(solution.stop == .converged)
    // A relative residual of 1e-4.
    #expect(solution.x[0] ≈ 1 ± 2e-4)
    #expect(solution.x[1] ≈ 1e11 ± 2e7)
    // To eight digits rounding lets it come, times the condition number 1e11 or not: whatever it says holds.
    let strict = precise.solve(product, rightHandSide: [1, 1])
    let found = norm([1 - strict.x[0], 1 - 1e-11 * strict.x[1]]) / 2.0.squareRoot()
    #expect((strict.stop == .converged) == (found <= 1e-12) && strict.stop != .exhausted)
  }

  @Test(
    "dense singular equations without a solution never end as converged, but at a least-squares solution",
    arguments: 0..<30)
  func denseSingular(seed: Int) {
    let a = symmetric([0, 0] + (1...10).map { Double($0) - 4.5 }, seed: UInt64(4000 + seed))
    let b = random(12, seed: UInt64(5000 + seed))
    let solution = MinimumResidual(tolerance: 1e-10, iterationLimit: 300).solve({ a * $0 }, rightHandSide: b)
    let r = residual(a, solution.x, b)
    #expect(solution.stop != .converged)
    if solution.stop == .exhausted { #expect(norm(a * r) <= 1e-12 * a.frobeniusNorm * norm(r)) }
    // Whatever it stops at, x is no worse than the best by more than rounding.
    let reachable = SymmetricEigen(a).apply { abs($0) < 1e-9 ? 0 : 1 } * b
    #expect(norm(r) <= norm(zip(b, reachable).map { $0 - $1 }) * (1 + 1e-6))
  }

  @Test("numbers whose squares are beyond all numbers do no harm", arguments: [1e-170, 1e170, 1e-300, 1e300])
  func extremes(size: Double) {
    let a = symmetric((1...8).map { Double($0) - 3.3 }, seed: 23)
    let b = random(8, seed: 24)
    let scaled = precise.solve({ a * $0 }, rightHandSide: b.map { size * $0 })
    let plain = precise.solve({ a * $0 }, rightHandSide: b)
    #expect(scaled.stop == .converged)
    #expect(scaled.x.map { $0 / size } ≈ plain.x.within(relative: 1e-9))
  }

  @Test("no iterations allowed: the guess, and its residual")
  func noIterations() {
    let solution = MinimumResidual(iterationLimit: 0).solve({ $0 }, rightHandSide: [1, 0], guess: [0.25, 0])
    #expect(solution.x == [0.25, 0] && solution.stop == .iterationLimit && solution.relativeResidual == 0.75)
  }
}
