import AppendixText
import Ch00Lanes
import Ch02AutomaticDifferentiation

// MARK: Differences

// region: difference
func secondDifference(_ x: Double, step h: Double) -> Double {
  (sin(x + h) - 2 * sin(x) + sin(x - h)) / (h * h)
}
// end

func differences() {
  print("== differences ==")
  // region: differences
  let steps = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9]
  let errors = steps.map { abs(secondDifference(0.7, step: $0) + sin(0.7)) }
  for i in 0..<3 { print("h = \(steps[i]): error", scientific(errors[i], 0)) }
  let least = errors.min()!
  print("least error of \(steps.count) steps ≈ \(scientific(least, 0)), above 1e-10: \(yesOrNo(least > 1e-10))")
  print("h = 1e-8: error ≈ \(fixed(errors[7], 1)), above 0.1: \(yesOrNo(errors[7] > 0.1))")
  // end
}

// MARK: Forward mode

// region: moving
/// x + ẋ ε with ε² = 0: a value, and how fast it moves.
struct Moving {
  var value: Double
  var speed: Double

  static func * (x: Moving, y: Moving) -> Moving {
    Moving(value: x.value * y.value, speed: x.speed * y.value + x.value * y.speed)
  }
  static func sine(_ x: Moving) -> Moving {
    Moving(value: sin(x.value), speed: cos(x.value) * x.speed)
  }
}
// end

// region: wiggle
func wiggle<S: DifferentiableScalar>(_ x: S) -> S { x * sin(x * x) }
// end

func forwardMode() {
  print("== moving ==")
  // region: moving-run
  let x = Moving(value: 0.7, speed: 1)
  let y = x * .sine(x * x)
  print("value", fixed(y.value, 12), " speed", fixed(y.speed, 12))
  print("by hand                    ", fixed(sin(0.49) + 2 * 0.49 * cos(0.49), 12))
  // end

  print("== wiggle ==")
  // region: wiggle-run
  print("f  ", fixed(wiggle(0.7), 12))
  print("f′ ", fixed(derivative(of: wiggle, at: 0.7), 12))
  print("f″ ", fixed(derivative(of: { derivative(of: wiggle, at: $0) }, at: 0.7), 12))
  // end
}

// MARK: Reverse mode

// region: chain
/// Σ_i sin(x_i) x_{i+1}, the last one followed by the first.
func chain<S: DifferentiableScalar>(_ x: [S]) -> S {
  x.indices.reduce(0) { $0 + sin(x[$1]) * x[($1 + 1) % x.count] }
}
// end

func reverseMode() {
  print("== tape ==")
  // region: tape
  let tape = Tape<Double>()
  let x = tape.variable(2)
  let y = tape.variable(3)
  let z = x * x * y
  print("z = \(z.value), \(tape.count) nodes on the tape")
  print("∇z =", tape.gradient(of: z, by: [x, y]))
  // end

  print("== cost ==")
  // region: cost
  for n in [2, 20, 200] {
    let tape = Tape<Double>()
    let x = (0..<n).map { tape.variable(Double($0)) }
    let y = chain(x)
    let gradient = tape.gradient(of: y, by: x)
    print("\(gradient.count) derivatives from one walk over \(tape.count) nodes; forward mode runs \(n) times")
  }
  // end

  print("== race ==")
  // region: race
  let point = (0..<200).map { Double($0) / 200 }
  let backward = shortestTime { gradient(of: chain, at: point) }
  let forward = shortestTime { gradientForward(of: chain, at: point) }
  let apart = zip(backward.result, forward.result).map { abs($0 - $1) }.max()!
  print("reverse mode \(fixed(backward.milliseconds, 3)) ms, forward mode \(fixed(forward.milliseconds, 3)) ms")
  let ratio = forward.milliseconds / backward.milliseconds
  print("reverse mode is ≈ \(fixed(ratio, 0)) times as fast, more than 5: \(yesOrNo(ratio > 5))")
  print("apart by ≈ \(scientific(apart, 0)), below 1e-14: \(yesOrNo(apart < 1e-14))")
  // end
}

// MARK: One over the other

// region: trial
/// ψ(x) = exp(-½ a Σ x_i²)
func trial<S: DifferentiableScalar>(_ x: [S], narrowness a: Double) -> S {
  exp(S(-0.5 * a) * x.reduce(0) { $0 + $1 * $1 })
}

/// E_L = -½ ∇²ψ / ψ + ½ Σ x_i²
func localEnergy(_ x: [Double], narrowness a: Double) -> Double {
  let kinetic = -0.5 * laplacian(of: { trial($0, narrowness: a) }, at: x) / trial(x, narrowness: a)
  return kinetic + 0.5 * x.reduce(0) { $0 + $1 * $1 }
}
// end

func secondDerivatives() {
  print("== hessian ==")
  // region: hessian
  for row in hessian(of: chain, at: [0.3, 0.5, 0.9]) { print(columns(row)) }
  // end

  print("== local ==")
  // region: local
  for a in [0.8, 1, 1.2] {
    let energies = [0, 1, 2].map { localEnergy([$0], narrowness: a) }
    print("a = \(a):", columns(energies))
  }
  print("three particles, a = 1.0:", fixed(localEnergy([0.4, -1.3, 2.2], narrowness: 1), 6))
  // end
}

// MARK: Jets

// region: layer
/// y_i = sin(W x_i + b) for every particle.
struct SineLayer: JetLayer {
  let weights: WeightLayout
  /// sin″ = -sin; any other number is a mistake, for `checkLayer` to find.
  let curvature: Double
  var affine: JetAffine

  init(inputs: Int, outputs: Int, curvature: Double = -1) {
    weights = WeightLayout(inputs: inputs, outputs: outputs, hasBias: true, sharing: .particle)
    affine = JetAffine(weights)
    self.curvature = curvature
  }

  func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    features.map { x in affineReference(weights, parameters, own: x).map { sin($0) } }
  }

  mutating func load(_ parameters: ArraySlice<Double>) { affine.load(parameters) }

  func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    affine.forward(x, into: &y, panels: &workspace.panels)
    y.apply { p in
      let (sin, cos) = Lanes.sincos(p)
      return (sin, cos, curvature * sin)
    }
  }

  func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace
  ) {
    // The chain rule: through the sine by its slope cos(W x + b), and then through W. The slope is a jet as well, so it
    // wants cos with the two derivatives of cos.
    workspace.scratch.reshape(like: y)
    affine.forward(x, into: &workspace.scratch, panels: &workspace.panels)
    workspace.scratch.apply { p in
      let (sin, cos) = Lanes.sincos(p)
      return (cos, -sin, -cos)
    }
    sensitivity.multiply(by: workspace.scratch)
    factors.record(tile: tile, activities: x, sensitivities: sensitivity)
    if wantsInputs { affine.transposed(sensitivity, into: &inputSensitivity, panels: &workspace.panels) }
  }
}
// end

// region: network
/// ln ψ(x) = Σ_i Σ_f sin(w_f x_i + b_f) - ½ Σ_i x_i²
func logPsi<S: DifferentiableScalar>(_ layer: SineLayer, _ parameters: [Double], _ x: [S]) -> S {
  let y = layer.reference(parameters.map { S($0) }, x.map { [$0] })
  return y.joined().reduce(0, +) - 0.5 * x.reduce(0) { $0 + $1 * $1 }
}
// end

// region: batch
/// ln ψ of 32 walkers, with its derivatives in all coordinates: shape [coordinates + 2].
func logPsiJet(_ layer: SineLayer, _ positions: ContiguousArray<Lanes32>) -> [Lanes32] {
  let n = positions.count
  var x = JetTile(particles: n, features: 1, coordinates: n, order: .laplacian)
  x.setCoordinates(positions)
  var y = x.sibling(features: layer.outputs)
  var workspace = JetWorkspace(width: layer.outputs)
  layer.forward(x, into: &y, workspace: &workspace)
  var square = x
  square.multiply(by: x)
  return zip(y.sum(), square.sum()).map { $0 - 0.5 * $1 }
}
// end

func jets() {
  print("== sizes ==")
  // region: sizes
  for n in [2, 6, 20] {
    let all = 1 + n + n * (n + 1) / 2
    print("n = \(n): a jet has \(JetOrder.laplacian.components(coordinates: n)) numbers;", terminator: " ")
    print("\(all) with every second derivative, \(4 * n) by nested dual numbers")
  }
  // end

  print("== walkers ==")
  // region: walkers
  var layer = SineLayer(inputs: 1, outputs: 8)
  let parameters = (0..<layer.weights.count).map { 0.4 * cos(3.0 * Double($0)) }
  layer.load(parameters[...])

  var positions = ContiguousArray(repeating: Lanes32.zero, count: 2)
  for walker in 0..<32 {
    positions[0][walker] = sin(Double(walker))
    positions[1][walker] = cos(0.6 * Double(walker))
  }
  let jet = logPsiJet(layer, positions)
  for walker in 0..<3 { print("walker \(walker):", columns(jet.map { $0[walker] })) }
  // end

  print("== compare ==")
  // region: compare
  let oneByOne = shortestTime {
    (0..<32).map { walker in
      laplacian(of: { logPsi(layer, parameters, $0) }, at: positions.map { $0[walker] })
    }
  }
  let together = shortestTime { logPsiJet(layer, positions) }
  let apart = (0..<32).map { abs(together.result[3][$0] - oneByOne.result[$0]) }.max()!
  let ratio = oneByOne.milliseconds / together.milliseconds
  print("32 Laplacians by dual numbers: apart by ≈ \(scientific(apart, 0)), below 1e-12: \(yesOrNo(apart < 1e-12))")
  print("and ≈ \(fixed(ratio, 0)) times as slow, more than 10: \(yesOrNo(ratio > 10))")
  // end

  print("== energies ==")
  // region: energies
  var energy = -0.5 * jet[3]
  for i in 0..<2 {
    energy.addProduct(-0.5, jet[1 + i] * jet[1 + i])
    energy.addProduct(0.5, positions[i] * positions[i])
  }
  print("local energies:", columns(energy.array.prefix(4), 4), " …")
  // end
}

func checks() {
  print("== check ==")
  // region: check
  for (name, curvature) in [("as written", -1.0), ("with sin″ forgotten", 0)] {
    let check = checkLayer(SineLayer(inputs: 3, outputs: 5, curvature: curvature), particles: 2, seed: 1)
    print("\(name), errors that should be below 1e-12:")
    for (part, error) in [("forward", check.forward), ("pullback", check.pullback), ("transpose", check.transpose)] {
      print("  \(padded(part, 10)) ≈ \(scientific(error, 0)) \(yesOrNo(error < 1e-12))")
    }
  }
  // end
}

func page() {
  differences()
  forwardMode()
  reverseMode()
  secondDerivatives()
  jets()
  checks()
}

page()
