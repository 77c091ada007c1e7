import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

extension ExcitedStates where State == DeterminantAnsatz {
  /// sign Ψ and ln|Ψ| of one configuration for any scalar: the definition, which the fast path is held against.
  ///
  /// - Parameters:
  ///   - shapes: sizes of the K states.
  ///   - parameters: those of ψ_1, of ψ_2 and so on.
  ///   - x: K sets of A coordinates, one behind the other, in oscillator lengths; another count stops the program.
  /// - Returns: sign ±1 and ln|Ψ|; at a node sign 0 and -∞.
  /// - Complexity: K² evaluations of a state. Values that no double holds are lost, as they are not in `logPsi`.
  public static func referenceLogPsi<S: DifferentiableScalar>(
    _ shapes: [AnsatzShape], parameters: [S], positions x: [S]
  ) -> (sign: Double, logMagnitude: S) {
    let particles = shapes[0].particles
    precondition(
      x.count == shapes.count * particles, "\(shapes.count * particles) coordinates expected, got \(x.count)")
    var matrix = [[S]](repeating: [], count: shapes.count)
    for i in shapes.indices {
      let set = Array(x[(i * particles)..<((i + 1) * particles)])
      var start = 0
      for shape in shapes {
        let own = Array(parameters[start..<(start + shape.parameterCount)])
        let psi = DeterminantAnsatz.referenceLogPsi(shape, parameters: own, positions: set)
        matrix[i].append(S(psi.sign) * exp(psi.logMagnitude))
        start += shape.parameterCount
      }
    }
    return signAndLogDeterminant(of: matrix)
  }
}
