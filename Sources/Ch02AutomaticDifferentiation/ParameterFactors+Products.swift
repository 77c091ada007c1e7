import Ch00Lanes
import Ch01LinearAlgebra

/// Scratch memory for products with factors, allocated once a thread.
public struct FactorWorkspace: Sendable {
  var inputs: ContiguousArray<Lanes32> = []
  var outputs: ContiguousArray<Lanes32> = []

  public init() {}

  mutating func reserve(inputs inputCount: Int, outputs outputCount: Int) {
    if inputs.count < inputCount { inputs = ContiguousArray(repeating: .zero, count: inputCount) }
    if outputs.count < outputCount { outputs = ContiguousArray(repeating: .zero, count: outputCount) }
  }
}

extension ParameterFactors {
  /// Adds v · ∂_θ ℓ and its derivatives in the coordinates, a jet for each walker.
  ///
  ///     y_p = V a_p,  z_p = Vᵀ e_p:      v·∂_θ ℓ    += Σ_p e_p · y_p
  ///                                      v·∂_θ ∂_k ℓ += Σ_p ∂_k e_p · y_p + z_p · ∂_k a_p
  ///                                      v·∂_θ Δℓ    += Σ_p Δe_p · y_p + z_p · Δa_p + 2 Σ_k ∂_k e_p · V ∂_k a_p
  ///
  /// - Parameter jets: as [tile][component]; added to.
  /// - Complexity: two products with V a panel, however many coordinates; for the Laplacian one more a coordinate.
  public func push(
    _ v: PackedDirection, into jets: inout ContiguousArray<Lanes32>, workspace: inout FactorWorkspace
  ) {
    precondition(jets.count == tiles * components, "\(tiles) tiles of \(components) components expected")
    workspace.reserve(inputs: inputStride, outputs: outputStride)
    for panel in 0..<panels {
      let weights = seesTotal(panel) ? v.total : v.own
      let transposed = seesTotal(panel) ? v.totalTransposed : v.ownTransposed
      let bias = seesBias(panel) ? v.bias : v.zero
      for tile in 0..<tiles {
        let a = activity(panel, tile, 0)
        let e = sensitivity(panel, tile, 0)
        panelProduct(weights, activities, at: a, from: bias, into: &workspace.outputs)
        addDots(sensitivities, e, outputStride, workspace.outputs, first: 0, to: &jets, tile)
        guard order > .value else { continue }
        panelProduct(transposed, sensitivities, at: e, from: v.zero, into: &workspace.inputs)
        addDots(activities, a, inputStride, workspace.inputs, first: 1, to: &jets, tile)
        guard order == .laplacian else { continue }
        for k in 1..<max(components - 1, 1) {
          panelProduct(weights, activities, at: a + k * inputStride, from: v.zero, into: &workspace.outputs)
          let dot = dotPanels(
            sensitivities, at: e + k * outputStride, workspace.outputs, count: outputStride)
          jets[tile * components + components - 1].addProduct(2, dot)
        }
      }
    }
  }

  /// jets[c] += factors[c] · y for the components c ≥ first.
  private func addDots(
    _ factors: ContiguousArray<Lanes32>, _ start: Int, _ stride: Int, _ y: ContiguousArray<Lanes32>, first: Int,
    to jets: inout ContiguousArray<Lanes32>, _ tile: Int
  ) {
    for component in first..<max(components, first) {
      jets[tile * components + component] += dotPanels(factors, at: start + component * stride, y, count: stride)
    }
  }

  /// Adds Σ_walkers [u₀ ∂_θ ℓ + Σ_k u_k ∂_θ ∂_k ℓ + u_Δ ∂_θ Δℓ] to a gradient: the transpose of `push`.
  ///
  /// The weights are contracted with the factors first, so that two sums of outer products remain (and one a coordinate for
  /// the Laplacian):
  ///
  ///     ẽ = u₀ e + Σ_k u_k ∂_k e + u_Δ Δe,   ã = Σ_k u_k ∂_k a + u_Δ Δa:      Σ_p ẽ_p ⊗ a_p + e_p ⊗ ã_p
  ///
  /// - Parameters:
  ///   - weights: as [tile][component]; 0 for walkers that do not count.
  ///   - gradient: all parameters; this layer's begin at `start`.
  public func pull(
    _ weights: ContiguousArray<Lanes32>, into gradient: inout [Double], at start: Int, workspace: inout FactorWorkspace
  ) {
    precondition(weights.count == tiles * components, "\(tiles) tiles of \(components) components expected")
    workspace.reserve(inputs: panels * tiles * inputStride, outputs: panels * tiles * outputStride)
    for panel in 0..<panels {
      for tile in 0..<tiles {
        let u = tile * components
        contract(
          sensitivities, sensitivity(panel, tile, 0), outputStride, weights, u, from: 0,
          into: &workspace.outputs, (panel * tiles + tile) * outputStride)
        guard order > .value else { continue }
        contract(
          activities, activity(panel, tile, 0), inputStride, weights, u, from: 1,
          into: &workspace.inputs, (panel * tiles + tile) * inputStride)
      }
      guard seesBias(panel) else { continue }
      for tile in 0..<tiles {
        for row in 0..<layout.outputs {
          gradient[start + layout.biasStart + row] +=
            workspace.outputs[(panel * tiles + tile) * outputStride + row].laneSum
        }
      }
    }
    outerProducts(
      workspace.outputs, 0, outputStride, activities, 0, components * inputStride, into: &gradient, at: start)
    guard order > .value else { return }
    outerProducts(
      sensitivities, 0, components * outputStride, workspace.inputs, 0, inputStride, into: &gradient, at: start)
    guard order == .laplacian else { return }
    for k in 1..<max(components - 1, 1) {
      for panel in 0..<panels {
        for tile in 0..<tiles {
          let weight = 2 * weights[tile * components + components - 1]
          let (to, from) = ((panel * tiles + tile) * outputStride, sensitivity(panel, tile, k))
          for f in 0..<outputStride { workspace.outputs[to + f] = weight * sensitivities[from + f] }
        }
      }
      outerProducts(
        workspace.outputs, 0, outputStride, activities, k * inputStride, components * inputStride, into: &gradient,
        at: start)
    }
  }

  /// Σ over panels and tiles of e ⊗ a, each into the weights that its panel sees.
  private func outerProducts(
    _ e: ContiguousArray<Lanes32>, _ eStart: Int, _ eStride: Int, _ a: ContiguousArray<Lanes32>, _ aStart: Int,
    _ aStride: Int, into gradient: inout [Double], at start: Int
  ) {
    let (rows, inputs, columns) = (layout.outputs, layout.inputs, layout.columns)
    let plain = layout.sharing == .particle ? panels : panels - 1
    addOuterProducts(
      e, at: eStart, stride: eStride, rows: rows, a, at: aStart, stride: aStride, columns: inputs,
      pairs: plain * tiles, into: &gradient, at: start, stride: columns)
    guard layout.sharing == .equivariant else { return }
    // ∂W_own and ∂W_mean both contain the mean's outer product: it is formed once.
    var mean = [Double](repeating: 0, count: rows * inputs)
    addOuterProducts(
      e, at: eStart + plain * tiles * eStride, stride: eStride, rows: rows,
      a, at: aStart + plain * tiles * aStride, stride: aStride, columns: inputs,
      pairs: tiles, into: &mean, at: 0, stride: inputs)
    addToBoth(mean, rows: rows, inputs: inputs, columns: columns, into: &gradient, at: start)
  }

  /// target = Σ_{c ≥ first} u_c · factors[c]
  private func contract(
    _ factors: ContiguousArray<Lanes32>, _ start: Int, _ stride: Int, _ u: ContiguousArray<Lanes32>, _ uStart: Int,
    from first: Int, into target: inout ContiguousArray<Lanes32>, _ targetStart: Int
  ) {
    let components = components
    factors.withUnsafeBufferPointer { factors in
      target.withUnsafeMutableBufferPointer { target in
        u.withUnsafeBufferPointer { u in
          for f in 0..<stride {
            var sum = Lanes32.zero
            for c in first..<components { sum.addProduct(u[uStart &+ c], factors[start &+ c &* stride &+ f]) }
            target[targetStart &+ f] = sum
          }
        }
      }
    }
  }
}

/// ∂W_own += mean and ∂W_mean += mean, which lie side by side in rows of `columns`.
func addToBoth(_ mean: [Double], rows: Int, inputs: Int, columns: Int, into gradient: inout [Double], at start: Int) {
  for row in 0..<rows {
    for column in 0..<inputs {
      gradient[start + row * columns + column] += mean[row * inputs + column]
      gradient[start + row * columns + inputs + column] += mean[row * inputs + column]
    }
  }
}

/// Σ_f x[f] y[f], walker by walker.
@inline(__always)
private func dotPanels(
  _ x: ContiguousArray<Lanes32>, at start: Int, _ y: ContiguousArray<Lanes32>, count: Int
) -> Lanes32 {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      var even = Lanes32.zero
      var odd = Lanes32.zero
      for f in Swift.stride(from: 0, to: count, by: 2) {
        even.addProduct(x[start &+ f], y[f])
        odd.addProduct(x[start &+ f &+ 1], y[f &+ 1])
      }
      return even + odd
    }
  }
}
