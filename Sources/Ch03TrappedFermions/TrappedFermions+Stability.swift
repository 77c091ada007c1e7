import Ch00Lanes

/// Potentials that have no ground state, or none that this book can find.
public struct PotentialError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, in words.
  public let description: String
}

extension TrappedFermions {
  /// Looks at the potentials from 1e-12 to 1e4 on both sides of 0, and throws where they are not what a Hamiltonian needs:
  /// numbers everywhere, bounded below, an even interaction, and a total that rises when the particles go far apart.
  ///
  /// It cannot see everything: a spike between two of the points it looks at, for one.
  /// - Complexity: a thousand evaluations of each potential.
  public func requireGroundState() throws(PotentialError) {
    var lengths = [0.0]
    var length = 1e-12
    while length < 1e4 {
      lengths += [length, -length]
      length *= length < 1e-3 ? 10 : 1.05
    }
    for (name, variable, potential) in [("trap", "x", trap), ("interaction", "r", interaction)] {
      if name == "interaction", particles < 2 { continue }
      for x in lengths {
        let value = potential(x)
        guard !value.isNaN else {
          throw PotentialError(description: "the \(name) is not a number at \(variable) = \(shown(x))")
        }
        // A trap may rise beyond all numbers far outside.
        let isWall = name == "trap" && value == .infinity && abs(x) > 1
        guard value.isFinite || isWall else {
          throw PotentialError(description: "the \(name) is not finite at \(variable) = \(shown(x))")
        }
        guard abs(x) > 1e-3 || abs(value) < 1e8 else {
          throw PotentialError(description: "the \(name) has no bound near \(variable) = 0")
        }
      }
    }
    if particles > 1 {
      for r in lengths where r > 0 {
        let (right, left) = (interaction(r), interaction(-r))
        guard abs(right - left) <= 1e-9 * (abs(right) + abs(left)) else {
          throw PotentialError(
            description:
              "the interaction is not even: \(shown(right)) at r = \(shown(r)), \(shown(left)) at -\(shown(r))")
        }
      }
    }
    // One particle that leaves, to either side; half of them to each side; all of them together.
    let right = Double((particles + 1) / 2)
    let left = Double(particles / 2)
    let scenes: [(what: String, energy: (Double) -> Double)] = [
      ("a particle goes to the right", { trap($0) }), ("a particle goes to the left", { trap(-$0) }),
      ("particles go apart", { right * trap($0) + left * trap(-$0) + right * left * interaction(2 * $0) }),
    ]
    // One particle has nobody to part from, and 0 times a wall is no number.
    for (what, energy) in particles > 1 ? scenes : Array(scenes.dropLast()) {
      let far = energy(1e4)
      let least = stride(from: 0.0, to: 9.2, by: 0.05).map { energy(Double.exp($0)) }.min() ?? 0
      guard far > least - 1e-9 * abs(least) - 1e-9 else {
        let problem = energy(1e5) < far - 1 ? "is not bounded below" : "does not rise"
        throw PotentialError(description: "the energy \(problem) when \(what)")
      }
    }
  }

  private func shown(_ x: Double) -> String { abs(x) < 1e6 && x == x.rounded() ? String(Int(x)) : String(Float(x)) }
}
