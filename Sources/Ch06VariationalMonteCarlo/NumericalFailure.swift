import Ch01LinearAlgebra
import Ch04DeterminantAnsatz

/// A number that ought to be finite and is not: the run stops at that step.
public struct NumericalFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The step at which it came up, counted from 1; the steps done so far where `evaluate` threw it.
  public let step: Int
  /// Which number of which walker or parameter, and its value.
  public let description: String

  /// A failure of this step, in one line.
  public init(step: Int, description: String) { (self.step, self.description) = (step, description) }

  /// A number in words: NaN has no sign.
  private static func shown(_ x: Double) -> String { x.isNaN ? "nan" : "\(x)" }

  /// The first walker whose local energy is not finite. Walkers are counted from 1, as in what `nqs evaluate` says.
  static func check(_ energies: LocalEnergies, at walkers: Walkers, step: Int) throws(NumericalFailure) {
    guard let walker = energies.total.firstIndex(where: { !$0.isFinite }) else { return }
    let parts = [
      ("kinetic energy", energies.kinetic), ("trap energy", energies.trap), ("interaction", energies.interaction),
    ]
    let (name, value) =
      parts.first { !$0.1[walker].isFinite }.map { ($0.0, $0.1[walker]) } ?? ("local energy", energies.total[walker])
    let x = walkers.positions[(walker * walkers.particles)..<((walker + 1) * walkers.particles)]
    throw NumericalFailure(
      step: step,
      description:
        "step \(step): the \(name) of walker \(walker + 1) is \(shown(value)) at positions \(Array(x)), a finite number expected"
    )
  }

  /// The first parameter whose number is not finite, by the name of its tensor.
  static func check<Psi: TrainableWaveFunction>(
    _ values: [Double], _ quantity: String, of psi: Psi, step: Int
  ) throws(NumericalFailure) {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    var start = 0
    var place = "parameter \(index)"
    for tensor in psi.tensors {
      if index < start + tensor.values.count {
        place = "\(tensor.name)[\(index - start)]"
        break
      }
      start += tensor.values.count
    }
    throw NumericalFailure(
      step: step,
      description: "step \(step): the \(quantity) of \(place) is \(shown(values[index])), a finite number expected"
    )
  }
}
