import Ch00Lanes
import Ch02AutomaticDifferentiation

extension AntisymmetrizedNetwork {
  /// sign ψ and ln|ψ| of one configuration for any scalar: the definition, which the fast path is held against.
  ///
  /// - Parameters:
  ///   - network: its sizes and activation; its own parameters are not looked at.
  ///   - parameters: as many as the network has.
  ///   - x: A coordinates, in oscillator lengths; another count stops the program.
  /// - Returns: sign ±1 and ln|ψ|, with the 1/√A!; at a node sign 0 and -∞.
  /// - Complexity: A! evaluations of the network.
  public static func referenceLogPsi<S: DifferentiableScalar>(
    _ network: AntisymmetrizedNetwork, parameters: [S], positions x: [S]
  ) -> (sign: Double, logMagnitude: S) {
    let (n, hidden) = (network.particles, network.hidden)
    precondition(x.count == n, "\(n) coordinates expected, got \(x.count)")
    func f(_ x: [S]) -> S {
      var sum: S = 0
      for h in 0..<hidden {
        var u = parameters[hidden * n + h]
        for i in 0..<n { u += parameters[h * n + i] * x[i] }
        sum += parameters[hidden * (n + 1) + h] * network.activation(u)
      }
      return sum
    }
    let permutations = SignedPermutations(of: n)
    var psi: S = 0
    for (p, sign) in permutations.signs.enumerated() {
      psi += S(sign) * f((0..<n).map { x[permutations.images[p * n + $0]] })
    }
    let z = x.map { parameters[hidden * (n + 2)] * $0 }
    let envelope = z.reduce(S(-0.5 * Double.logFactorial(n))) { $0 - $1 * $1 }
    return (psi < 0 ? -1 : psi == 0 ? 0 : 1, log(abs(psi)) + envelope)
  }
}
