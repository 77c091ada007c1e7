import NeuralQuantumStates

/// Operations a second of one thread that does nothing but independent multiply-adds.
func measurePeak(repeats: Int) -> Double {
  let rounds = 500_000
  let part = Part(name: "peak", check: { nil }, body: { multiplyAdds(rounds) })
  return Double(rounds) * Double(5 * lanesPerSum * 2) / part.time(repeats: repeats)[0]
}

// Five sums hide the latency of a multiply-add and stay in registers: they take 20 of the 32 of AVX-512 and of NEON, 10
// of the 16 of AVX2 and of SSE2. If any of them were spilled, the peak would come out at a third.
#if AVX512
private typealias Sum = Lanes32
private let lanesPerSum = 32
@inline(__always) private func multiplyAdd(_ a: Sum, _ b: Sum, _ c: Sum) -> Sum {
  var sum = c
  sum.addProduct(a, b)
  return sum
}
#elseif arch(x86_64) && !NATIVE_SIMD
private typealias Sum = SIMD4<Double>
private let lanesPerSum = 4
#else
private typealias Sum = Lanes
private let lanesPerSum = 8
#endif

@inline(never)
private func multiplyAdds(_ rounds: Int) -> Double {
  var (a, b, c) = (Sum(repeating: 1), Sum(repeating: 2), Sum(repeating: 3))
  var (d, e) = (Sum(repeating: 4), Sum(repeating: 5))
  let (x, y) = (Sum(repeating: 1e-9), Sum(repeating: 0.999))
  for _ in 0..<rounds {
    a = multiplyAdd(a, y, x)
    b = multiplyAdd(b, y, x)
    c = multiplyAdd(c, y, x)
    d = multiplyAdd(d, y, x)
    e = multiplyAdd(e, y, x)
  }
  return (a + b + c + d + e).laneSum
}

/// Chapters 0, 1 and 5: functions, products, random numbers.
func kernelParts() -> [Part] {
  matrixParts() + panelParts() + functionParts() + randomParts()
}

private func matrixParts() -> [Part] {
  [(256, 256, 256), (64, 128, 512)].map { m, k, n in
    let a = Matrix(rows: m, columns: k) { Double($0 + 2 * $1).truncatingRemainder(dividingBy: 7) }
    let b = Matrix(rows: k, columns: n) { Double(3 * $0 + $1).truncatingRemainder(dividingBy: 5) }
    let rounds = 10
    return Part(
      name: "matrix product \(m) × \(k) × \(n)", items: Double(rounds),
      work: Part.Work(operations: 2 * Double(m * k * n) * Double(rounds)),
      check: {
        let c = product(a, b)
        let plain = (0..<n).map { j in (0..<k).reduce(0) { $0 + a[3, $1] * b[$1, j] } }
        return agreement((0..<n).map { c[3, $0] }, plain, 1e-14)
      }, body: { (0..<rounds).reduce(0) { sum, _ in sum + product(a, b)[0, 0] } })
  }
}

private func panelParts() -> [Part] {
  let size = 64
  let weights = PackedWeights<Lanes32>(rows: size, columns: size) { Double($0 - $1) / 64 }
  let panel = ContiguousArray((0..<size).map { Lanes32(repeating: Double($0) / 64) })
  let singleWeights = PackedWeights<SingleLanes32>(rows: size, columns: size) { Double($0 - $1) / 64 }
  let singlePanel = ContiguousArray(panel.map { SingleLanes32(rounding: $0) })
  let rounds = 500
  let flops = 64 * Double(size * size)
  return [
    Part(
      name: "weights 64 × 64 times 32 walkers", items: Double(rounds), unit: .nanoseconds,
      work: Part.Work(operations: flops * Double(rounds)),
      check: {
        var y = panel
        panelProduct(weights, panel, from: panel, into: &y)
        let plain = (0..<size).map { r in (0..<size).reduce(panel[r][5]) { $0 + weights[r, $1] * panel[$1][5] } }
        return agreement(y.map { $0[5] }, plain, 1e-13)
      },
      body: {
        var y = panel
        for _ in 0..<rounds { panelProduct(weights, panel, from: panel, into: &y) }
        return y[1].laneSum
      }),
    Part(
      name: "weights 64 × 64 times 32, single precision", items: Double(rounds), unit: .nanoseconds,
      work: Part.Work(operations: flops * Double(rounds), isSingle: true),
      check: {
        var y = singlePanel
        panelProduct(singleWeights, singlePanel, at: 0, from: singlePanel, into: &y)
        var plain = panel
        panelProduct(weights, panel, from: panel, into: &plain)
        return agreement(y.map { $0.doubles[5] }, plain.map { $0[5] }, 1e-6)
      },
      body: {
        var y = singlePanel
        for _ in 0..<rounds { panelProduct(singleWeights, singlePanel, at: 0, from: singlePanel, into: &y) }
        return y[1].doubles.laneSum
      }),
    Part(
      name: "outer products 64 × 64 over 8 × 32 walkers", items: Double(rounds) / 10, unit: .nanoseconds,
      work: Part.Work(operations: 8 * flops * Double(rounds) / 10),
      check: {
        var g = [Double](repeating: 0, count: size * size)
        addOuterProducts(
          panel, at: 0, stride: 0, rows: size, panel, at: 0, stride: 0, columns: size, pairs: 2, into: &g, at: 0,
          stride: size)
        let plain = (0..<size).map { 64 * panel[3][0] * panel[$0][0] }
        return agreement(Array(g[(3 * size)..<(4 * size)]), plain, 1e-13)
      },
      body: {
        var g = [Double](repeating: 0, count: size * size)
        for _ in 0..<(rounds / 10) {
          addOuterProducts(
            panel, at: 0, stride: 0, rows: size, panel, at: 0, stride: 0, columns: size, pairs: 8, into: &g, at: 0,
            stride: size)
        }
        return g[1]
      }),
  ]
}

private func functionParts() -> [Part] {
  let count = 512
  let rounds = 40
  func point(_ i: Int) -> Double { Double(i) / 1024 - 2 }
  let x = (0..<count).map { i in Lanes((0..<8).map { point(i * 8 + $0) }) }
  func part(_ name: String, _ f: @escaping (inout [Lanes]) -> Void, _ reference: @escaping (Double) -> Double) -> Part {
    Part(
      name: name, items: Double(count * 8 * rounds), unit: .nanoseconds,
      check: {
        var y = x
        f(&y)
        return agreement(
          y.flatMap { v in (0..<8).map { v[$0] } }, x.flatMap { v in (0..<8).map { reference(v[$0]) } }, 1e-15)
      },
      body: {
        var sum = 0.0
        for _ in 0..<rounds {
          var y = x
          f(&y)
          sum += y[7][0]
        }
        return sum
      })
  }
  return [
    part("exp, an element", { y in for i in y.indices { y[i] = Lanes.exp(y[i]) } }, Double.exp),
    part("tanh, an element", { y in for i in y.indices { y[i] = Lanes.tanh(y[i]) } }, Double.tanh),
    part("log, an element", { y in for i in y.indices { y[i] = Lanes.log(y[i] + 3) } }, { Double.log($0 + 3) }),
    part("sin and cos, an element", { y in for i in y.indices { y[i] = Lanes.sincos(y[i]).sin } }, Double.sin),
  ]
}

private func randomParts() -> [Part] {
  let random = Philox(key: 1)
  let rounds = 2000
  // Kept and not added up: a sum in the same function as the numbers has them made in quarters of registers.
  var numbers = ContiguousArray(repeating: Lanes32.zero, count: 2 * rounds)
  return [
    Part(
      name: "uniform number", items: Double(rounds * 32), unit: .nanoseconds,
      check: {
        let mean = (0..<1000).reduce(0.0) { $0 + random.uniforms(first: 0, stream: UInt64($1)).laneSum } / 32_000
        return abs(mean - 0.5) < 0.01 ? nil : "mean of 32 000 uniform numbers is \(mean)"
      },
      body: {
        for k in 0..<rounds { numbers[k] = random.uniforms(first: 0, stream: UInt64(k)) }
        return numbers[0][0]
      }),
    Part(
      name: "normal number", items: Double(rounds * 64), unit: .nanoseconds,
      check: {
        let square = (0..<1000).reduce(0.0) {
          let (x, y) = random.normalPairs(first: 0, stream: UInt64($1))
          return $0 + (x * x + y * y).laneSum
        }
        return abs(square / 64_000 - 1) < 0.05 ? nil : "variance of 64 000 normal numbers is \(square / 64_000)"
      },
      body: {
        for k in 0..<rounds {
          (numbers[2 * k], numbers[2 * k + 1]) = random.normalPairs(first: 0, stream: UInt64(k))
        }
        return numbers[0][0]
      }),
  ]
}
