import AppendixText
import NeuralQuantumStates

// Two fermions on a line have a ground state with one sign for each order, and a wrong sign tells of a node too many. An excited
// state has such nodes by right, and so has Ψ of several sets: exchanging the sets changes its sign, and the order of the particles
// does not know of sets. For half of the walkers, whichever half, the sign is the wrong one. So PI-DGD's guard, which shortens a
// step that would double that part, never acts: a part is at most a half.

extension Exercise {
  static let aSignWithoutASide = Exercise(14, 2, "the sign guard and excited states") {
    let hamiltonian = TrappedFermions(particles: 2, strength: 0)
    for count in 1...4 {
      let psi = ExcitedStates(lowestOccupations(particles: 2, count: count).map { OscillatorDeterminant($0) })
      var walk = MetropolisWalk(walkers: 4096, particles: 2 * count, seed: 1)
      walk.sweep(psi, count: 300, adaptingWidth: true, threads: 2)
      let found = CopiedHamiltonian(hamiltonian, count: count).localEnergies(of: psi, at: walk.walkers, threads: 2)
      // The standard error of a part of about one half.
      let error = count == 1 ? 0 : 0.5 / 4096.0.squareRoot()
      print(
        "\(count) states: on the wrong side \(fixed(found.wrongSignFraction, 3)) ± \(fixed(error, 3)),",
        "predicted \(count == 1 ? "0" : "about a half")")
    }
  }
}
