import Ch00Lanes
import Ch01LinearAlgebra

// Values alone, in single precision: what the sampler asks for most of the time (chapter 5).

/// Features of many particles for 32 walkers, in single precision and without derivatives.
///
/// Memory is [particle][feature], each a `SingleLanes32`; features are padded to a multiple of four.
public struct SingleTile: Sendable {
  public let particles: Int
  public let features: Int
  /// Distance between particles, in features: `features` rounded up to a multiple of four.
  public let stride: Int
  public var storage: ContiguousArray<SingleLanes32>

  public init(particles: Int, features: Int) {
    self.particles = particles
    self.features = features
    stride = (features + 3) / 4 * 4
    storage = ContiguousArray(repeating: .zero, count: particles * stride)
  }

  /// Fills a tile of one feature with coordinates.
  ///
  /// - Parameter positions: one `Lanes32` a particle, from `start` on.
  public mutating func setCoordinates(_ positions: ContiguousArray<Lanes32>, at start: Int) {
    precondition(features == 1, "not a tile of coordinates")
    for i in 0..<particles { storage[i * stride] = SingleLanes32(rounding: positions[start + i]) }
  }
}

/// `JetAffine` for values in single precision.
public struct SingleAffine: Sendable {
  public let layout: WeightLayout
  private var weights: SinglePackedDirection

  /// All weights zero until `load`.
  public init(_ layout: WeightLayout) {
    self.layout = layout
    weights = SinglePackedDirection(ArraySlice(repeating: 0, count: layout.count), layout: layout)
  }

  public mutating func load(_ parameters: ArraySlice<Double>) {
    weights = SinglePackedDirection(parameters, layout: layout)
  }

  /// y = W x + b, particle by particle, for layouts that particles share without a mean.
  ///
  /// - Complexity: 64 · particles · outputs · inputs operations.
  public func forward(_ x: SingleTile, into y: inout SingleTile) {
    precondition(layout.sharing == .particle && x.features == layout.inputs && y.features == layout.outputs)
    for i in 0..<x.particles {
      panelProduct(
        weights.own, x.storage, at: i * x.stride, from: weights.bias, into: &y.storage, at: i * y.stride)
    }
  }

  /// y = tanh(affine map of x), and + x with a residual, for an equivariant layer: `JetAffine.forwardValuesThroughTanh`.
  ///
  /// - Complexity: 64 · particles · outputs · inputs operations, and a tanh for each output.
  public func forwardThroughTanh(
    _ x: SingleTile, residual: Bool, into y: inout SingleTile, panels: inout SingleTilePanels
  ) {
    precondition(
      layout.sharing == .equivariant && x.particles == y.particles && x.features == layout.inputs
        && y.features == layout.outputs && (!residual || x.stride == y.stride),
      "values of \(layout.inputs) features expected")
    x.mean(into: &panels.mean)
    panelProduct(weights.total, panels.mean, at: 0, from: weights.bias, into: &panels.start)
    // What is left for the last particle: A times the mean, less all the others.
    panels.start.withUnsafeBufferPointer { start in
      panels.rest.withUnsafeMutableBufferPointer { rest in
        for f in 0..<y.stride { rest[f] = Float(x.particles) * start[f] }
      }
    }
    for i in 0..<(x.particles - 1) {
      x.centred(i, mean: panels.mean, into: &panels.centred)
      panelProduct(weights.own, panels.centred, at: 0, from: panels.start, into: &y.storage, at: i * y.stride)
      y.applyTanh(i, residual: residual ? x : nil, rest: &panels.rest)
    }
    y.setLast(panels.rest, residual: residual ? x : nil)
  }
}

/// Scratch memory for `SingleAffine`, allocated once a thread.
public struct SingleTilePanels: Sendable {
  var mean: ContiguousArray<SingleLanes32>
  var centred: ContiguousArray<SingleLanes32>
  var start: ContiguousArray<SingleLanes32>
  var rest: ContiguousArray<SingleLanes32>

  /// - Parameter width: the largest number of features of any layer, inputs included.
  public init(width: Int) {
    mean = ContiguousArray(repeating: .zero, count: (width + 3) / 4 * 4)
    (centred, start, rest) = (mean, mean, mean)
  }
}

extension JetTile {
  /// Takes the values of a tile in single precision; derivatives stay what they were.
  public mutating func setValues(_ x: SingleTile) {
    precondition(particles == x.particles && features == x.features, "shapes differ")
    for i in 0..<particles {
      for f in 0..<features { storage[index(i, 0, f)] = x.storage[i * x.stride + f].doubles }
    }
  }
}

extension SingleTile {
  /// ⟨x⟩: the mean over particles, feature by feature.
  @inline(never)
  fileprivate func mean(into mean: inout ContiguousArray<SingleLanes32>) {
    let factor = 1 / Float(particles)
    storage.withUnsafeBufferPointer { x in
      mean.withUnsafeMutableBufferPointer { mean in
        for f in 0..<features {
          var sum = x[f]
          for i in 1..<max(particles, 1) { sum += x[i &* stride &+ f] }
          mean[f] = factor * sum
        }
      }
    }
  }

  /// x_i - ⟨x⟩.
  @inline(never)
  fileprivate func centred(
    _ i: Int, mean: ContiguousArray<SingleLanes32>, into centred: inout ContiguousArray<SingleLanes32>
  ) {
    storage.withUnsafeBufferPointer { x in
      mean.withUnsafeBufferPointer { mean in
        centred.withUnsafeMutableBufferPointer { centred in
          for f in 0..<features { centred[f] = x[i &* stride &+ f] - mean[f] }
        }
      }
    }
  }

  /// rest -= p, then p ← tanh p (+ x), for one particle.
  @inline(never)
  fileprivate mutating func applyTanh(
    _ particle: Int, residual x: SingleTile?, rest: inout ContiguousArray<SingleLanes32>
  ) {
    let (start, count) = (2 * particle * stride, 2 * stride)
    rest.withUnsafeMutableBufferPointer { rest in
      guard let rest = rest.baseAddress else { return }
      let rest16 = UnsafeMutableRawPointer(rest).assumingMemoryBound(to: Half.self)
      withResidual(x, &self) { x, y in
        for f in 0..<count {
          let p = y[start &+ f]
          rest16[f] -= p
          let t = Half.tanh(p)
          y[start &+ f] = x.map { t + $0[start &+ f] } ?? t
        }
      }
    }
  }

  /// The last particle's values ← tanh of what is left (+ x).
  @inline(never)
  fileprivate mutating func setLast(_ rest: ContiguousArray<SingleLanes32>, residual x: SingleTile?) {
    let (start, count) = (2 * (particles - 1) * stride, 2 * stride)
    rest.withUnsafeBufferPointer { rest in
      guard let rest = rest.baseAddress else { return }
      let rest16 = UnsafeRawPointer(rest).assumingMemoryBound(to: Half.self)
      withResidual(x, &self) { x, y in
        for f in 0..<count {
          let t = Half.tanh(rest16[f])
          y[start &+ f] = x.map { t + $0[start &+ f] } ?? t
        }
      }
    }
  }
}

private typealias Half = SingleLanes32.Half

/// A tile to read, if any, and one to change, as groups of sixteen lanes; the body is compiled once for each case.
@inline(__always)
private func withResidual(
  _ x: SingleTile?, _ y: inout SingleTile, _ body: (UnsafePointer<Half>?, UnsafeMutablePointer<Half>) -> Void
) {
  y.storage.withUnsafeMutableBufferPointer { y in
    guard let y = y.baseAddress else { return }
    let y16 = UnsafeMutableRawPointer(y).assumingMemoryBound(to: Half.self)
    guard let x else { return body(nil, y16) }
    x.storage.withUnsafeBufferPointer { x in
      body(x.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: Half.self) }, y16)
    }
  }
}
