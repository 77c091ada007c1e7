import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

/// The antisymmetric part of a two-layer network, under a Gaussian envelope.
///
///     ψ(x) = (1/√A!) exp(-w_e² Σ_i x_i²) S(x)
///     S(x) = Σ_π sgn(π) f(x_π(1) … x_π(A)),        f(x) = Σ_h a_h σ(w_h · x + b_h)
///
/// An ansatz of another kind: no orbitals, no determinants, and no equivariant layer. With enough units it approximates
/// any antisymmetric function, at the price of A! evaluations and of the cancellation among them
/// (`cancellations(at:)`). A bias of the output would cancel, and there is none.
///
///     var psi = AntisymmetrizedNetwork(particles: 2, hidden: 32, seed: 1)
///     OverlapPretraining().run(&psi, &walk)
///     var run = VariationalMonteCarlo(pair, psi, walk, ProjectedIncrements().optimizer)
///
/// With u_hπ = w_h · x_π + b_h the derivatives follow from sums over the permutations that put particle j into place i,
///
///     D_h[i, j] = Σ_{π(i)=j} sgn(π) σ′(u_hπ)
///     ∂_j S = Σ_h a_h Σ_i w_hi D_h[i, j]        Δ S = Σ_h a_h |w_h|² Σ_π sgn(π) σ″(u_hπ)        (1)
///
/// Parameters in their order: w [H × A], b [H], a [H], and the envelope's w_e.
///
/// - Source of the question: Abrahamsen, Lin, arXiv:2205.12250. The sum is taken as it stands here; theirs is made cheap.
public struct AntisymmetrizedNetwork: Sendable {
  /// A, 1 … 7.
  public let particles: Int
  /// H, the hidden units.
  public let hidden: Int
  /// σ.
  public let activation: Activation
  /// θ, H (A + 2) + 1 numbers; another count stops the program.
  public var parameters: [Double] {
    didSet {
      precondition(parameters.count == oldValue.count, "\(oldValue.count) parameters expected, got \(parameters.count)")
    }
  }
  let permutations: SignedPermutations

  /// The most particles: 7! = 5 040 terms.
  public static let mostParticles = 7

  /// ψ with given parameters; sizes out of range, or another number of parameters than H (A + 2) + 1, stop the program.
  public init(particles: Int, hidden: Int, activation: Activation = .tanh, parameters: [Double]) {
    precondition(
      (1...Self.mostParticles).contains(particles) && hidden > 0,
      "1 to \(Self.mostParticles) particles and a hidden unit expected, got \(particles) and \(hidden)")
    precondition(
      parameters.count == hidden * (particles + 2) + 1,
      "\(hidden * (particles + 2) + 1) parameters expected, got \(parameters.count)")
    (self.particles, self.hidden, self.activation) = (particles, hidden, activation)
    self.parameters = parameters
    permutations = SignedPermutations(of: particles)
  }

  /// A random start: w and b uniform in ±scale √3/√A, so that the variance of w_h · x is scale² where that of each x_i
  /// is 1; a uniform in ±√3/√H; the width √½, the oscillator's.
  ///
  /// - Parameters:
  ///   - particles: A, 1 … 7.
  ///   - hidden: H.
  ///   - activation: σ.
  ///   - scale: 1 for LeCun's start (variance 1/A). Less of ψ cancels the larger it is.
  ///   - seed: of the weights.
  public init(particles: Int, hidden: Int, activation: Activation = .tanh, scale: Double = 2, seed: UInt64) {
    var random = UniformNumbers(seed: seed)
    let first = scale * (3 / Double(max(particles, 1))).squareRoot()
    let last = (3 / Double(max(hidden, 1))).squareRoot()
    let width = 0.5.squareRoot()
    let inner = (0..<(hidden * (particles + 1))).map { _ in first * random.uniform() }
    let outer = (0..<hidden).map { _ in last * random.uniform() }
    self.init(
      particles: particles, hidden: hidden, activation: activation, parameters: inner + outer + [width])
  }

  /// The same network with places exchanged: its place i has the weights of place `order[i]` of this one. ψ is
  /// multiplied by the sign of the permutation and does not change otherwise, but for rounding.
  ///
  /// - Parameter order: a permutation of 0 … A - 1; anything else stops the program.
  public func reordered(_ order: [Int]) -> AntisymmetrizedNetwork {
    precondition(order.sorted() == Array(0..<particles), "a permutation of 0 … \(particles - 1) expected, got \(order)")
    var copy = self
    for h in 0..<hidden {
      for i in 0..<particles { copy.parameters[h * particles + i] = parameters[h * particles + order[i]] }
    }
    return copy
  }

  /// w, the width of the envelope.
  var width: Double { parameters[parameters.count - 1] }
  func weight(_ h: Int, _ i: Int) -> Double { parameters[h * particles + i] }
  func bias(_ h: Int) -> Double { parameters[hidden * particles + h] }
  func output(_ h: Int) -> Double { parameters[hidden * (particles + 1) + h] }
  /// |w_h|².
  func squaredWeights(_ h: Int) -> Double { (0..<particles).reduce(0) { $0 + weight(h, $1) * weight(h, $1) } }

  /// w_h · x_π + b_h.
  @inline(__always)
  func argument(_ h: Int, _ permutation: Int, _ positions: ContiguousArray<Lanes32>, at start: Int) -> Lanes32 {
    var u = Lanes32(repeating: bias(h))
    let image = permutation * particles
    for i in 0..<particles { u.addProduct(weight(h, i), positions[start + permutations.images[image + i]]) }
    return u
  }

  /// ln ψ - ln Σ: -½ ln A! - w² Σ_i x_i².
  func logFactor(_ positions: ContiguousArray<Lanes32>, at start: Int) -> Lanes32 {
    var squares = Lanes32.zero
    for i in 0..<particles { squares.addProduct(positions[start + i], positions[start + i]) }
    return -0.5 * Double.logFactorial(particles) + (-width * width) * squares
  }
}

/// Scratch memory of one thread: sums over the permutations for one hidden unit, and the jet of their total.
public struct NetworkWorkspace: Sendable {
  let order: JetOrder
  /// Σ_π sgn σ and Σ_π sgn σ″.
  var values = Lanes32.zero
  var curvatures = Lanes32.zero
  /// D[i, j], over the permutations with π(i) = j.
  var slopes: ContiguousArray<Lanes32>
  /// The jet of Σ = Σ_h a_h Σ_π sgn(π) σ, [components].
  var total: ContiguousArray<Lanes32>

  init(particles n: Int, order: JetOrder) {
    self.order = order
    slopes = ContiguousArray(repeating: .zero, count: n * n)
    total = ContiguousArray(repeating: .zero, count: order.components(coordinates: n))
  }
}

extension AntisymmetrizedNetwork: WaveFunction {
  /// Scratch memory of one thread for values alone.
  public func makeWorkspace() -> NetworkWorkspace { makeWorkspace(order: .value) }

  /// sign ψ and ln|ψ| of the 32 walkers of one tile; at a node 0 and -∞.
  ///
  /// - Complexity: A! H activations.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace w: inout NetworkWorkspace
  ) {
    var sum = Lanes32.zero
    for h in 0..<hidden {
      var own = Lanes32.zero
      for p in 0..<permutations.count {
        own.addProduct(permutations.signs[p], activation.value(argument(h, p, positions, at: start)))
      }
      sum.addProduct(output(h), own)
    }
    sign = signs(of: sum)
    logMagnitude = sum.map { Lanes.log($0.magnitude) } + logFactor(positions, at: start)
  }

  func signs(of sum: Lanes32) -> Lanes32 {
    sum.map { Lanes(repeating: 1).withSign(of: $0).replacing(with: 0, where: $0 .== 0) }
  }
}

extension AntisymmetrizedNetwork: TrainableWaveFunction {
  /// w, b, a and the width.
  ///
  /// A weight w_hi multiplies each particle, one after the other, as an envelope's width does in chapter 4: a map from
  /// one input to H A outputs that all particles share. b and a are maps of a constant.
  public var parameterGroups: [ParameterGroup] {
    var start = 0
    return [
      (ParameterGroup.Role.layer(0), hidden * particles), (.layer(1), hidden), (.layer(2), hidden), (.envelope(0), 1),
    ].map { role, outputs in
      defer { start += outputs }
      return ParameterGroup(
        role: role, layout: WeightLayout(inputs: 1, outputs: outputs, hasBias: false, sharing: .particle), start: start)
    }
  }

  /// `hidden.weight` [H, A], `hidden.bias` [H], `output.weight` [H] and `envelope.weight` [1].
  public var tensors: [NamedTensor] {
    let groups = parameterGroups.map { Array(parameters[$0.range]) }
    return [
      NamedTensor("hidden.weight", [hidden, particles], groups[0]), NamedTensor("hidden.bias", [hidden], groups[1]),
      NamedTensor("output.weight", [hidden], groups[2]), NamedTensor("envelope.weight", [1], groups[3]),
    ]
  }

  /// Scratch memory of one thread for `logPsiJet` at this order.
  public func makeWorkspace(order: JetOrder) -> NetworkWorkspace {
    NetworkWorkspace(particles: particles, order: order)
  }

  /// sign ψ, and ln|ψ| as a jet, of the 32 walkers of one tile, by (1).
  ///
  /// - Complexity: A! H activations, and with derivatives A additions for each.
  public func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    workspace w: inout NetworkWorkspace
  ) {
    for c in w.total.indices { w.total[c] = .zero }
    for h in 0..<hidden {
      sumPermutations(h, positions, at: start, workspace: &w)
      addToTotal(h, workspace: &w)
    }
    finish(positions, at: start, total: w.total, sign: &sign, jet: &jet)
  }

  private func sumPermutations(
    _ h: Int, _ positions: ContiguousArray<Lanes32>, at start: Int, workspace w: inout NetworkWorkspace
  ) {
    let n = particles
    (w.values, w.curvatures) = (.zero, .zero)
    for c in w.slopes.indices { w.slopes[c] = .zero }
    for p in 0..<permutations.count {
      let sign = permutations.signs[p]
      let (value, first, second, _) = activation.derivatives(argument(h, p, positions, at: start))
      w.values.addProduct(sign, value)
      guard w.order > .value else { continue }
      let slope = sign * first
      for i in 0..<n { w.slopes[i * n + permutations.images[p * n + i]] += slope }
      w.curvatures.addProduct(sign, second)
    }
  }

  /// Adds a_h times the jet of Σ_π sgn σ.
  func addToTotal(_ h: Int, workspace w: inout NetworkWorkspace) {
    let (n, a) = (particles, output(h))
    w.total[0].addProduct(a, w.values)
    guard w.order > .value else { return }
    for i in 0..<n {
      for k in 0..<n { w.total[1 + k].addProduct(a * weight(h, i), w.slopes[i * n + k]) }
    }
    if w.order == .laplacian { w.total[n + 1].addProduct(a * squaredWeights(h), w.curvatures) }
  }

  /// From the jet of S to that of ln|ψ|.
  func finish(
    _ positions: ContiguousArray<Lanes32>, at start: Int, total: ContiguousArray<Lanes32>, sign: inout Lanes32,
    jet: inout ContiguousArray<Lanes32>
  ) {
    let (n, decay) = (particles, width * width)
    sign = signs(of: total[0])
    jet[0] = total[0].map { Lanes.log($0.magnitude) } + logFactor(positions, at: start)
    guard jet.count > 1 else { return }
    let inverse = Lanes32(repeating: 1) / total[0]
    var laplacian = Lanes32(repeating: -2 * decay * Double(n))
    for k in 0..<n {
      let slope = inverse * total[1 + k]
      laplacian -= slope * slope
      jet[1 + k] = slope + (-2 * decay) * positions[start + k]
    }
    if jet.count > n + 1 { jet[n + 1] = laplacian + inverse * total[n + 1] }
  }
}
