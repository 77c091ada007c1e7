import AppendixText
import NeuralQuantumStates

// Two fermions on a line have a ground state with one sign for each order, and a wrong sign tells of a node too many.
// An excited state has such nodes by right, and so has Ψ of several sets. The order is that of all 2K coordinates.
// Exchanging two sets of two particles is an even permutation of them: the order's sign stays, Ψ's changes, so exactly
// half of |Ψ|² has either sign. (With three particles a set both change, and nothing fixes the part: it is 43 % for
// two sets.) What is printed is the smaller part of the two, so it comes out a little below a half. PI-DGD's guard,
// which shortens a step that would double that part, never acts on one above a quarter.

extension Exercise {
  static let aSignWithoutASide: Exercise = .init(14, 2, "the sign guard and excited states") {
    let hamiltonian = TrappedFermions(particles: 2, strength: 0)
    for count in 1...4 {
      let psi = ExcitedStates(lowestOccupations(particles: 2, count: count).map { OscillatorDeterminant($0) })
      var walk = MetropolisWalk(walkers: 4096, particles: 2 * count, seed: 1)
      walk.sweep(psi, count: 1000, adaptingWidth: true, threads: 2)
      let found = CopiedHamiltonian(hamiltonian, count: count).localEnergies(of: psi, at: walk.walkers, threads: 2)
      // The standard error of a part of one half.
      let error = count == 1 ? 0 : 0.5 / 4096.0.squareRoot()
      print(
        "\(count) states: on the wrong side \(fixed(found.wrongSignFraction, 3)) ± \(fixed(error, 3)),",
        "predicted \(count == 1 ? "0" : "a half")")
    }
  }
}
