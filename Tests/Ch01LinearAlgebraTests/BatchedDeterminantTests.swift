import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

extension SplitMix64 {
  /// Independent numbers, uniform between -1 and 1, for 32 walkers.
  mutating func panel(_ count: Int) -> ContiguousArray<Lanes32> {
    ContiguousArray(
      (0..<count).map { _ in
        var lanes = Lanes32.zero
        for (walker, x) in uniform(-1...1, count: Lanes32.count).enumerated() { lanes[walker] = x }
        return lanes
      })
  }
}

/// Determinants and inverses of up to 32 matrices, one a lane; lanes without a matrix hold the identity.
private struct Batch {
  var signs: [Double]
  var logMagnitudes: [Double]
  var inverses: [Matrix]
  /// What the determinants alone give: it must not differ.
  var agrees: Bool

  init(_ matrices: [Matrix]) {
    let n = matrices[0].rows
    var entries = ContiguousArray(repeating: Lanes32.zero, count: n * n)
    for walker in 0..<Lanes32.count {
      let matrix = walker < matrices.count ? matrices[walker] : .identity(n)
      for i in 0..<n { for j in 0..<n { entries[i * n + j][walker] = matrix[i, j] } }
    }
    var (sign, logMagnitude) = (Lanes32.zero, Lanes32.zero)
    var inverse = entries
    var workspace = ContiguousArray(repeating: Lanes32.zero, count: 2 * n * n)
    Ch01LinearAlgebra.inverses(
      of: entries, size: n, into: &inverse, sign: &sign, logMagnitude: &logMagnitude, workspace: &workspace)
    var (otherSign, otherMagnitude) = (Lanes32.zero, Lanes32.zero)
    logDeterminants(&entries, size: n, sign: &otherSign, logMagnitude: &otherMagnitude)
    agrees = (0..<32).allSatisfy {
      sign[$0] == otherSign[$0]
        && (logMagnitude[$0] == otherMagnitude[$0] || logMagnitude[$0].isNaN && otherMagnitude[$0].isNaN)
    }
    signs = matrices.indices.map { sign[$0] }
    logMagnitudes = matrices.indices.map { logMagnitude[$0] }
    inverses = matrices.indices.map { walker in
      Matrix(rows: n, columns: n) { inverse[$0 * n + $1][walker] }
    }
  }
}

/// Laplace's expansion along the first row: n! terms, no division, no pivot.
private func expandedDeterminant(_ m: Matrix) -> Double {
  let n = m.rows
  guard n > 1 else { return m[0, 0] }
  return (0..<n).reduce(0) { sum, column in
    let minor = Matrix(rows: n - 1, columns: n - 1) { m[$0 + 1, $1 < column ? $1 : $1 + 1] }
    return sum + (column % 2 == 0 ? 1 : -1) * m[0, column] * expandedDeterminant(minor)
  }
}

@Suite("1.12 Determinants of 32 matrices at once") struct BatchedDeterminants {
  // Diagonal entries ±3 and others below 1/2 make well-conditioned matrices: a relative error of n² roundings, and as
  // many again for the expansion, leaves 1e-13.
  static func wellConditioned(_ n: Int, seed: UInt64) -> [Matrix] {
    (0..<32).map { walker in
      let m = Matrix.random(n, n, seed: seed + UInt64(walker))
      return Matrix(rows: n, columns: n) { $0 == $1 ? 3 * ($0 % 2 == walker % 2 ? 1 : -1) : 0.5 * m[$0, $1] }
    }
  }

  @Test("signs and logarithms are those of Laplace's expansion", arguments: 1...7)
  func expansion(n: Int) {
    let matrices = BatchedDeterminants.wellConditioned(n, seed: 1)
    let batch = Batch(matrices)
    #expect(batch.agrees)
    for (walker, matrix) in matrices.enumerated() {
      let expected = expandedDeterminant(matrix)
      #expect(batch.signs[walker] == (expected < 0 ? -1 : 1))
      #expect(batch.logMagnitudes[walker] ≈ Double.log(abs(expected)) ± 1e-13)
    }
  }

  @Test("the inverse undoes the matrix, from both sides", arguments: [1, 2, 3, 6, 10, 20])
  func inverse(n: Int) {
    let matrices = BatchedDeterminants.wellConditioned(n, seed: 2)
    let batch = Batch(matrices)
    // Larger ones are less well conditioned: by a factor of n².
    let deviation = 1e-14 * Double(n * n)
    for (matrix, inverse) in zip(matrices, batch.inverses) {
      #expect((matrix * inverse).distance(to: .identity(n)) < deviation)
      #expect((inverse * matrix).distance(to: .identity(n)) < deviation)
    }
  }

  @Test("a permutation matrix has the sign of its permutation, exactly, and its transpose as inverse")
  func permutations() {
    let lists = [[0, 1, 2, 3], [1, 0, 2, 3], [1, 2, 0, 3], [3, 2, 1, 0], [1, 2, 3, 0], [0, 3, 2, 1]]
    let matrices = lists.map { list in Matrix(rows: 4, columns: 4) { list[$0] == $1 ? 1 : 0 } }
    let batch = Batch(matrices)
    #expect(batch.signs == [1, -1, 1, 1, -1, -1])
    #expect(batch.logMagnitudes == [0, 0, 0, 0, 0, 0])
    #expect(batch.inverses == matrices.map { $0.transposed() })
  }

  @Test("a negative number is a matrix of determinant below zero")
  func scalars() {
    let batch = Batch([[[-2]], [[0.5]], [[0]]])
    #expect(batch.signs == [-1, 1, 0])
    #expect(batch.logMagnitudes[0...1].map { $0 } ≈ [Double.log(2), -Double.log(2)] ± 1e-15)
    #expect(batch.logMagnitudes[2] == -.infinity)
    #expect(batch.inverses[0][0, 0] == -0.5 && batch.inverses[1][0, 0] == 2)
  }

  @Test("scales that would overflow a product of pivots do no harm to its logarithm")
  func scales() {
    // det = s⁴, far beyond 1e308 and below 1e-308.
    let batch = Batch([1e200, 1e-200, 1e300, 1e-300].map { s in s * .identity(4) })
    for (walker, power) in [800.0, -800, 1200, -1200].enumerated() {
      #expect(batch.signs[walker] == 1)
      #expect(batch.logMagnitudes[walker] ≈ (power * Double.log(10)).within(relative: 1e-14))
      #expect(batch.inverses[walker][3, 3].isFinite)
    }
  }

  @Test("rows of very different scales keep all their digits")
  func badlyScaledRows() {
    // A well-conditioned matrix whose rows are multiplied by powers of two: the digits are the same.
    let plain = BatchedDeterminants.wellConditioned(4, seed: 3)
    let exponents = [-400, 300, 0, -90]
    let scaled = plain.map { m in
      Matrix(rows: 4, columns: 4) { Double(sign: .plus, exponent: exponents[$0], significand: 1) * m[$0, $1] }
    }
    let (before, after) = (Batch(plain), Batch(scaled))
    #expect(before.signs == after.signs)
    let shift = Double(exponents.reduce(0, +)) * Double.log(2)
    // Another choice of pivots: as many roundings again, and numbers of 130.
    #expect(after.logMagnitudes ≈ before.logMagnitudes.map { $0 + shift } ± 1e-12)
  }

  @Test("a singular matrix has sign 0 and logarithm -∞, and its neighbours notice nothing")
  func singular() {
    let good: Matrix = [[2, 1, 0], [1, 3, 1], [0, 1, 4]]
    let matrices: [Matrix] = [
      good, [[0, 0, 0], [0, 0, 0], [0, 0, 0]], good, [[1, 2, 3], [0, 0, 0], [4, 5, 6]],
      [[1, 0, 2], [3, 0, 4], [5, 0, 6]],
      [[1, 2, 3], [4, 5, 6], [1, 2, 3]], good,
    ]
    let batch = Batch(matrices)
    #expect(batch.agrees)
    #expect(batch.signs == [1, 0, 1, 0, 0, 0, 1])
    for walker in [1, 3, 4, 5] {
      #expect(batch.logMagnitudes[walker] == -.infinity)
      #expect(!batch.inverses[walker].elements.allSatisfy { $0.isFinite })
    }
    // det = 2·(12 - 1) - 1·4 = 18.
    for walker in [0, 2, 6] {
      #expect(batch.logMagnitudes[walker] ≈ Double.log(18) ± 1e-15)
      #expect((good * batch.inverses[walker]).distance(to: .identity(3)) < 1e-15)
    }
  }

  @Test("a NaN anywhere gives NaN in its lane and in no other", arguments: 1...4)
  func nan(n: Int) {
    let good = BatchedDeterminants.wellConditioned(n, seed: 4)
    let expected = Batch(good)
    for place in 0..<(n * n) {
      var matrices = good
      matrices[5] = Matrix(rows: n, columns: n) { $0 * n + $1 == place ? .nan : good[5][$0, $1] }
      let batch = Batch(matrices)
      #expect(batch.agrees)
      for walker in 0..<32 where walker != 5 {
        #expect(batch.logMagnitudes[walker] == expected.logMagnitudes[walker])
        #expect(batch.inverses[walker] == expected.inverses[walker])
      }
      #expect(batch.logMagnitudes[5].isNaN)
    }
  }

  @Test("NaN in a matrix that is singular besides is still NaN")
  func nanAndSingular() {
    let batch = Batch([[[0, .nan], [0, 1]], [[.nan, 0], [0, 0]], [[0, 0], [0, .nan]], [[0, 0], [.nan, 0]]])
    #expect(batch.logMagnitudes.allSatisfy { $0.isNaN })
  }

  @Test("an entry below the smallest normal number is a number, not a NaN")
  func subnormal() {
    let tiny = 0x1p-1030
    let batch = Batch([[[tiny, 0], [0, 1]], [[tiny, tiny], [-tiny, tiny]]])
    #expect(batch.signs == [1, 1])
    // Powers of two are exact; their logarithms are rounded.
    #expect(batch.logMagnitudes ≈ [-1030 * Double.log(2), -2059 * Double.log(2)] ± 1e-12)
  }
}
