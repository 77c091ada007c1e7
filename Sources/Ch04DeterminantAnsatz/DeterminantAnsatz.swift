import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// ψ(X) = (1/√A!) Σ_d det M^d(X): permutation-equivariant features, Gaussian envelopes, signed determinants.
///
///     h¹_i = tanh(W¹ [x_i ; ⟨x⟩] + b¹)
///     h^l_i = tanh(W^l [h^{l-1}_i ; ⟨h^{l-1}⟩] + b^l) + h^{l-1}_i
///     M^d_ij = (W^d h^L_i + b^d)_j exp(-(w^d_j x_i)²)
///
/// Exchanging two particles exchanges two rows of every M: ψ changes its sign, whatever the parameters are.
///
///     var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1)
///     let values = ansatz.evaluate(Walkers([0.3, -0.5], particles: 2))
///
/// - Source: arXiv:2304.04725.
public struct DeterminantAnsatz: Sendable {
  /// A, H, L and D.
  public let shape: AnsatzShape
  /// All parameters, [shape.parameterCount], in the order of `shape.groups`. Setting them packs the weights anew;
  /// another count stops the program.
  public var parameters: [Double] {
    didSet { load() }
  }
  var layers: [EquivariantLayer]
  var orbitals: [AffineLayer]
  /// w_j of each determinant.
  var widths: [[Double]]
  /// w_min², the square of the smallest width.
  var minimumSquaredWidth = 0.0

  /// ψ with given parameters.
  ///
  /// - Parameters:
  ///   - shape: sizes of the network.
  ///   - parameters: `shape.parameterCount` numbers; another count stops the program.
  public init(_ shape: AnsatzShape, parameters: [Double]) {
    self.shape = shape
    self.parameters = parameters
    layers = (0..<shape.layers).map {
      EquivariantLayer(inputs: $0 == 0 ? 1 : shape.hidden, outputs: shape.hidden, residual: $0 > 0)
    }
    orbitals = (0..<shape.determinants).map { _ in AffineLayer(inputs: shape.hidden, outputs: shape.particles) }
    widths = []
    load()
  }

  /// A random start: weights and biases uniform in ±1/√(inputs), three times that in the first layer; widths √½, the
  /// oscillator's own.
  ///
  /// - Parameters:
  ///   - shape: sizes.
  ///   - seed: of the weights.
  ///   - length: how large the trap is (`Hamiltonian.length`); ψ is that of length 1, stretched by it.
  public init(_ shape: AnsatzShape, seed: UInt64, length: Double = 1) {
    self.init(shape, parameters: shape.initialParameters(seed: seed, length: length))
  }

  /// ψ from named tensors, whose shapes give the sizes.
  /// - Throws: ``AnsatzError`` where a tensor or a size is not that of a determinant ansatz.
  public init(tensors: [NamedTensor]) throws(AnsatzError) {
    let (shape, parameters) = try AnsatzShape.read(tensors)
    self.init(shape, parameters: parameters)
  }

  /// θ as named tensors, weight = [outputs, inputs]: those that `init(tensors:)` reads.
  public var tensors: [NamedTensor] { shape.tensors(parameters) }

  private mutating func load() {
    precondition(
      parameters.count == shape.parameterCount, "\(shape.parameterCount) parameters expected, got \(parameters.count)")
    widths = []
    for group in shape.groups {
      let slice = parameters[group.range]
      switch group.role {
      case .layer(let l): layers[l].load(slice)
      case .orbitals(let d): orbitals[d].load(slice)
      case .envelope: widths.append(Array(slice))
      }
    }
    minimumSquaredWidth = widths.joined().reduce(.infinity) { min($0, $1 * $1) }
  }
}

extension AnsatzShape {
  /// Weights and biases uniform in ±1/√(inputs), three times that in the first layer; envelope widths √½.
  ///
  /// With three times the slope, features bend within the trap. Straighter ones have to cancel in order to make the
  /// orbitals of six particles, and what cancels moves badly: in trials with an earlier form of the pretraining (one
  /// seed each, slope 1 with other damping), 40 steps of pi-dgd at A = 6, V0 = 20 left a variance of E_L of 21 with the
  /// slope 1, 9 with 2, 2 with 3.
  func initialParameters(seed: UInt64, length: Double) -> [Double] {
    precondition(length > 0, "a positive length is needed, got \(length)")
    var random = UniformNumbers(seed: seed)
    return groups.flatMap { group -> [Double] in
      if case .envelope = group.role {
        return [Double](repeating: 0.5.squareRoot() / length, count: group.layout.count)
      }
      let isFirst = group.role == .layer(0)
      let bound = (isFirst ? 3 : 1) / Double(group.layout.columns).squareRoot()
      let weights = group.layout.outputs * group.layout.columns
      // Coordinates go into the first layer alone, and not into its biases.
      return (0..<group.layout.count).map { place in
        bound * random.uniform() / (isFirst && place < weights ? length : 1)
      }
    }
  }
}

/// Random numbers for a start, which needs thousands of them, not billions: SplitMix64.
///
/// - Source: Steele, Lea, Flood, OOPSLA 2014.
package struct UniformNumbers: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The next number, uniform in -1 … 1.
  package mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return 2 * (Double((z ^ (z >> 31)) >> 11) * 0x1p-53) - 1
  }
}

/// Scratch memory for one tile of walkers: allocated once a thread, then used without allocation.
public struct AnsatzWorkspace: Sendable {
  /// The coordinates, then the features after each layer.
  var features: [JetTile]
  /// W^d h + b^d.
  var orbitals: [JetTile]
  /// M^d as [component][particle][orbital].
  var matrices: [ContiguousArray<Lanes32>]
  var jets: JetWorkspace
  var single: SingleDeterminant?
  var minors: MinorExpansion?
  var screening: ScreeningWorkspace
  /// Sign and logarithm of each determinant, where values alone are asked for.
  var signs: ContiguousArray<Lanes32>
  var logarithms: ContiguousArray<Lanes32>
  /// The jet of ln|ψ| at the tile looked at last, [components]: ln|ψ|, ∂_i ln|ψ|, Σ_i ∂_i² ln|ψ|.
  public internal(set) var logPsi: ContiguousArray<Lanes32>

  /// - Parameter wantsInverses: whether M⁻¹ is needed for values too, as it is backward.
  init(_ shape: AnsatzShape, order: JetOrder, wantsInverses: Bool = false) {
    let n = shape.particles
    let coordinates = JetTile(particles: n, features: 1, coordinates: n, order: order)
    features = [coordinates]
    for _ in 0..<shape.layers { features.append(coordinates.sibling(features: shape.hidden)) }
    orbitals = (0..<shape.determinants).map { _ in coordinates.sibling(features: n) }
    let entries = ContiguousArray(repeating: Lanes32.zero, count: coordinates.components * n * n)
    matrices = (0..<shape.determinants).map { _ in entries }
    jets = JetWorkspace(width: shape.hidden)
    screening = ScreeningWorkspace(shape)
    if order > .value || wantsInverses {
      if shape.determinants == 1 {
        single = SingleDeterminant(size: n, coordinates: n, order: order)
      } else {
        minors = MinorExpansion(size: n, determinants: shape.determinants, coordinates: n, order: order)
      }
    }
    signs = ContiguousArray(repeating: .zero, count: shape.determinants)
    logarithms = signs
    logPsi = ContiguousArray(repeating: .zero, count: coordinates.components)
  }
}

extension DeterminantAnsatz {
  /// The orbital matrices of one tile, as jets of the workspace's order.
  ///
  /// - Parameter minimumSquaredWidth: the decay that is taken out of the rows: w_min², or 0 for M itself.
  func forward(
    _ positions: ContiguousArray<Lanes32>, at start: Int, minimumSquaredWidth: Double,
    workspace w: inout AnsatzWorkspace
  ) {
    w.features[0].setCoordinates(positions, at: start)
    for l in layers.indices {
      layers[l].forward(w.features[l], into: &w.features[l + 1], workspace: &w.jets)
    }
    for d in orbitals.indices {
      orbitals[d].forward(w.features[layers.count], into: &w.orbitals[d], workspace: &w.jets)
      applyEnvelope(
        w.orbitals[d], positions: positions, at: start, widths: widths[d], minimumSquaredWidth: minimumSquaredWidth,
        into: &w.matrices[d])
    }
  }

  /// What ln|ψ| has besides the determinants: -½ ln A! - w_min² Σ_i x_i².
  func logFactor(_ positions: ContiguousArray<Lanes32>, at start: Int) -> Lanes32 {
    var squares = Lanes32.zero
    for i in 0..<particles { squares.addProduct(positions[start + i], positions[start + i]) }
    return -0.5 * Double.logFactorial(particles) + (-minimumSquaredWidth) * squares
  }

  /// sign ψ and the jet of ln|ψ| of one tile, left in `workspace.logPsi`: the value, ∂_i ℓ, and Δℓ, as the order has
  /// it.
  func evaluate(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, workspace w: inout AnsatzWorkspace
  ) {
    forward(positions, at: start, minimumSquaredWidth: minimumSquaredWidth, workspace: &w)
    if w.single != nil {
      w.single?.evaluate(w.matrices[0], sign: &sign, logPsi: &w.logPsi)
    } else if w.minors != nil {
      w.minors?.evaluate(w.matrices, sign: &sign, logPsi: &w.logPsi)
    } else {
      sumOfDeterminants(sign: &sign, workspace: &w)
    }
    w.logPsi[0] += logFactor(positions, at: start)
  }

  /// ln|Σ_d det M^d| with signs, relative to the largest term, so that nothing overflows.
  func sumOfDeterminants(sign: inout Lanes32, workspace w: inout AnsatzWorkspace) {
    for d in 0..<shape.determinants {
      logDeterminants(&w.matrices[d], size: shape.particles, sign: &w.signs[d], logMagnitude: &w.logarithms[d])
    }
    guard shape.determinants > 1 else {
      (sign, w.logPsi[0]) = (w.signs[0], w.logarithms[0])
      return
    }
    var largest = w.logarithms[0]
    for d in 1..<shape.determinants {
      largest = largest.zip(w.logarithms[d]) { $0.replacing(with: $1, where: $1 .> $0) }
    }
    // All determinants zero: keep -∞ - (-∞) out of the exponent.
    let offset = largest.map { $0.replacing(with: 0, where: $0 .== -.infinity) }
    var sum = Lanes32.zero
    for d in 0..<shape.determinants {
      sum.addProduct(w.signs[d], (w.logarithms[d] - offset).map(Lanes.exp))
    }
    sign = sum.map { Lanes(repeating: 1).withSign(of: $0).replacing(with: 0, where: $0 .== 0) }
    w.logPsi[0] = sum.map { Lanes.log($0.magnitude) } + offset
  }
}

extension DeterminantAnsatz: WaveFunction {
  /// A, the number of particles.
  public var particles: Int { shape.particles }
  /// Scratch memory of one thread for values alone.
  public func makeWorkspace() -> AnsatzWorkspace { makeWorkspace(order: .value) }

  /// sign ψ and ln|ψ|, with the 1/√A!, of the 32 walkers of one tile; at a node 0 and -∞.
  ///
  /// - Complexity: one forward pass, O(P A) a walker, and O(D A³) for the determinants.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout AnsatzWorkspace
  ) {
    evaluate(positions, at: start, sign: &sign, workspace: &workspace)
    logMagnitude = workspace.logPsi[0]
  }
}

extension DeterminantAnsatz: TrainableWaveFunction {
  /// The groups of `shape`.
  public var parameterGroups: [ParameterGroup] { shape.groups }
  /// Scratch memory of one thread for `logPsiJet` at this order.
  public func makeWorkspace(order: JetOrder) -> AnsatzWorkspace { AnsatzWorkspace(shape, order: order) }
  /// Scratch memory of one thread for `record` at this order.
  public func makeReverseWorkspace(order: JetOrder) -> ReverseWorkspace { ReverseWorkspace(shape, order: order) }

  /// sign ψ, and ln|ψ| as a jet, at the 32 walkers of one tile, to the order of the workspace.
  ///
  /// - Complexity: 1, 1 + A or 2 + A forward passes, by the order; with derivatives of a sum of determinants O(D A 2^A)
  ///   products of jets besides.
  public func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    workspace: inout AnsatzWorkspace
  ) {
    evaluate(positions, at: start, sign: &sign, workspace: &workspace)
    for component in jet.indices { jet[component] = workspace.logPsi[component] }
  }
}
