import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch13BeyondTheTalk
import TestSamples
import TestSupport
import Testing

@Suite("13.8 Methods of language models") struct PolicyMethods {
  private let pair = TrappedFermions(particles: 2, strength: -10)

  @Test("ISOPO's first step of a layer is -c (F + 4c)⁻¹ g, with the layer's own block of F and c = tr F/4n")
  func isopo() throws {
    let (ansatz, walk) = try pretrained(hidden: 4, walkers: 40)
    let sample = Sample(pair, ansatz, at: walk.walkers, order: .value, clipping: false)
    var (isopo, report) = (LayerKernelDirection(), Diagnostics())
    let found = isopo.direction(sample, previous: nil, lambda: 1, report: &report)
    let fisher = FisherMetric().matrix(sample)
    for group in sample.parameterGroups {
      let (start, size) = (group.start, group.range.count)
      let block = Matrix(rows: size, columns: size) { fisher[start + $0, start + $1] }
      let c = block.trace / 160
      let solved = try #require((LU(block + 4 * c * Matrix.identity(size))).solve(Array(sample.gradient[group.range])))
      // Rounding of a kernel of 40 rows whose condition number is that of 40 c.
      #expect(Array(found[group.range]) ≈ solved.map { -c * $0 }.within(relative: 1e-10))
    }
  }

  @Test("what PROMA keeps of its last direction is what no walker's row sees")
  func proma() throws {
    let (ansatz, start) = try pretrained(hidden: 4, walkers: 12)
    let before = Sample(pair, ansatz, at: start.walkers, order: .value)
    var walk = start
    walk.sweep(ansatz, count: 20)
    let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
    var (proma, report) = (ProjectedMemory(1), Diagnostics())
    let first = proma.direction(before, previous: nil, lambda: 1e-9, report: &report)
    #expect(first == before.gradient.map { -$0 })
    let second = proma.direction(sample, previous: first, lambda: 1e-9, report: &report)
    let kept = zip(second, sample.gradient).map { -$0 - $1 }
    let rows = sample.centredRows
    #expect(norm(kept) > 0.01 * norm(before.gradient))
    // λ is a billionth: rows that weaker directions see are damped, not removed.
    #expect(norm(rows * kept) < 1e-4 * norm(rows * before.gradient))
  }
}
