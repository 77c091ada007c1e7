import Ch00Lanes
import Ch01LinearAlgebra

/// How far the derivatives in the coordinates are carried.
public enum JetOrder: Int, Sendable, CaseIterable, Comparable {
  /// The value alone.
  case value
  /// The value and all first derivatives.
  case gradient
  /// The value, all first derivatives, and the sum of the second ones.
  case laplacian

  /// Numbers in a jet over n coordinates: 1, 1 + n or 2 + n.
  public func components(coordinates n: Int) -> Int {
    switch self {
    case .value: 1
    case .gradient: 1 + n
    case .laplacian: 2 + n
    }
  }

  /// value < gradient < laplacian.
  public static func < (a: JetOrder, b: JetOrder) -> Bool { a.rawValue < b.rawValue }
}

/// Jets of many features of many particles, for 32 walkers, in the precision of its rows.
///
/// A *jet* of a scalar f over coordinates x₁ … x_n is what forward mode carries through a network:
///
///     component 0: f      components 1 … n: ∂f/∂x_k      component n + 1: Δf = Σ_k ∂²f/∂x_k²
///
/// Two rules are all the calculus there is, for a product (`multiply(by:)`) and for a function of one variable
/// (`apply(_:)`):
///
///     ∂_k(fg) = f ∂_k g + g ∂_k f        Δ(fg) = f Δg + g Δf + 2 Σ_k ∂_k f ∂_k g
///     ∂_k φ(f) = φ' ∂_k f                Δφ(f) = φ' Δf + φ'' Σ_k (∂_k f)²
///
/// Linear maps act on each component alone. So a Laplacian costs n + 2 passes, where second derivatives one by one
/// would cost n(n + 1)/2 + n + 1.
///
/// Memory is [particle][component][feature], each a row of walkers; features are padded to a multiple of four with
/// zeros.
public struct FeatureTile<Row: PanelRow>: Sendable {
  /// Particles, each with the jets of all features.
  public let particles: Int
  /// Features of each particle, padding not counted.
  public let features: Int
  /// n, the coordinates x₁ … x_n that jets are taken over.
  public let coordinates: Int
  /// How far the jets go.
  public let order: JetOrder
  /// Numbers in each jet.
  public let components: Int
  /// Distance between components, in features: `features` rounded up to a multiple of four.
  public let stride: Int
  /// particles · components · stride rows; see `index` for where a number is.
  public var storage: ContiguousArray<Row>

  /// A tile of zeros; a negative count stops the program.
  public init(particles: Int, features: Int, coordinates: Int, order: JetOrder) {
    precondition(
      particles >= 0 && features >= 0 && coordinates >= 0,
      "a tile cannot hold \(features) features of \(particles) particles over \(coordinates) coordinates")
    self.particles = particles
    self.features = features
    self.coordinates = coordinates
    self.order = order
    components = order.components(coordinates: coordinates)
    stride = (features + 3) / 4 * 4
    storage = ContiguousArray(repeating: .zero, count: particles * components * stride)
  }

  /// A tile of zeros of the same coordinates and order with other features.
  public func sibling(features: Int) -> FeatureTile {
    FeatureTile(particles: particles, features: features, coordinates: coordinates, order: order)
  }

  /// Where the jets of one particle's component begin in `storage`; the arguments are not checked.
  @inlinable @inline(__always) public func index(_ particle: Int, _ component: Int, _ feature: Int = 0) -> Int {
    (particle &* components &+ component) &* stride &+ feature
  }

  /// One component of one feature's jet, for 32 walkers. An index beyond the storage stops the program.
  @inlinable public subscript(particle: Int, component: Int, feature: Int) -> Row {
    get { storage[index(particle, component, feature)] }
    set { storage[index(particle, component, feature)] = newValue }
  }

  /// True if the other tile has the same particles, features, coordinates and order.
  public func hasShape(of other: FeatureTile) -> Bool {
    particles == other.particles && features == other.features && coordinates == other.coordinates
      && order == other.order
  }

  /// Takes another tile's shape; the contents are then any numbers. Allocates only where the shape is new.
  public mutating func reshape(like other: FeatureTile) {
    if !hasShape(of: other) { self = other.sibling(features: other.features) }
  }

  /// Takes another tile's shape and contents; allocates only where the shape is new.
  @specialized(where Row == Lanes32)
  public mutating func copy(_ other: FeatureTile) {
    guard hasShape(of: other) else {
      self = other
      return
    }
    // Unsafe: a copy without new memory, where assigning the array would share it and allocate at the next write.
    // `update` stops at the end of the shorter buffer.
    storage.withUnsafeMutableBufferPointer { to in
      other.storage.withUnsafeBufferPointer { from in _ = to.update(from: from) }
    }
  }

  /// Fills a tile of one feature with the coordinates themselves: x_i, ∂_k x_i = δ_ik, Δx_i = 0.
  ///
  /// - Parameters:
  ///   - positions: one `Lanes32` a particle; rounded to the tile's precision.
  ///   - start: the place of the first particle.
  /// - Precondition: the tile has one feature and, for derivatives, a coordinate a particle.
  @inlinable
  public mutating func setCoordinates(_ positions: ContiguousArray<Lanes32>, at start: Int = 0) {
    precondition(features == 1 && (order == .value || coordinates == particles), "not a tile of coordinates")
    for i in 0..<particles {
      self[i, 0, 0] = Row(rounding: positions[start + i])
      for k in 1..<components { self[i, k, 0] = Row(repeating: k == i + 1 ? 1 : 0) }
    }
  }
}

/// Jets as all derivatives are computed, in double precision.
public typealias JetTile = FeatureTile<Lanes32>

/// Features in single precision: values, which the sampler asks for most of the time (chapter 5).
public typealias SingleTile = FeatureTile<SingleLanes32>

extension JetTile {
  /// Takes the values of a tile in single precision; derivatives stay what they were.
  package mutating func setValues(_ x: SingleTile) {
    precondition(particles == x.particles && features == x.features, "shapes differ")
    for i in 0..<particles {
      for f in 0..<features { storage[index(i, 0, f)] = x.storage[x.index(i, 0, f)].doubles }
    }
  }
}

/// Memory that layers share, allocated once a thread.
///
/// Its two parts are independent, so that an affine map can write into the scratch tile:
///
///     workspace.scratch.reshape(like: y)
///     affine.forward(x, into: &workspace.scratch, panels: &workspace.panels)
public struct JetWorkspace: Sendable {
  /// What affine maps work with.
  public var panels: AffinePanels<Lanes32>
  /// A tile for a layer's own use within one call.
  public var scratch = JetTile(particles: 0, features: 0, coordinates: 0, order: .value)

  /// Memory for the widest layer of a network.
  ///
  /// - Parameter width: the largest number of features of any layer, inputs included.
  public init(width: Int) { panels = AffinePanels(width: width) }
}
