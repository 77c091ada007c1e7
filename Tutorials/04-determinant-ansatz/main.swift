import AppendixText
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// How chapter 3's exact method grows with the number of particles, and how a network does.
func countNumbers() throws {
  print("== sizes ==")
  // region: sizes
  for particles in [2, 4, 6, 8, 10, 20] {
    var sets = 1.0
    for i in 0..<particles { sets *= Double(60 - i) / Double(i + 1) }
    let shape = try AnsatzShape(particles: particles)
    print("A = \(particles): \(scientific(sets, 2)) sets of points, \(shape.parameterCount) parameters")
  }
  // end
}

func features() throws {
  print("== features ==")
  // region: features
  let shape = try AnsatzShape(particles: 3, hidden: 4, layers: 1)
  let ansatz = DeterminantAnsatz(shape, seed: 4)

  let layer = EquivariantLayer(inputs: 1, outputs: 4, residual: false)
  let parameters = Array(ansatz.parameters[shape.groups[0].range])
  for x in [[0.4, -0.7, 1.1], [1.1, -0.7, 0.4], [0.4, -0.7, 1.6]] {
    print("x =", x)
    for (i, h) in layer.reference(parameters, x.map { [$0] }).enumerated() { print("  h_\(i + 1)", columns(h, 4)) }
  }
  // end

  print("== matrix ==")
  // region: matrix
  for x in [[0.4, -0.7, 1.1], [1.1, -0.7, 0.4]] {
    let m = DeterminantAnsatz.referenceOrbitals(shape, parameters: ansatz.parameters, positions: x)[0]
    print("x =", x)
    for (i, orbitals) in m.enumerated() { print("  Φ_\(i + 1)", columns(orbitals, 4)) }
    print("  det Φ =", fixed(determinant(of: m), 6))
  }
  // end
}

func antisymmetry() throws {
  print("== exchange ==")
  // region: exchange
  let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 3), seed: 1)
  let x = [0.4, -0.7, 1.1]
  let values = ansatz.evaluate(Walkers([x, [1.1, -0.7, 0.4], [-0.7, 1.1, 0.4]]), order: .value)
  for walker in 0..<3 {
    print("sign \(Int(values.sign[walker])), ln|ψ| = \(fixed(values.logPsi[walker], 9))")
  }
  // end

  print("== contact ==")
  // region: contact
  for distance in [1e-1, 1e-2, 1e-3, 1e-4] {
    let psi = ansatz.evaluate(Walkers([[0.4, -0.7, 0.4 + distance]]), order: .value).psi[0]
    print("distance \(distance): ψ = \(scientific(psi, 2)), ψ / distance = \(fixed(psi / distance, 6))")
  }
  // end

  print("== envelope ==")
  // region: envelope
  func logPsi(_ x1: Double) -> Double {
    ansatz.evaluate(Walkers([[x1, -0.7, 1.1]]), order: .value).logPsi[0]
  }
  for x1 in [4.0, 8, 16, 32] {
    print("x_1 = \(Int(x1)): ln|ψ| = \(fixed(logPsi(x1), 3)), ln|ψ| + x_1²/2 = \(fixed(logPsi(x1) + x1 * x1 / 2, 3))")
  }
  // end
}

func severalDeterminants() throws {
  print("== determinants ==")
  // region: determinants
  let shape = try AnsatzShape(particles: 3, determinants: 4)
  let ansatz = DeterminantAnsatz(shape, seed: 2)
  let x = [0.4, -0.7, 1.1]

  let terms = DeterminantAnsatz.referenceOrbitals(shape, parameters: ansatz.parameters, positions: x)
    .map { determinant(of: $0) / 6.0.squareRoot() }
  print("terms of the sum:", columns(terms, 7))
  print("their sum:       ", columns([terms.reduce(0, +)], 7))

  print("ψ by evaluate:   ", columns(ansatz.evaluate(Walkers([x]), order: .value).psi, 7))
  // end
}

// region: local
func localEnergies(_ hamiltonian: TrappedFermions, _ ansatz: DeterminantAnsatz, _ walkers: Walkers) -> [Double] {
  let values = ansatz.evaluate(walkers)
  let n = ansatz.particles
  return (0..<walkers.count).map { walker in
    let gradient = values.gradient[(walker * n)..<((walker + 1) * n)]
    let kinetic = -0.5 * (values.laplacian[walker] + gradient.reduce(0) { $0 + $1 * $1 })
    let potential = hamiltonian.potentialEnergy(walkers[walker])
    return kinetic + potential.trap + potential.interaction
  }
}
// end

func randomNetwork() throws {
  print("== spread ==")
  // region: spread
  let free = TrappedFermions(particles: 2, strength: 0)
  let line = Walkers((1...6).map { [-0.5, 0.5 * Double($0)] })
  print("x_2:   ", columns((1...6).map { 0.5 * Double($0) }, 2, width: 7))
  for seed in [1, 2, 3] as [UInt64] {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: seed)
    print("seed \(seed):", columns(localEnergies(free, ansatz, line), 2, width: 7))
    print("sign ψ:", ansatz.evaluate(line, order: .value).sign.map { $0 > 0 ? "      +" : "      -" }.joined())
  }
  // end
}

func derivatives() throws {
  print("== derivatives ==")
  // region: derivatives
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1)
  let walkers = Walkers([[0.3, -0.5], [1.2, 0.1], [-0.8, 0.9]])
  let v = DeterminantAnsatz(ansatz.shape, seed: 7).parameters  // any direction will do

  let maps = ParameterDerivatives(of: ansatz, at: walkers, order: .gradient)
  let ov = maps.logDerivatives(along: v)
  let mv = maps.mixedDerivatives(along: v)

  // The same from two evaluations, at θ + εv and θ - εv.
  let step = 1e-5
  ansatz.move(by: v, factor: step)
  let plus = ansatz.evaluate(walkers, order: .gradient)
  ansatz.move(by: v, factor: -2 * step)
  let minus = ansatz.evaluate(walkers, order: .gradient)
  func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { ($0 - $1) / (2 * step) } }

  print("O v                ", columns(ov, 6))
  print("finite difference  ", columns(difference(plus.logPsi, minus.logPsi), 6))
  print("M v                ", columns(mv, 6))
  print("finite difference  ", columns(difference(plus.gradient, minus.gradient), 6))
  // end

  print("== transposed ==")
  // region: transposed
  let u = [0.2, -1, 0.5]
  let gradient = maps.logDerivatives(weighted: u)
  print("\(gradient.count) numbers")
  print("u · (O v)  =", fixed(zip(u, ov).reduce(0) { $0 + $1.0 * $1.1 }, 9))
  print("(Oᵀ u) · v =", fixed(zip(gradient, v).reduce(0) { $0 + $1.0 * $1.1 }, 9))
  // end
}

func tutorial() throws {
  try countNumbers()
  try features()
  try antisymmetry()
  try severalDeterminants()
  try randomNetwork()
  try derivatives()
}

try tutorial()
