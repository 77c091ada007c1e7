import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

extension ParameterDerivatives {
  /// O Oᵀ, [walkers, walkers]: the inner products of the walkers' rows ∂_θ ℓ, of all parameters or of a group; neither
  /// centred nor weighted.
  ///
  /// The rows are never formed: of two walkers' layers Σ_pq (e_p · e'_q)(a_p · a'_q) is all that is needed, p and q over the
  /// particles that share the weights.
  ///
  /// - Complexity: A (A + 1) products of [walkers × H] matrices a layer.
  public func kernel(group chosen: Int? = nil) -> Matrix {
    // Pairs p = q are symmetric, p < q stand for their transposes too: these add up in the two halves.
    var kernel = [Double](repeating: 0, count: walkers * walkers)
    var half = kernel
    for (group, layout) in groups.map(\.layout).enumerated() where chosen == nil || chosen == group {
      var activities: [Matrix] = []
      var sensitivities: [Matrix] = []
      for panel in 0..<particles {
        var (a, e): ([Double], [Double]) = ([], [])
        for batch in batches {
          batch.factors[group].appendRows(panel: panel, walkers: batch.count, activities: &a, sensitivities: &e)
        }
        activities.append(Matrix(rows: walkers, columns: layout.inputs, elements: a))
        sensitivities.append(Matrix(rows: walkers, columns: layout.outputs, elements: e))
      }
      for p in 0..<particles {
        for q in p..<particles {
          let inputs = product(activities[p], transposed: activities[q], threads: threads)
          let outputs = product(sensitivities[p], transposed: sensitivities[q], threads: threads)
          let (factor, constant) = layout.panelOverlap(p, q, of: particles)
          if p == q {
            add(factor, constant, inputs, outputs, to: &kernel)
          } else {
            add(factor, constant, inputs, outputs, to: &half)
          }
        }
      }
    }
    let count = walkers
    return Matrix(rows: count, columns: count) { row, column in
      kernel[row * count + column] + half[row * count + column] + half[column * count + row]
    }
  }

  /// sum += (factor · inputs + constant) ∘ outputs
  private func add(_ factor: Double, _ constant: Double, _ inputs: Matrix, _ outputs: Matrix, to sum: inout [Double]) {
    // Unsafe: three arrays without checks of their indices; all have as many elements as `sum`.
    let count = sum.count
    precondition(inputs.elements.count == count && outputs.elements.count == count, "\(count) elements expected")
    inputs.elements.withUnsafeBufferPointer { x in
      outputs.elements.withUnsafeBufferPointer { y in
        sum.withUnsafeMutableBufferPointer { sum in
          for i in 0..<count { sum[i] += (factor * x[i] + constant) * y[i] }
        }
      }
    }
  }
}
