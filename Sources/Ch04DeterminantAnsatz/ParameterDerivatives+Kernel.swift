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
  /// - Complexity: A² products of [walkers × H] matrices a layer.
  public func kernel(group chosen: Int? = nil) -> Matrix {
    var kernel = Matrix(rows: walkers, columns: walkers)
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
        for q in 0..<particles {
          let inputs = product(activities[p], transposed: activities[q])
          let outputs = product(sensitivities[p], transposed: sensitivities[q])
          let (factor, constant) = layout.panelOverlap(p, q, of: particles)
          for row in 0..<walkers {
            for column in 0..<walkers {
              kernel[row, column] += (factor * inputs[row, column] + constant) * outputs[row, column]
            }
          }
        }
      }
    }
    return kernel
  }
}
