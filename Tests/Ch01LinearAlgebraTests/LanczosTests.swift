import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

/// The chain of n masses: 2 on the diagonal, -1 beside it; levels 2 - 2 cos(πk/(n+1)).
private func chain(_ x: [Double], _ y: inout [Double]) {
  for i in x.indices { y[i] = 2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i + 1 < x.count ? x[i + 1] : 0) }
}

private func multiply(_ matrix: Matrix) -> ([Double], inout [Double]) -> Void { { x, y in y = matrix * x } }

private func randomSymmetric(_ n: Int, seed: UInt64) -> Matrix {
  var generator = SplitMix64(seed: seed)
  let a = generator.uniform(-1...1, count: n * n)
  return Matrix(rows: n, columns: n) { i, j in a[i * n + j] + a[j * n + i] }
}

@Suite("1.10 Lanczos") struct LanczosTests {
  @Test("the lowest level of a chain of masses is its closed form", arguments: [1, 2, 3, 10, 200])
  func closedForm(n: Int) {
    let start = (0..<n).map { 1 / Double(1 + $0) }
    let result = lanczosLowestLevel(start: start, tolerance: 1e-13, operator: chain)
    #expect(result.isConverged)
    // The spectrum reaches 4, so rounding of some hundred products leaves 1e-13.
    #expect(result.value ≈ 2 - 2 * Double.cos(Double.pi / Double(n + 1)) ± 1e-12)
  }

  @Test("lean, reference and dense diagonalisation agree", arguments: [1, 2, 5, 40])
  func threeRoutes(n: Int) {
    let matrix = randomSymmetric(n, seed: UInt64(n))
    let dense = SymmetricEigen(matrix).values
    var generator = SplitMix64(seed: 7)
    let start = generator.uniform(-1...1, count: n)
    let lean = lanczosLowestLevel(start: start, tolerance: 1e-12, operator: multiply(matrix))
    let plain = lanczosReference(levels: min(3, n), start: start, operator: multiply(matrix))
    #expect(lean.value ≈ dense[0] ± 1e-11)
    #expect(plain.map(\.value) ≈ Array(dense[..<min(3, n)]) ± 1e-11)
  }

  @Test("levels one after the other: those of a dense diagonalisation, equal ones as often as they occur")
  func several() {
    // Levels 1, 1, 1, 2, 2, 5, 6, …, in a basis without structure: reflections of a diagonal matrix.
    let n = 24
    let levels = [1.0, 1, 1, 2, 2] + (5..<n).map { Double($0) }
    var generator = SplitMix64(seed: 5)
    let mirror = generator.uniform(-1...1, count: n)
    func reflect(_ x: [Double]) -> [Double] {
      let factor = 2 * dot(mirror, x) / dot(mirror, mirror)
      return zip(x, mirror).map { $0 - factor * $1 }
    }
    let apply: ([Double], inout [Double]) -> Void = { x, y in y = reflect(zip(reflect(x), levels).map { $0 * $1 }) }
    var found: [LanczosResult] = []
    for _ in 0..<6 {
      found.append(
        lanczosLowestLevel(
          after: found, spread: 30, start: generator.uniform(-1...1, count: n), tolerance: 1e-12, operator: apply))
    }
    let settled = rayleighRitz(found, operator: apply)
    // Rounding on a spectrum that reaches 50 with the lifted levels.
    #expect(settled.map(\.value) ≈ Array(levels[..<6]) ± 1e-12)
    for (k, level) in settled.enumerated() {
      #expect(level.residual < 1e-5)
      for other in settled[..<k] { #expect(dot(level.vector, other.vector) ≈ 0 ± 1e-12) }
    }
  }

  @Test("the vector solves H x = value·x, and its residual is what the result says")
  func vector() {
    let matrix = randomSymmetric(60, seed: 3)
    let result = lanczosLowestLevel(
      start: [Double](repeating: 1, count: 60), tolerance: 1e-12, operator: multiply(matrix))
    var image = [Double](repeating: 0, count: 60)
    multiply(matrix)(result.vector, &image)
    let residual = norm(zip(image, result.vector).map { $0 - result.value * $1 })
    #expect(norm(result.vector) ≈ 1 ± 1e-14)
    // An error of 1e-12 in the level over a gap of order one is 1e-6 in the vector.
    #expect(residual < 1e-5)
    #expect(residual ≈ result.residual ± 1e-9)
  }

  // The estimate is of second order in the vector's error and takes the gap as it is seen so far, which is too wide at
  // first: hence the factor of two.
  @Test(
    "the error is at most twice its estimate while the iteration is far from its end", arguments: [8, 16, 24]
  )
  func errorEstimate(iterations: Int) {
    let start = (0..<400).map { 1 / Double(1 + $0) }
    let result = lanczosLowestLevel(start: start, tolerance: 1e-14, iterationLimit: iterations, operator: chain)
    let exact = 2 - 2 * Double.cos(Double.pi / 401)
    #expect(result.stop == .iterationLimit)
    #expect(result.value - exact > 0 && result.value - exact < 2 * result.error)
  }

  @Test("as many iterations as rows are no proof: levels from 1 to a million need more")
  func wideSpectrum() {
    let n = 100
    let levels = (0..<n).map { Double.pow(10, 6 * Double($0) / Double(n - 1)) }
    let result = lanczosLowestLevel(
      start: [Double](repeating: 1, count: n), tolerance: 1e-8, wantsVector: false
    ) { x, y in for i in x.indices { y[i] = levels[i] * x[i] } }
    #expect(result.stop == .converged && result.iterations > n)
    // Rounding is relative to the largest level.
    #expect(result.value ≈ 1 ± 1e-8)
  }

  @Test("a space that closes after many iterations is named as such: its lowest level need not be that of H")
  func closedSpace() {
    // A chain of ten places that nothing leaves, and thirty others far below.
    let result = lanczosLowestLevel(start: [1] + [Double](repeating: 0, count: 39)) { x, y in
      for i in 0..<40 { y[i] = i < 10 ? (i > 0 ? x[i - 1] : 0) + (i < 9 ? x[i + 1] : 0) : -5 * x[i] }
    }
    #expect(result.stop == .invariantSubspace && result.iterations == 10)
    #expect(result.value ≈ (-2 * Double.cos(Double.pi / 11)) ± 1e-14)
  }

  @Test("a start that is an eigenvector gives that level and says so")
  func eigenvectorAsStart() {
    let diagonal: ([Double], inout [Double]) -> Void = { x, y in for i in x.indices { y[i] = Double(i) * x[i] } }
    let result = lanczosLowestLevel(start: [0, 0, 1, 0], operator: diagonal)
    #expect(result.value == 2)
    #expect(result.stop == .invariantSubspace)
    // The reference draws new directions, and finds what the start does not contain.
    #expect(lanczosReference(start: [0, 0, 1, 0], operator: diagonal)[0].value ≈ 0 ± 1e-14)
  }

  @Test("the zero operator has level zero, and a zero start is replaced")
  func zero() {
    let nothing: ([Double], inout [Double]) -> Void = { x, y in for i in x.indices { y[i] = 0 } }
    let result = lanczosLowestLevel(start: [0, 0, 0], operator: nothing)
    #expect(result.value ≈ 0 ± 1e-300)
    #expect(result.isConverged)
    #expect(norm(result.vector) ≈ 1 ± 1e-15)
    #expect(lanczosReference(levels: 2, start: [1, 0, 0], operator: nothing).map(\.value) == [0, 0])
  }

  @Test("the reference finds every copy of a multiple level once its space is exhausted")
  func multiplicity() {
    let diagonal: ([Double], inout [Double]) -> Void = { x, y in for i in x.indices { y[i] = Double(i / 2) * x[i] } }
    let levels = lanczosReference(levels: 4, start: [Double](repeating: 1, count: 8), operator: diagonal)
    #expect(levels.map(\.value) ≈ [0, 0, 1, 1] ± 1e-13)
  }
}
