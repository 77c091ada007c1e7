import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling

/// f_θ(x), a number for a point x of n coordinates: the network of all problems of this chapter.
///
///     h¹ = tanh(W¹ x + b¹)      hˡ = tanh(Wˡ hˡ⁻¹ + bˡ) + hˡ⁻¹      f = w · h^L + b - c |x|²
///
/// It is written as a wave function ψ = e^f, ln|ψ| = f, without nodes. That is all it takes to have ∂_θ f, ∂_θ∂_k f and ∂_θ Δf
/// at many points by chapter 4's ``/Ch04DeterminantAnsatz/ParameterDerivatives``, and with them every metric of chapters 7 and
/// 12: walkers are then points, and O, M and K keep their meaning. As a density it is ψ² = e^{2f}, unnormalised; c > 0 makes it
/// one that can be normalised, since tanh keeps the rest of f bounded by a linear function.
public struct PointNetwork: TrainableWaveFunction {
  /// n, the coordinates of a point.
  public let particles: Int
  /// c, in inverse squared lengths; 0 for a function that is no density.
  public let confinement: Double
  /// A layer each, the last one with one output.
  public let parameterGroups: [ParameterGroup]
  private var layers: [TanhLayer]
  private var output: AffineLayer
  private let hidden: Int

  /// θ, in the order of `parameterGroups`; another count stops the program.
  public var parameters: [Double] {
    didSet { load() }
  }

  /// A network with random weights: uniform in ±3/√n in the first layer, in ±1/√inputs in the others.
  ///
  /// - Parameters:
  ///   - coordinates: n, at least 1.
  ///   - hidden: features of a layer, at least 1.
  ///   - layers: L, at least 1.
  ///   - confinement: c ≥ 0.
  ///   - seed: of the weights.
  public init(coordinates: Int = 1, hidden: Int = 12, layers: Int = 2, confinement: Double = 0, seed: UInt64) {
    precondition(
      coordinates > 0 && hidden > 0 && layers > 0 && confinement >= 0,
      "no network of \(layers) layers with \(hidden) features for \(coordinates) coordinates")
    (particles, self.hidden, self.confinement) = (coordinates, hidden, confinement)
    self.layers = (0..<layers).map { l in
      TanhLayer(inputs: l == 0 ? coordinates : hidden, outputs: hidden, residual: l > 0)
    }
    output = AffineLayer(inputs: hidden, outputs: 1)
    var groups: [ParameterGroup] = []
    for (l, layout) in (self.layers.map(\.weights) + [output.weights]).enumerated() {
      groups.append(ParameterGroup(role: .layer(l), layout: layout, start: groups.last?.range.upperBound ?? 0))
    }
    parameterGroups = groups
    let random = Philox(key: seed)
    parameters = groups.flatMap { group -> [Double] in
      let bound = (group.start == 0 ? 3 : 1) / Double(group.layout.inputs).squareRoot()
      return (0..<group.layout.count).map { place in
        let at = group.start + place
        let stream = Philox.stream(.user, sweep: 0, draw: 0)
        return bound * (2 * random.uniforms(first: UInt64(at / 32 * 32), stream: stream)[at % 32] - 1)
      }
    }
    load()
  }

  private mutating func load() {
    let count = parameterGroups.parameterCount
    precondition(parameters.count == count, "\(count) parameters expected, got \(parameters.count)")
    for l in layers.indices { layers[l].load(parameters[parameterGroups[l].range]) }
    output.load(parameters[parameterGroups[layers.count].range])
  }

  /// `layer.l`, each [outputs × inputs] row-major with its bias behind.
  public var tensors: [NamedTensor] {
    parameterGroups.enumerated().map { NamedTensor("layer.\($0)", [$1.layout.count], Array(parameters[$1.range])) }
  }

  /// f at a point for any scalar: the definition, which every fast path is held against.
  public func reference<S: DifferentiableScalar>(_ parameters: [S], _ x: [S]) -> S {
    var features = [x]
    for (layer, group) in zip(layers, parameterGroups) {
      features = layer.reference(Array(parameters[group.range]), features)
    }
    let last = Array(parameters[parameterGroups[layers.count].range])
    return x.reduce(output.reference(last, features)[0][0]) { $0 - S(confinement) * $1 * $1 }
  }
}

// MARK: Jets

extension PointNetwork {
  /// Scratch memory for one tile of points.
  public struct Workspace: Sendable {
    var features: [JetTile]
    var jets: JetWorkspace
    /// Sensitivities of a layer's features and of those before it.
    var later: JetTile
    var earlier: JetTile
    var unused: JetTile
  }

  /// Scratch memory of one thread for values alone.
  public func makeWorkspace() -> Workspace { makeWorkspace(order: .value) }

  /// Scratch memory of one thread at this order.
  public func makeWorkspace(order: JetOrder) -> Workspace {
    let x = JetTile(particles: particles, features: particles, coordinates: particles, order: order)
    let h = x.sibling(features: hidden)
    return Workspace(
      features: [x] + layers.map { _ in h } + [x.sibling(features: 1)],
      jets: JetWorkspace(width: max(hidden, particles)), later: h, earlier: h, unused: x)
  }

  /// Scratch memory of one thread for `record` at this order.
  public func makeReverseWorkspace(order: JetOrder) -> Workspace { makeWorkspace(order: order) }

  /// sign ψ = 1 and f of the 32 points of one tile.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Workspace
  ) {
    var jet = ContiguousArray([Lanes32.zero])
    logPsiJet(positions, at: start, sign: &sign, jet: &jet, workspace: &workspace)
    logMagnitude = jet[0]
  }

  /// sign ψ = 1, and f as a jet, at the 32 points of one tile.
  ///
  /// Chapter 4's memory has a panel a particle. A point is one thing with n features: it goes through panel 0, and what is in
  /// the others counts for nothing.
  public func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    workspace w: inout Workspace
  ) {
    for k in 0..<particles {
      w.features[0][0, 0, k] = positions[start + k]
      if w.features[0].order > .value { w.features[0][0, 1 + k, k] = Lanes32(repeating: 1) }
    }
    for l in layers.indices { layers[l].forward(w.features[l], into: &w.features[l + 1], workspace: &w.jets) }
    output.forward(w.features[layers.count], into: &w.features[layers.count + 1], workspace: &w.jets)
    sign = Lanes32(repeating: 1)
    for component in jet.indices { jet[component] = w.features[layers.count + 1][0, component, 0] }
    guard confinement > 0 else { return }
    for k in 0..<particles {
      let x = positions[start + k]
      jet[0] += -confinement * (x * x)
      if jet.count > 1 { jet[1 + k] += (-2 * confinement) * x }
      if jet.count > particles + 1 { jet[particles + 1] += Lanes32(repeating: -2 * confinement) }
    }
  }

  /// The same, and the factors of ∂_θ f and its derivatives in the coordinates.
  public func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    into factors: inout [ParameterFactors], workspace w: inout Workspace
  ) {
    logPsiJet(positions, at: tile * particles, sign: &sign, jet: &jet, workspace: &w)
    // ∂f/∂f = 1, in panel 0.
    var sensitivity = w.features[layers.count + 1].sibling(features: 1)
    sensitivity[0, 0, 0] = Lanes32(repeating: 1)
    output.pullback(
      &sensitivity, x: w.features[layers.count], y: w.features[layers.count + 1], tile: tile, into: &w.later,
      wantsInputs: true, factors: &factors[layers.count], workspace: &w.jets)
    for l in layers.indices.reversed() {
      if l == 0 {
        layers[0].pullback(
          &w.later, x: w.features[0], y: w.features[1], tile: tile, into: &w.unused, wantsInputs: false,
          factors: &factors[0], workspace: &w.jets)
      } else {
        layers[l].pullback(
          &w.later, x: w.features[l], y: w.features[l + 1], tile: tile, into: &w.earlier, wantsInputs: true,
          factors: &factors[l], workspace: &w.jets)
        swap(&w.later, &w.earlier)
      }
    }
  }
}
