import Ch00Lanes
import TestSupport
import Testing

@Suite("0.2 Parallel blocks") struct ParallelBlocks {
  @Test("a sum over blocks has the same bits on 1, 2, 3 and 16 threads")
  func sameBits() {
    func harmonicSum(threads: Int) -> Double {
      var sums = [Double](repeating: 0, count: 37)
      parallelForEach(&sums, threads: threads) { block, sum in
        for k in 0..<1000 { sum += 1 / Double(1 + k * 37 + block) }
      }
      return sums.reduce(0, +)
    }
    let one = harmonicSum(threads: 1)
    for threads in [2, 3, 16] { #expect(harmonicSum(threads: threads) == one) }
    // H_37000 = ln n + γ + 1/2n - …, summed in another order: 37 000 roundings of at most half a unit.
    #expect(one ≈ Double.log(37_000) + 0.5772156649015329 + 0.5 / 37_000 ± 1e-9)
  }

  @Test("every block is visited once, also when there are more threads than blocks, or none to visit")
  func visits() {
    for count in [0, 1, 2, 100] {
      var visits = [Int](repeating: 0, count: count)
      parallelForEach(&visits, threads: 8) { _, visit in visit += 1 }
      #expect(visits == [Int](repeating: 1, count: count))
    }
  }

  @Test("a thread keeps its workspace from one block to the next")
  func workspaces() {
    var blocks = [Int](repeating: 0, count: 50)
    var workspaces = [Int](repeating: 0, count: 3)
    parallelForEach(&blocks, workspaces: &workspaces) { _, _, calls in calls += 1 }
    #expect(workspaces.reduce(0, +) == 50)
  }
}
