import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch08KFAC
import TestSupport
import Testing

/// (A ⊗ E)_{(r, c), (r', c')} = E_rr' A_cc', parameters ordered as [output][input], as in a layer's gradient.
private func kronecker(_ e: Matrix, _ a: Matrix) -> Matrix {
  let (m, n) = (e.rows, a.rows)
  return Matrix(rows: m * n, columns: m * n) { e[$0 / n, $1 / n] * a[$0 % n, $1 % n] }
}

/// Where parameter (row, column) of a block sits, the bias as the last column.
private func places(_ group: ParameterGroup) -> [Int] {
  let layout = group.layout
  let width = layout.columns + (layout.hasBias ? 1 : 0)
  return (0..<layout.outputs).flatMap { row in
    (0..<width).map { column in
      group.start + (column < layout.columns ? row * layout.columns + column : layout.biasStart + row)
    }
  }
}

@Suite("8.1 Kronecker factors") struct Factors {
  @Test(
    "their moments are sums of outer products of activities and sensitivities, in both readings of shared weights",
    arguments: [(1, 1, 5), (2, 1, 33), (2, 2, 1), (3, 1, 130), (3, 2, 31)])
  func moments(particles: Int, determinants: Int, walkers count: Int) throws {
    let shape = try AnsatzShape(particles: particles, hidden: 5, layers: 2, determinants: determinants)
    let ansatz = DeterminantAnsatz(shape, seed: 3)
    var random = SplitMix64(seed: 4)
    // Particles well apart: close to a node sensitivities are large, and lose digits.
    let x = (0..<count).map { _ in
      (0..<particles).map { 1.2 * Double($0) - 1.2 + random.uniform(-0.3...0.3, count: 1)[0] }.shuffled(using: &random)
    }
    let derivatives = ParameterDerivatives(of: ansatz, at: Walkers(x), order: .value, threads: 2)
    let factors = x.map { ScalarFactors(ansatz, at: $0) }
    for sharing in [KroneckerApproximation.expand, .reduce] {
      for (b, moment) in derivatives.moments(sharing).enumerated() {
        var (a, e) = (Matrix(rows: moment.activities.rows, columns: moment.activities.rows), moment.sensitivities)
        e = Matrix(rows: e.rows, columns: e.rows)
        func outer(_ x: [Double]) -> Matrix { Matrix(rows: x.count, columns: x.count) { x[$0] * x[$1] } }
        func sum(_ list: [[Double]]) -> [Double] { list[0].indices.map { f in list.reduce(0) { $0 + $1[f] } } }
        let n = Double(particles)
        for walker in factors {
          let (own, slopes) = (walker.activities[b], walker.sensitivities[b])
          switch sharing {
          case .expand:
            for i in 0..<particles {
              a += 1 / (n * Double(count)) * outer(own[i])
              e += 1 / Double(count) * outer(slopes[i])
            }
          case .reduce:
            a += 1 / Double(count) * outer(sum(own).map { $0 / n })
            e += 1 / Double(count) * outer(sum(slopes))
          }
        }
        // Inverse matrices of the determinants lose a few digits.
        #expect(Array(moment.activities.elements) ≈ Array(a.elements).within(relative: 1e-12))
        #expect(Array(moment.sensitivities.elements) ≈ Array(e.elements).within(relative: 1e-8))
      }
    }
  }

  @Test("for one walker with one particle they are the Fisher block itself, uncentred")
  func oneWalker() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 3), seed: 5)
    let derivatives = ParameterDerivatives(of: ansatz, at: Walkers([0.7], particles: 1), order: .value)
    let o = derivatives.logDerivatives(weighted: [1])
    for sharing in [KroneckerApproximation.expand, .reduce] {
      for (group, moment) in zip(ansatz.shape.groups, derivatives.moments(sharing)) {
        let row = places(group).map { o[$0] }
        let fisher = Matrix(rows: row.count, columns: row.count) { 4 * row[$0] * row[$1] }
        let product = kronecker(4 * moment.sensitivities, moment.activities)
        #expect(Array(product.elements) ≈ Array(fisher.elements).within(relative: 1e-12))
      }
    }
  }

  @Test("where activities and sensitivities are independent, they are exact, and the solve is that of the dense matrix")
  func independent() throws {
    var random = SplitMix64(seed: 6)
    // Every pair of five activities and seven sensitivities, once: independent by construction.
    let (a, e) = (
      (0..<5).map { _ in random.uniform(-1...1, count: 3) }, (0..<7).map { _ in random.uniform(-1...1, count: 4) }
    )
    let rows = a.flatMap { a in e.map { e in e.flatMap { e in a.map { e * $0 } } } }
    let exact = 4 / 35.0 * columnGram(Matrix(rows))
    let factors = KroneckerFactors(
      activities: 1 / 5.0 * columnGram(Matrix(a)), sensitivities: 4 / 7.0 * columnGram(Matrix(e)))
    let product = kronecker(factors.sensitivities, factors.activities)
    #expect(Array(product.elements) ≈ Array(exact.elements) ± 1e-14)
    let gradient = Matrix(rows: 4, columns: 3, elements: random.uniform(-1...1, count: 12))
    let solution = try #require(factors.solve(gradient, damping: 1e-12))
    let expected = try #require(LU(exact).solve(Array(gradient.elements)))
    // Damping and rounding, times the condition of the product (below 1e3).
    #expect(Array(solution.elements) ≈ expected.within(relative: 1e-8))
  }

  @Test("the damped solve is that of (Ā + γπ) ⊗ (Ē + γ/π)")
  func damping() throws {
    var random = SplitMix64(seed: 7)
    func positive(_ n: Int, _ size: Double) -> Matrix {
      size * columnGram(Matrix(rows: n + 2, columns: n, elements: random.uniform(-1...1, count: (n + 2) * n)))
    }
    let factors = KroneckerFactors(activities: positive(3, 10), sensitivities: positive(2, 1e-3))
    let gamma = 0.3
    let pi = (factors.activities.trace * 2 / (factors.sensitivities.trace * 3)).squareRoot()
    let (a, e) = (
      factors.activities + gamma * pi * Matrix.identity(3), factors.sensitivities + gamma / pi * Matrix.identity(2)
    )
    let v = Matrix(rows: 2, columns: 3, elements: random.uniform(-1...1, count: 6))
    let expected = try #require(LU(kronecker(e, a)).solve(Array(v.elements)))
    let solution = try #require(factors.solve(v, damping: gamma))
    #expect(Array(solution.elements) ≈ expected.within(relative: 1e-11))
  }

  @Test("a layer that does nothing (a factor of zero) is damped, not divided by zero")
  func vanishing() throws {
    let v = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
    for (a, e) in [(0.0, 1.0), (1, 0), (0, 0)] {
      let factors = KroneckerFactors(activities: a * .identity(3), sensitivities: e * .identity(2))
      let solution = try #require(factors.solve(v, damping: 0.5))
      #expect(Array(solution.elements) ≈ v.elements.map { $0 / ((a + 0.5) * (e + 0.5)) } ± 1e-13)
    }
  }

  @Test("factors that are no numbers have no solution")
  func notNumbers() {
    let nan = Matrix(rows: 2, columns: 2, repeating: .nan)
    #expect(KroneckerFactors(activities: nan, sensitivities: nan).solve(nan, damping: 1) == nil)
  }
}
