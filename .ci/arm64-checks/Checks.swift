import Ch00Lanes
import Ch01LinearAlgebra

// What the C program beside this one checks the values of: the functions and kernels that everything else stands on. Each
// entry gets room for what it writes from its caller.

@_cdecl("swift_functions")
public func functions(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
  // x: 8 numbers, all positive; y: exp, tanh, log, sin, cos of them.
  let v = loadLanes(x)
  let (sine, cosine) = Lanes.sincos(v)
  storeLanes(Lanes.exp(v), y)
  storeLanes(Lanes.tanh(v), y + 8)
  storeLanes(Lanes.log(v), y + 16)
  storeLanes(sine, y + 24)
  storeLanes(cosine, y + 32)
}

/// Rows of 32 walkers, some numbers that depend on row and walker.
private func panel<Row: PanelRow>(_ rows: Int, _ kind: Row.Type) -> ContiguousArray<Row> {
  ContiguousArray(
    (0..<rows).map { row in
      var lanes = Lanes32.zero
      for walker in 0..<32 { lanes[walker] = Double((7 * row + 3 * walker) % 11) / 11 - 0.5 }
      return Row(rounding: lanes)
    })
}

/// y: rows · 32 numbers, W times a panel of `columns` rows, W_rk = (r - 2k) / 16.
private func multiply<Row: PanelRow>(_ rows: Int, _ columns: Int, _ y: UnsafeMutablePointer<Double>, _ kind: Row.Type) {
  let weights = PackedWeights<Row>(rows: rows, columns: columns) { Double($0 - 2 * $1) / 16 }
  let padded = (rows + 3) / 4 * 4
  var result = ContiguousArray(repeating: Row.zero, count: padded)
  panelProduct(
    weights, panel(columns, kind), at: 0, from: ContiguousArray(repeating: Row.zero, count: padded), into: &result,
    at: 0)
  for row in 0..<rows { for walker in 0..<32 { y[32 * row + walker] = result[row].doubles[walker] } }
}

@_cdecl("swift_panel_product")
public func panelProducts(_ rows: Int, _ columns: Int, _ single: Bool, _ y: UnsafeMutablePointer<Double>) {
  if single {
    multiply(rows, columns, y, SingleLanes32.self)
  } else {
    multiply(rows, columns, y, Lanes32.self)
  }
}

@_cdecl("swift_outer_product")
public func outerProducts(_ rows: Int, _ columns: Int, _ single: Bool, _ y: UnsafeMutablePointer<Double>) {
  // Two pairs of the same panels: twice their outer product, rows · columns numbers.
  var g = [Double](repeating: 0, count: rows * columns)
  func add<Row: PanelRow>(_ kind: Row.Type) {
    addOuterProducts(
      panel(rows, kind), at: 0, stride: 0, rows: rows, panel(columns, kind), at: 0, stride: 0, columns: columns,
      pairs: 2,
      into: &g, at: 0, stride: columns)
  }
  if single { add(SingleLanes32.self) } else { add(Lanes32.self) }
  for i in g.indices { y[i] = g[i] }
}

@_cdecl("swift_dot")
public func dotProduct(_ count: Int) -> Double {
  let x = (0..<count).map { Double($0 % 13) - 6 }
  return dot(x, x.map { $0 + 1 })
}
