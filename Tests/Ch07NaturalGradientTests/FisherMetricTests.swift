import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

/// 4 E[O_c O_cᵀ] by its definition, from rows of O.
private func fisher(rows: [[Double]]) -> Matrix {
  let n = Double(rows.count)
  let means = rows[0].indices.map { p in rows.reduce(0) { $0 + $1[p] } / n }
  let centredRows = Matrix(rows.map { row in zip(row, means).map { $0 - $1 } })
  return 4 / n * columnGram(centredRows)
}

/// Rows of O at a sample's walkers: the transpose at unit vectors.
private func logDerivatives(_ sample: Sample) -> [[Double]] {
  (0..<sample.walkers.count).map { walker in
    var one = [Double](repeating: 0, count: sample.walkers.count)
    one[walker] = 1
    return sample.derivatives.logDerivatives(weighted: one)
  }
}

// Golden files: 1e-9 of the largest number, as everywhere; the same sums in another order: 1e-12.
@Suite("7.2 Fisher's metric") struct Fisher {
  static let tiny = ["tiny_a2", "tiny_a3_d2"]

  @Test("the product with a probe is that of an independent implementation", arguments: tiny)
  func golden(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample()
    let product = FisherMetric().product(try #require(golden.probe), sample)
    let expected = try #require(golden.fisherTimesProbe)
    #expect(product ≈ expected.within(relative: 1e-9))
  }

  @Test("a sample's energy and gradient are those of an independent implementation", arguments: tiny)
  func goldenEnergy(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample(order: .value)
    let (energy, gradient) = (try #require(golden.energyMean), try #require(golden.energyGradient))
    #expect(sample.energies.mean ≈ energy.within(relative: 1e-9))
    #expect(sample.gradient ≈ gradient.within(relative: 1e-9))
  }

  @Test("products, forms and diagonal are those of the dense matrix, made of independent rows", arguments: tiny)
  func dense(name: String) throws {
    let golden = try Golden.load(name)
    let sample = try golden.sample(order: .value)
    let dense = fisher(rows: try #require(golden.logDerivatives))
    let scale = 1e-9 * dense.largestMagnitude
    #expect(Array(FisherMetric().matrix(sample).elements) ≈ Array(dense.elements) ± scale)
    #expect(FisherMetric().diagonal(sample) ≈ dense.diagonal ± scale)
    var random = SplitMix64(seed: 1)
    let vectors = (0..<3).map { _ in random.uniform(-1...1, count: dense.rows) }
    let forms = FisherMetric().forms(vectors, sample)
    for i in 0..<3 {
      #expect(FisherMetric().product(vectors[i], sample) ≈ (dense * vectors[i]).within(relative: 1e-9))
      for j in 0..<3 {
        let expected = dot(vectors[i], dense * vectors[j])
        #expect(forms[i, j] ≈ expected ± (1e-9 * forms.largestMagnitude))
      }
    }
  }

  @Test("it is symmetric and has no negative eigenvalue", arguments: [1, 3, 33])
  func positive(walkers: Int) throws {
    let sample = try pretrainedSample(hidden: 4, walkers: walkers, order: .value, steps: 50)
    let matrix = FisherMetric().matrix(sample)
    #expect(Array(matrix.elements) ≈ Array(matrix.transposed().elements) ± (1e-13 * matrix.largestMagnitude))
    // n walkers span at most n - 1 directions once the mean is off; the rest is rounding.
    let values = SymmetricEigen(matrix).values
    let rounding = 1e-13 * max(values[values.count - 1], 1)
    #expect(values[0] > -rounding)
    #expect(values.count { $0 > rounding } <= walkers - 1)
  }

  @Test("block products are the blocks of the matrix, and zero outside", arguments: [1, 2])
  func blocks(determinants: Int) throws {
    let golden = try Golden.load(determinants == 1 ? "tiny_a2" : "tiny_a3_d2")
    let sample = try golden.sample(order: .value)
    let matrix = FisherMetric().matrix(sample)
    var random = SplitMix64(seed: 2)
    let v = random.uniform(-1...1, count: matrix.rows)
    for (index, group) in sample.parameterGroups.enumerated() {
      let product = FisherMetric().product(v, group: index, sample)
      let expected = matrix.block(rows: group.range, columns: group.range) * Array(v[group.range])
      #expect(Array(product[group.range]) ≈ expected ± (1e-12 * matrix.largestMagnitude))
      #expect(product.indices.allSatisfy { group.range.contains($0) || product[$0] == 0 })
    }
  }

  @Test(
    "the diagonal is right for any number of walkers, in full tiles and in parts of one", arguments: [1, 31, 33, 130])
  func diagonals(walkers: Int) throws {
    let sample = try pretrainedSample(hidden: 4, walkers: walkers, order: .value, steps: 50)
    let dense = fisher(rows: logDerivatives(sample))
    // A difference of two means of squares: rounding of either.
    let squares = logDerivatives(sample).joined().reduce(0) { max($0, $1 * $1) }
    #expect(FisherMetric().diagonal(sample) ≈ dense.diagonal ± (1e-13 * squares))
  }

  @Test("a change of ψ by a factor is no change: the metric does not see it")
  func normalisation() throws {
    let sample = try pretrainedSample(walkers: 60, order: .value)
    // The first orbital's row of W and its bias, scaled together, scale ψ: the derivative along θ itself is constant.
    let orbitals = sample.parameterGroups[2]
    var v = [Double](repeating: 0, count: sample.gradient.count)
    for column in 0..<orbitals.layout.columns {
      v[orbitals.start + column] = sample.ansatz.parameters[orbitals.start + column]
    }
    let bias = orbitals.start + orbitals.layout.biasStart
    v[bias] = sample.ansatz.parameters[bias]
    #expect(sample.derivatives.logDerivatives(along: v) ≈ [Double](repeating: 1, count: 60) ± 1e-11)
    #expect(norm(FisherMetric().product(v, sample)) < 1e-10 * norm(v))
  }
}
