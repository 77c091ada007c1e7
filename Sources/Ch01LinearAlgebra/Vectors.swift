// Vectors are plain `[Double]`. What is summed here is summed in lanes, in an order that depends on the length alone.

/// x · y = Σᵢ xᵢ yᵢ; 0 without components. Two lengths that differ stop the program.
public func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "the dot product of \(x.count) and \(y.count) components is not defined")
  // Unsafe: the kernels take pointers; the precondition makes the count that of y too.
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard let xs = x.baseAddress, let ys = y.baseAddress else { return 0 }
      return dot(xs, ys, count: x.count)
    }
  }
}

/// ‖x‖ = √(Σᵢ xᵢ²), without overflow or underflow of the squares; 0 without components, NaN if one is.
// Unsafe: a buffer that knows its count, so that one function serves arrays, rows of matrices and parts of them.
public func norm(_ x: [Double]) -> Double { x.withUnsafeBufferPointer { norm($0) } }

func norm(_ x: ContiguousArray<Double>) -> Double { x.withUnsafeBufferPointer { norm($0) } }

func norm(_ x: UnsafeBufferPointer<Double>) -> Double {
  // Unsafe: the kernels take pointers; the count is the buffer's own.
  guard let base = x.baseAddress else { return 0 }
  let square = dot(base, base, count: x.count)
  // Between these bounds no square that matters has over- or underflowed.
  if square > 1e-280 && square < 1e300 { return square.squareRoot() }
  let largest = largestMagnitude(x)
  guard largest > 0 && largest < .infinity else { return largest }
  return largest * x.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
}

/// max |x_i|; 0 without numbers, NaN if one is.
func largestMagnitude(_ numbers: some Sequence<Double>) -> Double {
  numbers.reduce(0) { $1.isNaN ? $1 : max($0, abs($1)) }
}

/// y += α x; two lengths that differ stop the program.
public func add(_ α: Double, _ x: [Double], to y: inout [Double]) {
  precondition(x.count == y.count, "\(x.count) components added to \(y.count)")
  // Unsafe: the kernels take pointers; the precondition makes the count that of y too.
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let xs = x.baseAddress, let ys = y.baseAddress else { return }
      add(α, xs, to: ys, count: x.count)
    }
  }
}

/// y_(start + i) += α x_i, for a part x of a vector; one that ends beyond y stops the program.
package func add(_ α: Double, _ x: ArraySlice<Double>, to y: inout [Double], at start: Int) {
  precondition(start >= 0 && start + x.count <= y.count, "\(x.count) components added to \(y.count) from \(start) on")
  // Unsafe: the kernels take pointers; the precondition finds the x.count components in y too.
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let xs = x.baseAddress, let ys = y.baseAddress else { return }
      add(α, xs, to: ys + start, count: x.count)
    }
  }
}

/// x *= α, component by component.
public func scale(_ x: inout [Double], by α: Double) {
  // Unsafe: the kernels take pointers; the count is the buffer's own.
  x.withUnsafeMutableBufferPointer { x in
    guard let base = x.baseAddress else { return }
    scale(base, by: α, count: x.count)
  }
}

/// x_i y_i, component by component; two lengths that differ stop the program.
public func products(_ x: [Double], _ y: [Double]) -> [Double] {
  precondition(x.count == y.count, "\(x.count) components times \(y.count)")
  return Array(unsafeUninitializedCapacity: x.count) { z, count in
    // Unsafe: memory that is written before it is read, each of x.count numbers once; indices that are not checked stay below
    // the count that all three have.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        for i in 0..<x.count { z.initializeElement(at: i, to: x[i] * y[i]) }
      }
    }
    count = x.count
  }
}
