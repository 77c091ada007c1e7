import Ch00Lanes

// Loops over plain doubles, eight lanes at a time: what the vector operations and the factorisations are made of. They
// take pointers, because they work on parts of rows of matrices; the public functions check lengths before they come
// here.
//
// Unsafe: eight lanes are loaded from rows of doubles at once. In all of them i + 32, i + 16 or i + 8 ≤ n, then i < n,
// stay within the n numbers that the caller has found at each pointer.

/// Σᵢ xᵢ yᵢ in four times eight partial sums, enough to hide the latency of a fused multiply-add.
func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count n: Int) -> Double {
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  var s2 = Lanes.zero
  var s3 = Lanes.zero
  var i = 0
  while i &+ 32 <= n {
    s0 = multiplyAdd(loadLanes(x + i), loadLanes(y + i), s0)
    s1 = multiplyAdd(loadLanes(x + (i &+ 8)), loadLanes(y + (i &+ 8)), s1)
    s2 = multiplyAdd(loadLanes(x + (i &+ 16)), loadLanes(y + (i &+ 16)), s2)
    s3 = multiplyAdd(loadLanes(x + (i &+ 24)), loadLanes(y + (i &+ 24)), s3)
    i &+= 32
  }
  while i &+ 8 <= n {
    s0 = multiplyAdd(loadLanes(x + i), loadLanes(y + i), s0)
    i &+= 8
  }
  var sum = ((s0 + s1) + (s2 + s3)).laneSum
  while i < n {
    sum = multiplyAdd(x[i], y[i], sum)
    i &+= 1
  }
  return sum
}

/// y += α x.
func add(_ α: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, count n: Int) {
  // Unsafe: n numbers at x and at y, as above.
  var i = 0
  while i &+ 32 <= n {
    storeLanes(multiplyAdd(loadLanes(x + i), α, loadLanes(y + i)), y + i)
    storeLanes(multiplyAdd(loadLanes(x + (i &+ 8)), α, loadLanes(y + (i &+ 8))), y + (i &+ 8))
    storeLanes(multiplyAdd(loadLanes(x + (i &+ 16)), α, loadLanes(y + (i &+ 16))), y + (i &+ 16))
    storeLanes(multiplyAdd(loadLanes(x + (i &+ 24)), α, loadLanes(y + (i &+ 24))), y + (i &+ 24))
    i &+= 32
  }
  while i &+ 8 <= n {
    storeLanes(multiplyAdd(loadLanes(x + i), α, loadLanes(y + i)), y + i)
    i &+= 8
  }
  while i < n {
    y[i] = multiplyAdd(α, x[i], y[i])
    i &+= 1
  }
}

/// y += α x + β z, the rank-2 update of one row.
func add(
  _ α: Double, _ x: UnsafePointer<Double>, _ β: Double, _ z: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>,
  count n: Int
) {
  // Unsafe: n numbers at x, y and z, as above.
  var i = 0
  while i &+ 8 <= n {
    storeLanes(multiplyAdd(loadLanes(z + i), β, multiplyAdd(loadLanes(x + i), α, loadLanes(y + i))), y + i)
    i &+= 8
  }
  while i < n {
    y[i] = multiplyAdd(β, z[i], multiplyAdd(α, x[i], y[i]))
    i &+= 1
  }
}

/// y += α x, and Σᵢ xᵢ zᵢ: both halves of a symmetric product from one reading of the row x.
func addAndDot(
  _ α: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ z: UnsafePointer<Double>, count n: Int
) -> Double {
  // Unsafe: n numbers at x, y and z, as above.
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  var i = 0
  while i &+ 16 <= n {
    let x0 = loadLanes(x + i)
    let x1 = loadLanes(x + (i &+ 8))
    s0 = multiplyAdd(x0, loadLanes(z + i), s0)
    s1 = multiplyAdd(x1, loadLanes(z + (i &+ 8)), s1)
    storeLanes(multiplyAdd(x0, α, loadLanes(y + i)), y + i)
    storeLanes(multiplyAdd(x1, α, loadLanes(y + (i &+ 8))), y + (i &+ 8))
    i &+= 16
  }
  var sum = (s0 + s1).laneSum
  while i < n {
    sum = multiplyAdd(x[i], z[i], sum)
    y[i] = multiplyAdd(α, x[i], y[i])
    i &+= 1
  }
  return sum
}

/// x *= α.
func scale(_ x: UnsafeMutablePointer<Double>, by α: Double, count n: Int) {
  // Unsafe: n numbers at x, as above.
  var i = 0
  while i &+ 8 <= n {
    storeLanes(loadLanes(x + i) * α, x + i)
    i &+= 8
  }
  while i < n {
    x[i] *= α
    i &+= 1
  }
}

/// (x, y) ← (c x - s y, s x + c y), a plane rotation of two rows.
func rotate(
  _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, cosine c: Double, sine s: Double, count n: Int
) {
  // Unsafe: n numbers at x and at y, as above.
  var i = 0
  while i &+ 8 <= n {
    let a = loadLanes(x + i)
    let b = loadLanes(y + i)
    storeLanes(multiplyAdd(a, c, b * -s), x + i)
    storeLanes(multiplyAdd(a, s, b * c), y + i)
    i &+= 8
  }
  while i < n {
    let a = x[i]
    let b = y[i]
    x[i] = multiplyAdd(a, c, -s * b)
    y[i] = multiplyAdd(a, s, c * b)
    i &+= 1
  }
}
