import Ch01LinearAlgebra
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch12DecisionalGradientDescent
import Ch13BeyondTheTalk
import TestSamples
import TestSupport
import Testing

@Suite("13.4 Sums of two Kronecker products") struct KroneckerSumTests {
  private func positive(_ n: Int, _ shift: Double) -> Matrix {
    let a = Matrix(rows: n, columns: n) { Double(($0 * 5 + $1 * 3 + 1) % 7) / 7 }
    return product(a, transposed: a) + shift * Matrix.identity(n)
  }

  @Test("two generalised eigenproblems solve what the whole matrix solves")
  func solution() throws {
    let sum = KroneckerSum(
      values: KroneckerFactors(activities: positive(4, 0.3), sensitivities: positive(3, 0.5)),
      slopes: KroneckerFactors(activities: positive(4, 0.1), sensitivities: positive(3, 0.2)))
    let r = Matrix(rows: 3, columns: 4) { Double($0) - 0.5 * Double($1) + 0.25 }
    let x = try #require(sum.solve(r, damping: 1e-5))
    let image = sum.matrix * Array(x.elements)
    #expect(image ≈ Array(r.elements) ± 1e-4)
    // With Fisher's share: A₀ ⊗ 4βB₀ more.
    let shifted = try #require(sum.solve(r, damping: 1e-5, fisher: 0.7))
    let (a, b) = (sum.values.activities, sum.values.sensitivities)
    let fisher = 2.8 * (b * shifted * a)
    let whole = zip(sum.matrix * Array(shifted.elements), fisher.elements).map { $0 + $1 }
    #expect(whole ≈ Array(r.elements) ± 1e-4)
  }

  // What the factorisation is worth: the relative error of its blocks in the norm of Frobenius, and of the plain recipe that
  // makes one product of all four factors.
  @Test("two products are closer to the exact blocks than one")
  func blocks() throws {
    var (two, one) = (0.0, 0.0)
    for seed in 1...3 as ClosedRange<UInt64> {
      let sample = try pretrainedSample(walkers: 256, order: .gradient, seed: seed)
      let (values, slopes) = (sample.derivatives.moments(.expand), sample.derivatives.mixedMoments())
      for (index, group) in sample.parameterGroups.enumerated() where group.layout.hasBias {
        let layout = group.layout
        let width = layout.columns + 1
        func place(_ k: Int) -> Int {
          group.start
            + (k % width < layout.columns ? k / width * layout.columns + k % width : layout.biasStart + k / width)
        }
        let size = layout.outputs * width
        let exact = Matrix(rows: size, columns: size) { _, _ in 0 }
        var block = exact
        for column in 0..<size {
          var unit = [Double](repeating: 0, count: sample.gradient.count)
          unit[place(column)] = 1
          let image = DecisionMetric().product(unit, group: index, sample)
          for row in 0..<size { block[row, column] = image[place(row)] }
        }
        let sum = KroneckerSum(
          values: KroneckerFactors(activities: values[index].activities, sensitivities: values[index].sensitivities),
          slopes: KroneckerFactors(activities: slopes[index].activities, sensitivities: slopes[index].sensitivities))
        let lumped = KroneckerSum(
          values: KroneckerFactors(
            activities: 0.5 * (values[index].activities + slopes[index].activities),
            sensitivities: values[index].sensitivities + slopes[index].sensitivities),
          slopes: KroneckerFactors(
            activities: 0.0 * slopes[index].activities,
            sensitivities: values[index].sensitivities + slopes[index].sensitivities))
        func error(_ matrix: Matrix) -> Double {
          let difference = matrix + -1.0 * block
          let size = block.elements.reduce(0) { $0 + $1 * $1 }
          return (difference.elements.reduce(0) { $0 + $1 * $1 } / size).squareRoot()
        }
        two += error(sum.matrix) / 9
        one += error(lumped.matrix) / 9
      }
    }
    #expect(two < one)
    #expect(two < 0.9)
  }
}
