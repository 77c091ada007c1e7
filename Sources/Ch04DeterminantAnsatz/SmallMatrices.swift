import Ch00Lanes

// Products of n × n matrices for 32 walkers at once; entries are contiguous, row-major, from a start index on.

/// C = A B.
@inline(never)
func multiplySmall(
  _ a: ContiguousArray<Lanes32>, _ aStart: Int, _ b: ContiguousArray<Lanes32>, _ bStart: Int, size n: Int,
  into c: inout ContiguousArray<Lanes32>, _ cStart: Int
) {
  precondition(aStart >= 0 && aStart + n * n <= a.count, "A ends before \(aStart) + \(n * n)")
  precondition(bStart >= 0 && bStart + n * n <= b.count, "B ends before \(bStart) + \(n * n)")
  precondition(cStart >= 0 && cStart + n * n <= c.count, "C ends before \(cStart) + \(n * n)")
  // Unsafe: unchecked indices, for speed; i, j and k are below n, and n² entries are within each array.
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      c.withUnsafeMutableBufferPointer { c in
        for i in 0..<n {
          for j in 0..<n {
            var sum = Lanes32.zero
            for k in 0..<n { sum.addProduct(a[aStart &+ i &* n &+ k], b[bStart &+ k &* n &+ j]) }
            c[cStart &+ i &* n &+ j] = sum
          }
        }
      }
    }
  }
}

/// tr(A B)
@inline(never)
func traceOfProduct(
  _ a: ContiguousArray<Lanes32>, _ aStart: Int, _ b: ContiguousArray<Lanes32>, _ bStart: Int, size n: Int
) -> Lanes32 {
  var sum = Lanes32.zero
  for i in 0..<n { for k in 0..<n { sum.addProduct(a[aStart + i * n + k], b[bStart + k * n + i]) } }
  return sum
}
