import Ch00Lanes
import Ch02AutomaticDifferentiation
import TestSupport
import Testing

/// y = tanh(W_own x + W_mean ⟨x⟩ + b), + x where asked: the activation's rules under every kind of sharing.
private struct TanhLayer: JetLayer {
  let weights: WeightLayout
  let hasResidual: Bool
  var affine: JetAffine

  init(_ inputs: Int, _ outputs: Int, sharing: WeightSharing, hasBias: Bool = true, residual: Bool = false) {
    weights = WeightLayout(inputs: inputs, outputs: outputs, hasBias: hasBias, sharing: sharing)
    hasResidual = residual
    affine = JetAffine(weights)
  }

  func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    let mean =
      weights.sharing == .equivariant
      ? (0..<inputs).map { f in features.reduce(0) { $0 + $1[f] } / S(Double(features.count)) } : []
    return features.map { own in
      let y = affineReference(weights, parameters, own: own, mean: mean).map { tanh($0) }
      return hasResidual ? zip(y, own).map { $0 + $1 } : y
    }
  }

  mutating func load(_ parameters: ArraySlice<Double>) { affine.load(parameters) }

  func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    affine.forward(x, into: &y, panels: &workspace.panels)
    y.applyTanh(residual: hasResidual ? x : nil)
  }

  func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace
  ) {
    let passedOn = sensitivity
    sensitivity.pullThroughTanh(y: y, residual: hasResidual ? x : nil)
    factors.record(tile: tile, activities: x, sensitivities: sensitivity)
    affine.transposed(sensitivity, into: &inputSensitivity, panels: &workspace.panels)
    if hasResidual { inputSensitivity.add(passedOn) }
  }
}

/// The same with a rule that is wrong by a factor: what `checkLayer` is there to find.
private struct WrongLayer: JetLayer {
  enum Mistake { case forward, pullback }
  var right = TanhLayer(3, 3, sharing: .particle)
  let mistake: Mistake
  var weights: WeightLayout { right.weights }

  func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    right.reference(parameters, features)
  }
  mutating func load(_ parameters: ArraySlice<Double>) { right.load(parameters) }
  func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    right.forward(x, into: &y, workspace: &workspace)
    // Forgets that a Laplacian has a second term.
    if mistake == .forward { y[0, y.components - 1, 1] = .zero }
  }
  func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace
  ) {
    if mistake == .pullback { sensitivity[0, 0, 2] = 2 * sensitivity[0, 0, 2] }
    right.pullback(
      &sensitivity, x: x, y: y, tile: tile, into: &inputSensitivity, wantsInputs: wantsInputs, factors: &factors,
      workspace: &workspace)
  }
}

// Rounding: sums of some hundred products, each good to 1e-16, in numbers that the check scales to 1.
@Suite("2.10 Activations on jets") struct Activations {
  @Test("tanh forward and backward is that of the scalar modes, however many particles", arguments: [1, 2, 3, 5])
  func tanhLayer(particles: Int) {
    #expect(checkLayer(TanhLayer(3, 5, sharing: .particle), particles: particles, seed: 1).worst < 1e-12)
    #expect(checkLayer(TanhLayer(5, 2, sharing: .equivariant), particles: particles, seed: 2).worst < 1e-12)
  }

  @Test("a residual passes jets and sensitivities on", arguments: [1, 2, 4])
  func residual(particles: Int) {
    let shared = TanhLayer(4, 4, sharing: .equivariant, residual: true)
    let own = TanhLayer(3, 3, sharing: .particle, residual: true)
    #expect(checkLayer(shared, particles: particles, seed: 3).worst < 1e-12)
    #expect(checkLayer(own, particles: particles, seed: 4).worst < 1e-12)
  }

  @Test("layers without a bias have one parameter less an output", arguments: [1, 3])
  func unbiased(particles: Int) {
    let layer = TanhLayer(2, 3, sharing: .equivariant, hasBias: false)
    #expect(layer.weights.count == 12)
    #expect(checkLayer(layer, particles: particles, seed: 5).worst < 1e-12)
  }

  @Test("widths that fill no block of four", arguments: [(1, 1), (1, 7), (6, 1), (9, 5)])
  func oddWidths(inputs: Int, outputs: Int) {
    #expect(checkLayer(TanhLayer(inputs, outputs, sharing: .equivariant), particles: 2, seed: 6).worst < 1e-12)
  }

  @Test("a residual of another shape stops the program before memory behind it is read")
  func shapes() async {
    await #expect(processExitsWith: .failure) {
      var tile = JetTile(particles: 2, features: 3, coordinates: 2, order: .laplacian)
      tile.applyTanh(residual: JetTile(particles: 2, features: 2, coordinates: 2, order: .laplacian))
    }
  }

  @Test("a wrong rule is found out")
  func mistakes() {
    let forward = checkLayer(WrongLayer(mistake: .forward), particles: 2, seed: 7)
    let pullback = checkLayer(WrongLayer(mistake: .pullback), particles: 2, seed: 7)
    #expect(forward.forward > 1e-2)
    #expect(pullback.forward < 1e-12 && pullback.pullback > 1e-2)
  }
}

@Suite("2.12 Tiles of jets") struct JetTiles {
  @Test("a jet has 1, 1 + n or 2 + n numbers")
  func components() {
    #expect(JetOrder.allCases.map { $0.components(coordinates: 6) } == [1, 7, 8])
  }

  @Test("coordinates are their own jets: ∂x_i/∂x_k = δ_ik, Δx_i = 0", arguments: [1, 2, 5])
  func coordinates(n: Int) {
    var tile = JetTile(particles: n, features: 1, coordinates: n, order: .laplacian)
    tile.setCoordinates(ContiguousArray((0...n).map { Lanes32(repeating: Double($0)) }), at: 1)
    for i in 0..<n {
      #expect(tile[i, 0, 0] == Lanes32(repeating: Double(i + 1)))
      for k in 0..<n { #expect(tile[i, 1 + k, 0] == Lanes32(repeating: i == k ? 1 : 0)) }
      #expect(tile[i, n + 1, 0] == .zero)
    }
  }

  @Test("features that fill up a block of four stay zero on the way there and back", arguments: [1, 2, 3])
  func padding(particles: Int) {
    for sharing in [WeightSharing.particle, .equivariant] {
      var layer = TanhLayer(3, 5, sharing: sharing)
      var random = SplitMix64(seed: 1)
      layer.load(random.uniform(-1...1, count: layer.weights.count)[...])
      var x = JetTile(particles: particles, features: 3, coordinates: particles, order: .laplacian)
      for i in 0..<particles {
        for c in 0..<x.components {
          for f in 0..<3 { x[i, c, f] = Lanes32(repeating: random.uniform(-1...1, count: 1)[0]) }
        }
      }
      var y = x.sibling(features: 5)
      var workspace = JetWorkspace(width: 5)
      layer.forward(x, into: &y, workspace: &workspace)
      expectZeroPadding(y)
      var e = y
      var back = x
      var factors = ParameterFactors(
        layer.weights, tiles: 1, particles: particles, coordinates: particles, order: .laplacian)
      layer.pullback(
        &e, x: x, y: y, tile: 0, into: &back, wantsInputs: true, factors: &factors, workspace: &workspace)
      expectZeroPadding(e)
      expectZeroPadding(back)
    }
  }

  private func expectZeroPadding(_ tile: JetTile) {
    #expect(tile.stride > tile.features)
    for i in 0..<tile.particles {
      for c in 0..<tile.components {
        for f in tile.features..<tile.stride { #expect(tile.storage[tile.index(i, c, f)] == .zero) }
      }
    }
  }

  @Test("a copy takes over the shape as well")
  func copy() {
    var small = JetTile(particles: 1, features: 1, coordinates: 1, order: .value)
    var large = JetTile(particles: 2, features: 5, coordinates: 2, order: .laplacian)
    large[1, 3, 4] = Lanes32(repeating: 7)
    small.copy(large)
    #expect(small.features == 5 && small[1, 3, 4] == Lanes32(repeating: 7))
    small.add(large)
    #expect(small[1, 3, 4] == Lanes32(repeating: 14))
  }

  @Test("a tile that takes another's shape is that shape, also where both pad to the same length")
  func reshape() {
    var scratch = JetTile(particles: 1, features: 5, coordinates: 1, order: .value)
    let wanted = JetTile(particles: 1, features: 7, coordinates: 1, order: .value)
    #expect(!scratch.hasShape(of: wanted))
    scratch.reshape(like: wanted)
    #expect(scratch.hasShape(of: wanted) && scratch.features == 7)
  }
}

@Suite("2.13 Parameter derivatives as factors") struct Factors {
  /// Factors of three tiles with random jets in them.
  static func random(
    _ layout: WeightLayout, particles: Int, order: JetOrder, seed: UInt64
  ) -> (factors: ParameterFactors, random: SplitMix64) {
    var random = SplitMix64(seed: seed)
    var factors = ParameterFactors(layout, tiles: 3, particles: particles, coordinates: particles, order: order)
    func tile(_ features: Int) -> JetTile {
      var tile = JetTile(particles: particles, features: features, coordinates: particles, order: order)
      for i in 0..<particles {
        for c in 0..<tile.components { for f in 0..<features { tile[i, c, f] = random.lanes() } }
      }
      return tile
    }
    for t in 0..<3 { factors.record(tile: t, activities: tile(layout.inputs), sensitivities: tile(layout.outputs)) }
    return (factors, random)
  }

  static let layouts = [
    WeightLayout(inputs: 1, outputs: 1, hasBias: false, sharing: .particle),
    WeightLayout(inputs: 5, outputs: 3, hasBias: true, sharing: .particle),
    WeightLayout(inputs: 4, outputs: 9, hasBias: true, sharing: .equivariant),
    WeightLayout(inputs: 1, outputs: 6, hasBias: true, sharing: .equivariant),
  ]

  @Test(
    "push and pull are each other's transpose: u · push(v) = pull(u) · v",
    arguments: JetOrder.allCases, [1, 2, 5])
  func transpose(order: JetOrder, particles: Int) {
    for layout in Factors.layouts {
      let (factors, generator) = Factors.random(layout, particles: particles, order: order, seed: 11)
      var random = generator
      var workspace = FactorWorkspace<Lanes32>()
      let v = random.uniform(-1...1, count: layout.count)
      let u = ContiguousArray((0..<(3 * factors.components)).map { _ in random.lanes() })
      var jets = ContiguousArray(repeating: Lanes32.zero, count: u.count)
      factors.push(JetAffine(v[...], layout: layout), into: &jets, workspace: &workspace)
      // All parameters of a network: this layer's are in the middle.
      var gradient = [Double](repeating: 0, count: layout.count + 5)
      factors.pull(u, into: &gradient, at: 2, workspace: &workspace)
      let left = zip(u, jets).reduce(0) { $0 + ($1.0 * $1.1).laneSum }
      let right = zip(v, gradient[2...]).reduce(0) { $0 + $1.0 * $1.1 }
      // Some ten thousand products of random sign: √10⁴ · 10⁴ roundings at most.
      #expect(left ≈ right ± 1e-10)
      #expect(gradient[0..<2] == [0, 0] && gradient[(2 + layout.count)...] == [0, 0, 0])
    }
  }

  @Test("pull and push add to what is there")
  func added() {
    let layout = Factors.layouts[2]
    let (factors, generator) = Factors.random(layout, particles: 2, order: .gradient, seed: 12)
    var random = generator
    var workspace = FactorWorkspace<Lanes32>()
    let u = ContiguousArray((0..<(3 * factors.components)).map { _ in random.lanes() })
    var once = [Double](repeating: 0, count: layout.count)
    factors.pull(u, into: &once, at: 0, workspace: &workspace)
    var twice = once
    factors.pull(u, into: &twice, at: 0, workspace: &workspace)
    #expect(twice ≈ once.map { 2 * $0 } ± 1e-12)
  }
}

extension SplitMix64 {
  /// 32 independent numbers, uniform between -1 and 1.
  fileprivate mutating func lanes() -> Lanes32 {
    var lanes = Lanes32.zero
    for (walker, x) in uniform(-1...1, count: Lanes32.count).enumerated() { lanes[walker] = x }
    return lanes
  }
}
