import Ch00Lanes

/// How far a layer's forward rule and pullback are from the scalar modes, as fractions of the largest number compared.
public struct LayerCheck: Sendable {
  /// Value, first derivatives and Laplacian of the outputs against nested dual numbers.
  public var forward: Double
  /// The pullback's two results: ∂_θ ℓ, ∂_θ∂_k ℓ and ∂_θ Δℓ against a tape under dual numbers, and the same derivatives
  /// of ∂ℓ/∂x_if, the input sensitivities, against dual numbers three deep.
  public var pullback: Double
  /// `push` against `pull`: v · pull(u) = u · push(v).
  public var transpose: Double
  /// The largest of the three.
  public var worst: Double { max(forward, pullback, transpose) }
}

/// Holds a layer's three statements against each other at a random point.
///
/// Features are quadratic functions of the coordinates and the scalar at the end is ℓ = ½ Σ c y², so that every
/// derivative of every rule is at work. Rounding leaves about 1e-14; a wrong rule leaves 0.1.
///
///     #expect(checkLayer(MyLayer(…), particles: 3, seed: 1).worst < 1e-12)
///
/// - Parameters:
///   - layer: its sizes and rules count; parameters are drawn at random.
///   - n: particles and coordinates, at least 1.
///   - seed: of parameters, features and positions.
/// - Complexity: n tapes of the reference, and about n (n + 1) (inputs + outputs) passes of dual numbers.
public func checkLayer<Layer: JetLayer>(_ layer: Layer, particles n: Int, seed: UInt64) -> LayerCheck {
  var layer = layer
  var random = CheckGenerator(state: seed)
  let parameters = (0..<layer.weights.count).map { _ in random.next() }
  let positions = (0..<n).map { _ in random.next() }
  // x_i,f = a + Σ_k b_k x_k + ½ Σ_k c_k x_k²
  let feature = (0..<n).map { _ in
    (0..<layer.inputs).map { _ in
      (random.next(), (0..<n).map { _ in random.next() }, (0..<n).map { _ in random.next() })
    }
  }
  let c = (0..<n).map { _ in (0..<layer.outputs).map { _ in random.next() } }

  func features<S: DifferentiableScalar>(_ x: [S]) -> [[S]] {
    feature.map { particle in
      particle.map { a, b, q in
        var sum = S(a)
        for k in x.indices { sum += S(b[k]) * x[k] + S(0.5 * q[k]) * x[k] * x[k] }
        return sum
      }
    }
  }
  func end<S: DifferentiableScalar>(_ parameters: [S], _ x: [S]) -> S {
    let y = layer.reference(parameters, features(x))
    var sum: S = 0
    for i in 0..<n { for f in 0..<layer.outputs { sum += S(0.5 * c[i][f]) * y[i][f] * y[i][f] } }
    return sum
  }

  // Forward: the batched jets of y against the scalar ones.
  layer.load(parameters[...])
  var x = JetTile(particles: n, features: layer.inputs, coordinates: n, order: .laplacian)
  for i in 0..<n {
    for f in 0..<layer.inputs {
      x.setJet(i, f, jet(of: { features($0)[i][f] }, at: positions))
    }
  }
  var y = x.sibling(features: layer.outputs)
  var workspace = JetWorkspace(width: max(layer.inputs, layer.outputs))
  layer.forward(x, into: &y, workspace: &workspace)
  var forward = Deviation()
  for i in 0..<n {
    for f in 0..<layer.outputs {
      let expected = jet(of: { s in layer.reference(parameters.map { .init($0) }, features(s))[i][f] }, at: positions)
      for (component, value) in expected.enumerated() { forward.note(y[i, component, f][7], value) }
    }
  }

  // Backward: sensitivities of y are c y, as jets.
  var e = y
  for i in 0..<n {
    for component in 0..<y.components {
      for f in 0..<layer.outputs { e[i, component, f] = c[i][f] * e[i, component, f] }
    }
  }
  var inputSensitivity = x
  var factors = ParameterFactors(layer.weights, tiles: 1, particles: n, coordinates: n, order: .laplacian)
  layer.pullback(
    &e, x: x, y: y, tile: 0, into: &inputSensitivity, wantsInputs: true, factors: &factors, workspace: &workspace)
  var factorWorkspace = FactorWorkspace<Lanes32>()
  let expected = parameterJets(of: end, parameters, positions)
  var backward = Deviation()
  var transpose = Deviation()
  let v = parameters.map { _ in random.next() }
  var pushed = ContiguousArray(repeating: Lanes32.zero, count: x.components)
  factors.push(JetAffine(v[...], layout: layer.weights), into: &pushed, workspace: &factorWorkspace)
  for component in 0..<x.components {
    // Weight 1 for walker 3 alone.
    var weights = ContiguousArray(repeating: Lanes32.zero, count: x.components)
    weights[component][3] = 1
    var gradient = [Double](repeating: 0, count: parameters.count)
    factors.pull(weights, into: &gradient, at: 0, workspace: &factorWorkspace)
    var dot = 0.0
    for p in gradient.indices {
      backward.note(gradient[p], expected[component][p])
      dot += gradient[p] * v[p]
    }
    transpose.note(pushed[component][3], dot)
  }
  // ∂ℓ/∂(inputs), by shifting each input by a constant.
  for i in 0..<n {
    for f in 0..<layer.inputs {
      let expected = inputJets(
        of: { shifted in
          let y = layer.reference(parameters.map { .init($0) }, shifted)
          var sum: Dual<SecondOrder> = 0
          for i in 0..<n {
            for f in 0..<layer.outputs { sum += .init(0.5 * c[i][f]) * y[i][f] * y[i][f] }
          }
          return sum
        }, features, i, f, at: positions)
      for (component, value) in expected.enumerated() { backward.note(inputSensitivity[i, component, f][9], value) }
    }
  }
  return LayerCheck(forward: forward.relative, pullback: backward.relative, transpose: transpose.relative)
}

/// A number with its first and second derivative along one coordinate.
private typealias SecondOrder = Dual<Dual<Double>>

/// Value, first derivatives and Laplacian of f by nested dual numbers.
private func jet(of f: ([SecondOrder]) -> SecondOrder, at x: [Double]) -> [Double] {
  let value = f(x.map { .init($0) }).primal.primal
  var first: [Double] = []
  var laplacian = 0.0
  for k in x.indices {
    let y = f(x.indices.map { Dual(Dual(x[$0], tangent: $0 == k ? 1 : 0), tangent: $0 == k ? 1 : 0) })
    first.append(y.primal.tangent)
    laplacian += y.tangent.tangent
  }
  return [value] + first + [laplacian]
}

/// ∂_θ ℓ, ∂_θ ∂_k ℓ and ∂_θ Δℓ: a tape in the parameters under dual numbers in the coordinates.
private func parameterJets(
  of end: ([Adjoint<SecondOrder>], [Adjoint<SecondOrder>]) -> Adjoint<SecondOrder>,
  _ parameters: [Double], _ x: [Double]
) -> [[Double]] {
  var value: [Double] = []
  var first: [[Double]] = []
  var laplacian = [Double](repeating: 0, count: parameters.count)
  for k in x.indices {
    let coordinates = x.indices.map { Dual(Dual(x[$0], tangent: $0 == k ? 1 : 0), tangent: $0 == k ? 1 : 0) }
    let g = gradient(
      of: { p in end(p, coordinates.map { Adjoint(constant: $0) }) },
      at: parameters.map { Dual(Dual($0, tangent: 0), tangent: 0) })
    value = g.map(\.primal.primal)
    first.append(g.map(\.primal.tangent))
    for p in g.indices { laplacian[p] += g[p].tangent.tangent }
  }
  return [value] + first + [laplacian]
}

/// The jet of ∂ℓ/∂x_if, where x_if are the features.
private func inputJets(
  of end: ([[Dual<SecondOrder>]]) -> Dual<SecondOrder>, _ features: ([SecondOrder]) -> [[SecondOrder]], _ i: Int,
  _ f: Int,
  at x: [Double]
) -> [Double] {
  var value = 0.0
  var first: [Double] = []
  var laplacian = 0.0
  for k in x.indices {
    let inner = features(x.indices.map { Dual(Dual(x[$0], tangent: $0 == k ? 1 : 0), tangent: $0 == k ? 1 : 0) })
    let shifted = inner.indices.map { p in
      inner[p].indices.map { q in Dual(inner[p][q], tangent: p == i && q == f ? 1 : 0) }
    }
    let y = end(shifted).tangent
    value = y.primal.primal
    first.append(y.primal.tangent)
    laplacian += y.tangent.tangent
  }
  return [value] + first + [laplacian]
}

extension JetTile {
  /// The same jet for all 32 walkers.
  fileprivate mutating func setJet(_ particle: Int, _ feature: Int, _ jet: [Double]) {
    for (component, value) in jet.enumerated() { self[particle, component, feature] = Lanes32(repeating: value) }
  }
}

/// Largest difference over largest magnitude.
private struct Deviation {
  var difference = 0.0
  var scale = 0.0
  mutating func note(_ x: Double, _ expected: Double) {
    difference = (x - expected).isNaN ? .infinity : max(difference, abs(x - expected))
    scale = max(scale, abs(expected))
  }
  var relative: Double { scale > 0 ? difference / scale : difference }
}

/// A linear congruential generator: numbers in ±1 that need no other module.
private struct CheckGenerator {
  var state: UInt64
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
  }
}
