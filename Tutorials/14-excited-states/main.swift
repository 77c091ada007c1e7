import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch12DecisionalGradientDescent
import Ch14ExcitedStates

// region: system
let pair = TrappedFermions(particles: 2, strength: -10)
/// From chapter 3: the two lowest levels, since the centre of mass can take a quantum of its own.
let exact = (0..<2).map { 0.5959059 + Double($0) }
// end

func estimate(_ levels: Levels, _ digits: Int = 3) -> String {
  zip(levels.energies, levels.errors).map { "\(fixed($0, digits)) ± \(fixed($1, digits))" }.joined(separator: ", ")
}

func downhill() throws {
  print("== downhill ==")
  // region: downhill
  // One state alone, fitted to the orbitals 0 and 2: without interaction the first excited state.
  let network = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 16), seed: 1)
  var start = ExcitedStates([network])
  var walk = MetropolisWalk(walkers: 512, particles: 2, seed: 1)
  Pretraining().run(&start, &walk, occupations: [[0, 2]], threads: 2)
  walk.power = ProjectedIncrements.samplingPower
  var run = VariationalMonteCarlo(pair, start.states[0], walk, ProjectedIncrements().optimizer, threads: 2)
  var records = [try run.advance()]
  for _ in 2...60 { records.append(try run.advance()) }
  let sides = records.map(\.wrongSignFraction)
  print("starts above E_1 = \(fixed(exact[1], 3)):", yesOrNo(records[0].energy > exact[1]))
  print("after 60 steps below it by more than 0.2:", yesOrNo(records[59].energy < exact[1] - 0.2))
  print(
    "walkers on the other side of its node, from a half to below a tenth:", yesOrNo(sides[0] > 0.4 && sides[59] < 0.1))
  // end
}

func free() {
  print("== free ==")
  // region: free
  let occupations = lowestOccupations(particles: 2, count: 4)
  print("orbitals", occupations)
  let states = ExcitedStates(occupations.map { OscillatorDeterminant($0) })
  let free = CopiedHamiltonian(TrappedFermions(particles: 2, strength: 0), count: 4)
  // One walker: four sets of two positions.
  let walker = Walkers([[0.3, -0.8, 1.2, 0.1, -0.5, 0.9, -1.4, 0.6]])
  let matrix = free.localEnergyMatrices(of: states, at: walker)
  // Rounding leaves zeros of either sign.
  for a in 0..<4 { print(columns(matrix[(4 * a)..<(4 * a + 4)].map { abs($0) < 1e-9 ? 0 : $0 }, 4)) }
  // end

  print("== ritz ==")
  // region: ritz
  let attracted = CopiedHamiltonian(pair, count: 4)
  var walk = MetropolisWalk(walkers: 1024, particles: 8, seed: 1)
  walk.sweep(states, count: 200, adaptingWidth: true, threads: 2)
  var mean = LocalEnergyMean(walkers: 1024, states: 4)
  for _ in 1...20 {
    walk.sweep(states, count: 10, threads: 2)
    mean.add(attracted.localEnergyMatrices(of: states, at: walk.walkers, threads: 2))
  }
  print("levels:", estimate(mean.levels))
  // end
}

func trained() throws {
  print("== trained ==")
  // region: trained
  let shape = try AnsatzShape(particles: 2, hidden: 16)
  var states = ExcitedStates((1...2).map { DeterminantAnsatz(shape, seed: $0) })
  var walk = MetropolisWalk(walkers: 512, particles: 4, seed: 1)
  Pretraining().run(&states, &walk, threads: 2)
  walk.power = ProjectedIncrements.samplingPower

  var run = VariationalMonteCarlo(
    CopiedHamiltonian(pair, count: 2), states, walk, ProjectedIncrements().optimizer, threads: 2)
  for _ in 1...80 { _ = try run.advance() }

  let levels = try run.levels(batches: 30).levels
  for k in 0..<2 {
    print("E_\(k) within 3e-3 of \(fixed(exact[k], 4)):", yesOrNo(abs(levels.energies[k] - exact[k]) < 3e-3))
  }
  print("error bars below 1e-3:", yesOrNo(levels.errors.allSatisfy { $0 < 1e-3 }))
  // end
}

func tutorial() throws {
  try downhill()
  free()
  try trained()
}

try tutorial()
