import Ch00Lanes

extension ParameterFactors {
  /// Adds the squared derivatives of every parameter, summed with weights over one tile's first `counted` walkers.
  ///
  /// A derivative is a sum over panels, and its square is taken at each walker: nothing can be summed over walkers
  /// before it. So this costs as much as three or four products with a vector. Four walkers at a time, their factors
  /// side by side in the cache, and eight derivatives in registers.
  ///
  /// - Parameters:
  ///   - kind: `.value` for (∂_θ ℓ)², `.gradient` for Σ_k (∂_θ ∂_k ℓ)².
  ///   - weights: of the tile's walkers; 0 beyond those that count.
  /// - Complexity: one product a panel, row, column and walker for the value, two a coordinate for the gradient.
  package func addSquares(
    _ kind: JetOrder, tile: Int, counted: Int, weights: Lanes32, into gradient: inout [Double], at start: Int,
    workspace: inout SquaresWorkspace
  ) {
    let components = kind == .value ? 0...0 : 1...coordinates
    workspace.reset(self, components: components.count)
    for group in 0..<8 where counted > 4 * group {
      let four = SIMD4(
        weights[4 * group], weights[4 * group + 1], weights[4 * group + 2], weights[4 * group + 3])
      pack(tile, components, group, into: &workspace)
      workspace.addSquares(panels: 0..<panels, weights: four, to: \.own)
      if layout.sharing == .equivariant {
        workspace.addSquares(panels: plainPanels..<panels, weights: four, to: \.mean)
      }
      if layout.hasBias {
        addBiasSquares(components.count, weights: four, into: &gradient, at: start + layout.biasStart, workspace)
      }
    }
    for row in 0..<layout.outputs {
      for column in 0..<layout.inputs {
        let at = column * outputStride + row
        gradient[start + row * layout.columns + column] += workspace.own[at].laneSum
        if layout.sharing == .equivariant {
          gradient[start + row * layout.columns + layout.inputs + column] += workspace.mean[at].laneSum
        }
      }
    }
  }

  /// The bias's activity is the constant 1.
  private func addBiasSquares(
    _ components: Int, weights: SIMD4<Double>, into gradient: inout [Double], at start: Int, _ w: SquaresWorkspace
  ) {
    for row in 0..<layout.outputs {
      for component in 0..<components {
        var sum = SIMD4<Double>()
        for panel in 0..<panels where seesBias(panel) {
          sum += w.sensitivitySlopes[(component * panels + panel) * outputStride + row]
        }
        gradient[start + row] += (sum * sum * weights).laneSum
      }
    }
  }

  /// Four walkers' factors: e a for the value, ∂_k e a + e ∂_k a for the components k.
  private func pack(_ tile: Int, _ components: ClosedRange<Int>, _ group: Int, into w: inout SquaresWorkspace) {
    for panel in 0..<panels {
      let (a, e) = (activity(panel, tile, 0), sensitivity(panel, tile, 0))
      copyFour(sensitivities, e, outputStride, group, into: &w.sensitivities, panel * outputStride)
      copyFour(activities, a, inputStride, group, into: &w.activities, panel * inputStride)
      for (index, component) in components.enumerated() {
        let at = index * panels + panel
        copyFour(
          sensitivities, e + component * outputStride, outputStride, group, into: &w.sensitivitySlopes,
          at * outputStride)
        // The value has one term, and so has a coordinate of another set; the other factor stays 0.
        let own = component - firstSlope(panel)
        guard component > 0, own >= 0, own < ownCoordinates else { continue }
        copyFour(
          activities, a + (1 + own) * inputStride, inputStride, group, into: &w.activitySlopes, at * inputStride)
      }
    }
  }
}

/// Lanes 4 · group up to 4 · group + 3 of `count` panels' rows.
private func copyFour(
  _ source: ContiguousArray<Lanes32>, _ from: Int, _ count: Int, _ group: Int, into target: inout [SIMD4<Double>],
  _ to: Int
) {
  precondition(from >= 0 && from + count <= source.count && to >= 0 && to + count <= target.count)
  // Unsafe: four of a row's 32 walkers as one register. f < count, for which the precondition finds room in both, and
  // the caller's group is below 8.
  source.withUnsafeBytes { bytes in
    target.withUnsafeMutableBufferPointer { target in
      for f in 0..<count {
        let offset = (from &+ f) &* MemoryLayout<Lanes32>.stride &+ group &* MemoryLayout<SIMD4<Double>>.stride
        target[to &+ f] = bytes.load(fromByteOffset: offset, as: SIMD4<Double>.self)
      }
    }
  }
}

/// Scratch memory for `ParameterFactors.addSquares`, one a thread; allocated where the layer's size changes.
public struct SquaresWorkspace: Sendable {
  /// e and a as [panel][feature], ∂_k e and ∂_k a as [component][panel][feature], four walkers each.
  var sensitivities: [SIMD4<Double>] = []
  var activities: [SIMD4<Double>] = []
  var sensitivitySlopes: [SIMD4<Double>] = []
  var activitySlopes: [SIMD4<Double>] = []
  /// Sums of squares as [column][row]: of W_own, and of W_mean.
  var own: [SIMD4<Double>] = []
  var mean: [SIMD4<Double>] = []
  private var (panelCount, components, rows, columns) = (0, 0, 0, 0)

  /// No memory yet: the first use takes it.
  public init() {}

  mutating func reset(_ factors: ParameterFactors, components: Int) {
    func clear(_ numbers: inout [SIMD4<Double>], _ count: Int) {
      if numbers.count == count {
        // Unsafe: zeros into the memory that is there; the buffer knows its count.
        numbers.withUnsafeMutableBufferPointer { $0.update(repeating: .zero) }
      } else {
        numbers = Array(repeating: .zero, count: count)
      }
    }
    (panelCount, self.components) = (factors.panels, components)
    (rows, columns) = (factors.outputStride, factors.inputStride)
    clear(&sensitivities, panelCount * rows)
    clear(&sensitivitySlopes, components * panelCount * rows)
    clear(&activities, panelCount * columns)
    clear(&activitySlopes, components * panelCount * columns)
    clear(&own, rows * columns)
    clear(&mean, rows * columns)
  }

  /// Adds Σ_k (Σ_p ∂_k e_p a_p + e_p ∂_k a_p)² over four walkers, for all rows and columns.
  mutating func addSquares(
    panels: Range<Int>, weights: SIMD4<Double>, to sums: WritableKeyPath<SquaresWorkspace, [SIMD4<Double>]>
  ) {
    precondition(panels.lowerBound >= 0 && panels.upperBound <= panelCount, "panels \(panels) of \(panelCount)")
    // Unsafe: five arrays in the kernel without checks of their indices. `reset` made them for panelCount, components,
    // rows and columns, and strides of factors are multiples of four: row + 3 < rows, column + 1 < columns.
    var total = self[keyPath: sums]
    self[keyPath: sums] = []
    total.withUnsafeMutableBufferPointer { total in
      sensitivities.withUnsafeBufferPointer { e in
        activities.withUnsafeBufferPointer { a in
          sensitivitySlopes.withUnsafeBufferPointer { eSlopes in
            activitySlopes.withUnsafeBufferPointer { aSlopes in
              for column in stride(from: 0, to: columns, by: 2) {
                for row in stride(from: 0, to: rows, by: 4) {
                  squaresKernel(
                    e, a, eSlopes, aSlopes, row: row, column: column, rows: rows, columns: columns, panels: panels,
                    panelCount: panelCount, components: components, weights: weights, into: total)
                }
              }
            }
          }
        }
      }
    }
    self[keyPath: sums] = total
  }
}

/// Four rows and two columns: eight sums over panels in registers, squared once a component.
@inline(__always) private func squaresKernel(
  _ e: UnsafeBufferPointer<SIMD4<Double>>, _ a: UnsafeBufferPointer<SIMD4<Double>>,
  _ eSlopes: UnsafeBufferPointer<SIMD4<Double>>, _ aSlopes: UnsafeBufferPointer<SIMD4<Double>>,
  row: Int, column: Int, rows: Int, columns: Int, panels: Range<Int>, panelCount: Int, components: Int,
  weights: SIMD4<Double>, into total: UnsafeMutableBufferPointer<SIMD4<Double>>
) {
  // Unsafe: eight sums in registers. k < components, panel < panelCount, row + 3 < rows and column + 1 < columns, as
  // the caller has it.
  typealias Four = SIMD4<Double>
  let (first, second) = (column &* rows &+ row, (column &+ 1) &* rows &+ row)
  for k in 0..<components {
    var (s00, s10, s20, s30) = (Four(), Four(), Four(), Four())
    var (s01, s11, s21, s31) = (Four(), Four(), Four(), Four())
    for panel in panels {
      let (f, g) = (panel &* rows &+ row, panel &* columns &+ column)
      let (fSlope, gSlope) = (k &* panelCount &* rows &+ f, k &* panelCount &* columns &+ g)
      let (a0, a1, b0, b1) = (a[g], a[g &+ 1], aSlopes[gSlope], aSlopes[gSlope &+ 1])
      s00 = multiplyAdd(e[f], b0, multiplyAdd(eSlopes[fSlope], a0, s00))
      s01 = multiplyAdd(e[f], b1, multiplyAdd(eSlopes[fSlope], a1, s01))
      s10 = multiplyAdd(e[f &+ 1], b0, multiplyAdd(eSlopes[fSlope &+ 1], a0, s10))
      s11 = multiplyAdd(e[f &+ 1], b1, multiplyAdd(eSlopes[fSlope &+ 1], a1, s11))
      s20 = multiplyAdd(e[f &+ 2], b0, multiplyAdd(eSlopes[fSlope &+ 2], a0, s20))
      s21 = multiplyAdd(e[f &+ 2], b1, multiplyAdd(eSlopes[fSlope &+ 2], a1, s21))
      s30 = multiplyAdd(e[f &+ 3], b0, multiplyAdd(eSlopes[fSlope &+ 3], a0, s30))
      s31 = multiplyAdd(e[f &+ 3], b1, multiplyAdd(eSlopes[fSlope &+ 3], a1, s31))
    }
    total[first] = multiplyAdd(s00 * weights, s00, total[first])
    total[first &+ 1] = multiplyAdd(s10 * weights, s10, total[first &+ 1])
    total[first &+ 2] = multiplyAdd(s20 * weights, s20, total[first &+ 2])
    total[first &+ 3] = multiplyAdd(s30 * weights, s30, total[first &+ 3])
    total[second] = multiplyAdd(s01 * weights, s01, total[second])
    total[second &+ 1] = multiplyAdd(s11 * weights, s11, total[second &+ 1])
    total[second &+ 2] = multiplyAdd(s21 * weights, s21, total[second &+ 2])
    total[second &+ 3] = multiplyAdd(s31 * weights, s31, total[second &+ 3])
  }
}
