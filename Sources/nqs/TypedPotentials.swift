import AppendixFiles
import AppendixFormulas
import AppendixText
import NeuralQuantumStates

/// A trap and an interaction as they were typed; nil where the book's own are meant.
struct TypedPotentials: Sendable, Equatable {
  var trap: String?
  var interaction: String?
  /// a=1,b=2
  var constants: String?

  var isEmpty: Bool { trap == nil && interaction == nil && constants == nil }

  /// The formulas, read.
  /// - Throws: wrong usage, with the option and the column.
  func formulas() throws(CommandError) -> (trap: Formula?, interaction: Formula?) {
    let constants = try values()
    if !constants.isEmpty, trap == nil, interaction == nil {
      throw .usage("--let names numbers for --trap and --interaction, and neither is given")
    }
    func read(_ option: String, _ text: String?, _ variable: String) throws(CommandError) -> Formula? {
      guard let text else { return nil }
      do throws(FormulaError) {
        return try Formula(text, variable: variable, constants: constants)
      } catch {
        throw .usage("--\(option): \(error.description)")
      }
    }
    return (try read("trap", trap, "x"), try read("interaction", interaction, "r"))
  }

  private func values() throws(CommandError) -> [String: Double] {
    var values: [String: Double] = [:]
    for part in Option.parts(constants ?? "") where constants != nil {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map { String($0) }
      guard sides.count == 2, let value = number(sides[1]), value.isFinite else {
        throw .usage("--let has '\(shortened(part))'; a name, = and a number are needed, as v=3 or v=3,w=0.5")
      }
      let name = sides[0]
      let isName =
        name.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } == true
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      guard isName else {
        throw .usage("--let has '\(shortened(part))'; a name is letters, digits and _, a letter first")
      }
      guard !["x", "r", "pi", "exp", "log", "sqrt", "abs", "sin", "cos", "tanh"].contains(name) else {
        throw .usage("--let has '\(shortened(part))'; \(name) has a meaning already")
      }
      guard values.updateValue(value, forKey: name) == nil else { throw .usage("--let names \(name) twice") }
    }
    return values
  }
}

extension SolveSettings {
  /// The system: the book's, or what was typed.
  /// - Throws: wrong usage where a formula cannot be read, or has no ground state.
  func system() throws(CommandError) -> TrappedFermions {
    guard !potentials.isEmpty else {
      return TrappedFermions(particles: particles, strength: strength, range: range)
    }
    let formulas = try potentials.formulas()
    let trap: any Potential = formulas.trap ?? HarmonicTrap()
    let interaction: any Potential = formulas.interaction ?? GaussianInteraction(strength: strength, range: range)
    let system = TrappedFermions(particles: particles, trap: trap, interaction: interaction)
    do throws(PotentialError) {
      try system.requireGroundState()
    } catch {
      throw .usage(error.description)
    }
    guard formulas.trap != nil else { return system }
    return system.with(length: try trapOrbitals(of: system).length)
  }

  /// What pretraining goes to in a trap that was typed; nil in the book's.
  func trapOrbitals() throws(CommandError) -> TrapOrbitals? {
    guard potentials.trap != nil else { return nil }
    return try trapOrbitals(of: try system())
  }

  /// The same for more orbitals than there are fermions.
  func trapOrbitals(count: Int) throws(CommandError) -> TrapOrbitals? {
    guard potentials.trap != nil else { return nil }
    return try trapOrbitals(
      of: TrappedFermions(particles: count, trap: try system().trap, interaction: GaussianInteraction(strength: 0)))
  }

  private func trapOrbitals(of system: TrappedFermions) throws(CommandError) -> TrapOrbitals {
    do throws(ReferenceError) {
      return try TrapOrbitals(system)
    } catch {
      guard case .notApplicable(_, let reason) = error else { throw .usage(error.description) }
      throw .usage("--trap: \(reason)")
    }
  }

  /// The system of a run whose settings have been checked; a ψ is a function of x about 0.
  func requireCentredTrap() throws(CommandError) {
    guard let orbitals = try trapOrbitals(), abs(orbitals.center) > 1.5 * orbitals.length else { return }
    throw .usage(
      "--trap: its fermions are at x = \(fixed(orbitals.center, 2)); the network's envelopes are for x = 0, so write the trap "
        + "about there")
  }
}
