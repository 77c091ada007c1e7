import Ch00Lanes

// Loops over plain doubles, eight lanes at a time: what the vector operations and the factorisations are made of. They take
// pointers, because they work on parts of rows of matrices; the public functions check lengths before they come here.

@inline(__always) private func load(_ p: UnsafePointer<Double>) -> Lanes {
  UnsafeRawPointer(p).loadUnaligned(as: Lanes.self)
}
@inline(__always) private func store(_ x: Lanes, _ p: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(p).storeBytes(of: x, as: Lanes.self)
}

/// Σᵢ xᵢ yᵢ in four times eight partial sums, enough to hide the latency of a fused multiply-add.
func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count n: Int) -> Double {
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  var s2 = Lanes.zero
  var s3 = Lanes.zero
  var i = 0
  while i &+ 32 <= n {
    s0 = multiplyAdd(load(x + i), load(y + i), s0)
    s1 = multiplyAdd(load(x + (i &+ 8)), load(y + (i &+ 8)), s1)
    s2 = multiplyAdd(load(x + (i &+ 16)), load(y + (i &+ 16)), s2)
    s3 = multiplyAdd(load(x + (i &+ 24)), load(y + (i &+ 24)), s3)
    i &+= 32
  }
  while i &+ 8 <= n {
    s0 = multiplyAdd(load(x + i), load(y + i), s0)
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
  var i = 0
  while i &+ 32 <= n {
    store(multiplyAdd(load(x + i), α, load(y + i)), y + i)
    store(multiplyAdd(load(x + (i &+ 8)), α, load(y + (i &+ 8))), y + (i &+ 8))
    store(multiplyAdd(load(x + (i &+ 16)), α, load(y + (i &+ 16))), y + (i &+ 16))
    store(multiplyAdd(load(x + (i &+ 24)), α, load(y + (i &+ 24))), y + (i &+ 24))
    i &+= 32
  }
  while i &+ 8 <= n {
    store(multiplyAdd(load(x + i), α, load(y + i)), y + i)
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
  var i = 0
  while i &+ 8 <= n {
    store(multiplyAdd(load(z + i), β, multiplyAdd(load(x + i), α, load(y + i))), y + i)
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
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  var i = 0
  while i &+ 16 <= n {
    let x0 = load(x + i)
    let x1 = load(x + (i &+ 8))
    s0 = multiplyAdd(x0, load(z + i), s0)
    s1 = multiplyAdd(x1, load(z + (i &+ 8)), s1)
    store(multiplyAdd(x0, α, load(y + i)), y + i)
    store(multiplyAdd(x1, α, load(y + (i &+ 8))), y + (i &+ 8))
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
  var i = 0
  while i &+ 8 <= n {
    store(load(x + i) * α, x + i)
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
  var i = 0
  while i &+ 8 <= n {
    let a = load(x + i)
    let b = load(y + i)
    store(multiplyAdd(a, c, b * -s), x + i)
    store(multiplyAdd(a, s, b * c), y + i)
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
