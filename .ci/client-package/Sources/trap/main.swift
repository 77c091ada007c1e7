import NeuralQuantumStates

/// ¼ x⁴ - x², a double well, for one length and for eight.
struct DoubleWell: Potential {
  func callAsFunction(_ x: Double) -> Double { 0.25 * x * x * x * x - x * x }

  func callAsFunction(_ x: Lanes) -> Lanes {
    let square = x * x
    return square * multiplyAdd(square, Lanes(repeating: 0.25), Lanes(repeating: -1))
  }
}

let well = DoubleWell()
let x = Lanes(0.1, 0.2, 0.4, 0.8, 1, 1.5, 2, 3)
let lanes = well(x)
let furthest = (0..<8).map { abs(lanes[$0] - well(x[$0])) }.max() ?? .infinity
print("one length and eight agree:", furthest < 1e-14)

let pair = TrappedFermions(particles: 2, strength: -20)
let network = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1)
print("local energy, untrained:", pair.localEnergies(of: network, at: Walkers([[-0.5, 0.7]])).total[0])
print("exact energy:", try relativeCoordinate(pair).energy)

let system = TrappedFermions(particles: 2, trap: well, interaction: GaussianInteraction(strength: -2))
print("two in the double well:", fixed(try gridDiagonalisation(system).energy, 4))

try system.requireGroundState()
let orbitals = try TrapOrbitals(system)
let sized = system.with(length: orbitals.length)
var psi = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 16), seed: 1, length: sized.length)
var walk = MetropolisWalk(walkers: 512, particles: 2, seed: 1, length: sized.length)
Pretraining(orbitals: orbitals).run(&psi, &walk, threads: 2)
let optimizer = ProjectedIncrements().optimizer
walk.power = ProjectedIncrements.samplingPower
walk.sweep(psi, count: 100, threads: 2)
var run = VariationalMonteCarlo(sized, psi, walk, optimizer, threads: 2)
for _ in 1...100 { _ = try run.advance() }
let found = try run.evaluate()
print("network:", fixed(found.energy, 4), "±", fixed(found.error, 4))

func fixed(_ x: Double, _ digits: Int) -> Double {
  let scale = Double.pow(10, Double(digits))
  return (x * scale).rounded() / scale
}
