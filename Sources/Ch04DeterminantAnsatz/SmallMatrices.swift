import Ch00Lanes

// Products of n × n matrices for 32 walkers at once; entries are contiguous, row-major, from a start index on.

/// C = A B, and where asked its transpose.
@inline(never)
func multiplySmall(
  _ a: ContiguousArray<Lanes32>, _ aStart: Int, _ b: ContiguousArray<Lanes32>, _ bStart: Int, size n: Int,
  into c: inout ContiguousArray<Lanes32>, _ cStart: Int
) {
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
