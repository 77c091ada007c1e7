import Ch02AutomaticDifferentiation

/// The sizes that fix a determinant ansatz, and where its parameters sit.
public struct AnsatzShape: Sendable, Equatable {
  /// Particles, A ≥ 1.
  public let particles: Int
  /// Features of a particle after each layer, H > A.
  public let hidden: Int
  /// Equivariant layers, L ≥ 1.
  public let layers: Int
  /// Determinants in the sum, D ≥ 1.
  public let determinants: Int

  /// H unless said otherwise.
  public static let standardHidden = 64
  /// L unless said otherwise.
  public static let standardLayers = 2

  /// Above this no size makes sense, and products of sizes would overflow.
  static let largestSize = 1_000_000

  /// H = 64, L = 2, D = 1 are those of M. Drissi's talk "A decisional step for Variational Monte Carlo": 8 580
  /// parameters at A = 2, 8 844 at A = 6.
  ///
  /// - Throws: `AnsatzError.shape` with one line that says which size is wrong.
  public init(
    particles: Int, hidden: Int = standardHidden, layers: Int = standardLayers, determinants: Int = 1
  ) throws(AnsatzError) {
    for (name, size) in [
      ("particles", particles), ("hidden features", hidden), ("layers", layers), ("determinants", determinants),
    ] where size > AnsatzShape.largestSize {
      throw .shape("\(name) must be at most \(AnsatzShape.largestSize), got \(size)")
    }
    guard particles >= 1 else { throw .shape("particles must be at least 1, got \(particles)") }
    guard layers >= 1 else { throw .shape("layers must be at least 1, got \(layers)") }
    guard determinants >= 1 else { throw .shape("determinants must be at least 1, got \(determinants)") }
    guard hidden > particles else {
      throw .shape(
        "hidden features (\(hidden)) must exceed particles (\(particles)): fewer features give no \(particles) independent orbitals"
      )
    }
    guard determinants == 1 || particles <= MinorExpansion.largestSize else {
      throw .shape(
        "sums of determinants go up to \(MinorExpansion.largestSize) particles, got \(particles); use 1 determinant")
    }
    self.particles = particles
    self.hidden = hidden
    self.layers = layers
    self.determinants = determinants
  }

  /// The L + D + D groups in the order of the flat vector: layers, orbitals, envelopes.
  /// - Complexity: O(L + D) at each call.
  public var groups: [ParameterGroup] {
    var list: [ParameterGroup] = []
    var start = 0
    func append(_ role: ParameterGroup.Role, _ layout: WeightLayout) {
      list.append(ParameterGroup(role: role, layout: layout, start: start))
      start += layout.count
    }
    for l in 0..<layers {
      append(
        .layer(l), WeightLayout(inputs: l == 0 ? 1 : hidden, outputs: hidden, hasBias: true, sharing: .equivariant))
    }
    for d in 0..<determinants {
      append(.orbitals(d), WeightLayout(inputs: hidden, outputs: particles, hasBias: true, sharing: .particle))
    }
    for d in 0..<determinants {
      append(.envelope(d), WeightLayout(inputs: 1, outputs: particles, hasBias: false, sharing: .particle))
    }
    return list
  }

  /// P, the parameters of all groups.
  public var parameterCount: Int { groups.parameterCount }
}

/// Parameters that belong together: a layer's weight and bias, row-major, the bias behind the weight.
///
/// What optimisers that look at one layer at a time look at: F_gg is the Fisher metric's block of the group g.
public struct ParameterGroup: Sendable, Equatable {
  /// What the group's affine map is in the network.
  public enum Role: Sendable, Equatable {
    /// Equivariant layer l, from 0.
    case layer(Int)
    /// W^d and b^d, which turn features into the orbitals of determinant d.
    case orbitals(Int)
    /// Envelope widths w^d of determinant d.
    case envelope(Int)
  }
  /// What the group's affine map is in the network.
  public var role: Role
  /// The shapes of the group's W and b.
  public var layout: WeightLayout
  /// Where the group begins in the flat vector, from 0.
  public var start: Int
  /// Where the group lies in the flat vector.
  public var range: Range<Int> { start..<(start + layout.count) }

  /// A group as it is; nothing is checked.
  public init(role: Role, layout: WeightLayout, start: Int) {
    (self.role, self.layout, self.start) = (role, layout, start)
  }
}

extension [ParameterGroup] {
  /// P, the parameters of groups that follow each other: where the last one ends.
  public var parameterCount: Int { last?.range.upperBound ?? 0 }
}

/// What can be wrong with a shape or with tensors that ought to have one.
public enum AnsatzError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A size that no ansatz can have.
  case shape(String)
  /// Tensors that are missing, superfluous, of other shapes or not finite.
  case tensors(String)

  /// The reason, in one line.
  public var description: String {
    switch self {
    case .shape(let text), .tensors(let text): text
    }
  }
}
