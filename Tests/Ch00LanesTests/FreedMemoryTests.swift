#if canImport(Glibc)
import Ch00Lanes
import Glibc
import Testing

@Suite("0.4 Freed memory")
struct FreedMemoryTests {
  /// Page faults of this thread alone: other tests run at the same time.
  private func pageFaults(_ body: () -> Void) -> Int {
    var (before, after) = (rusage(), rusage())
    let thisThread = __rusage_who_t(1)
    getrusage(thisThread, &before)
    body()
    getrusage(thisThread, &after)
    return after.ru_minflt - before.ru_minflt
  }

  @Test("Once freed memory is kept, arrays of a second step meet hardly a page fault")
  func secondStep() {
    keepFreedMemory()
    var sum = 0.0
    /// 32 arrays of 512 KiB at a time, as many as a step with a few thousand walkers holds.
    func step() {
      let arrays = (0..<32).map { [Double](repeating: Double($0), count: 1 << 16) }
      sum += arrays[31][77]
    }
    step()
    // Each step fills 4096 pages. A hundredth of ten times that leaves room for what other threads do to the heap.
    let faults = pageFaults { for _ in 0..<10 { step() } }
    #expect(sum == 11 * 31)
    #expect(faults < 10 * 4096 / 100, "\(faults) page faults for 10 steps of 4096 pages")
  }
}
#endif
