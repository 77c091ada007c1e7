import Ch00Lanes
import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.1 The Hamiltonian") struct HamiltonianTests {
  @Test("the interaction integrates to its strength, whatever its range", arguments: [0.1, 0.5, 2])
  func integral(range: Double) {
    let v = GaussianInteraction(strength: -20, range: range)
    let h = range / 8
    // The trapezoidal rule on a Gaussian is exact to rounding.
    let sum = (-100...100).reduce(0) { $0 + h * v(Double($1) * h) }
    #expect(sum ≈ -20 ± 1e-12)
  }

  @Test("three fermions by hand")
  func byHand() {
    let fermions = TrappedFermions(particles: 3, strength: 2, range: 1)
    let energy = fermions.potentialEnergy([-1, 0.5, 2])
    #expect(energy.trap ≈ 0.5 * (1 + 0.25 + 4) ± 1e-15)
    let peak = 2 / (2 * Double.pi).squareRoot()
    let expected = peak * (2 * Double.exp(-0.5 * 1.5 * 1.5) + Double.exp(-0.5 * 9))
    #expect(energy.interaction ≈ expected ± 1e-15)
  }

  @Test("32 walkers in lanes have the energies of 32 walkers one by one, in everybody's potentials")
  func lanes() {
    let systems = [
      TrappedFermions(particles: 1, strength: -20),
      TrappedFermions(particles: 5, strength: -20),
      TrappedFermions(particles: 4, trap: QuarticTrap(), interaction: Springs(stiffness: 0.3)),
      TrappedFermions(particles: 3, trap: HarmonicTrap(frequency: 2), interaction: DoubleWell()),
    ]
    var generator = SplitMix64(seed: 1)
    for fermions in systems {
      let walkers = (0..<32).map { _ in generator.uniform(-3...3, count: fermions.particles) }
      var positions = ContiguousArray(repeating: Lanes32.zero, count: fermions.particles)
      for (w, walker) in walkers.enumerated() { for (i, x) in walker.enumerated() { positions[i][w] = x } }
      let together = fermions.potentialEnergy(positions.span)
      for (w, walker) in walkers.enumerated() {
        let alone = fermions.potentialEnergy(walker)
        // Two exponentials of 1.1 ulp, sums of ten terms.
        #expect(together.trap[w] ≈ alone.trap.within(relative: 1e-14))
        #expect(together.interaction[w] ≈ alone.interaction.within(relative: 1e-13))
      }
    }
  }

  @Test("only the book's own potentials make a system of the book")
  func standard() {
    #expect(TrappedFermions(particles: 2, strength: -20).standard! == (-20, 0.5))
    #expect(TrappedFermions(particles: 2, trap: QuarticTrap(), interaction: Springs(stiffness: 1)).standard == nil)
    let stiff = HarmonicTrap(frequency: 2)
    #expect(
      TrappedFermions(particles: 2, trap: stiff, interaction: GaussianInteraction(strength: 1)).standard == nil)
  }

  @Test("an interaction that is not even is refused by every reference, in one line")
  func odd() {
    let system = TrappedFermions(particles: 2, interaction: FunctionPotential { $0 / (1 + $0 * $0) })
    for method in [
      { () throws -> Void in _ = try relativeCoordinate(system) }, { _ = try hartreeFock(system) },
      { _ = try configurationInteraction(system) }, { _ = try gridDiagonalisation(system) },
      { _ = try gridLevels(system, states: 2) }, { _ = try gridForecast(system, states: 1) },
    ] {
      let error = #expect(throws: ReferenceError.self) { try method() }
      #expect(error?.description.contains("the interaction is not even") == true)
    }
  }

  @Test("a closure is a potential, for one length and for eight")
  func closure() {
    let (own, trap) = (FunctionPotential { 0.5 * $0 * $0 }, HarmonicTrap())
    let x = Lanes(-3, -1, -0.5, 0, 0.1, 1, 2, 40)
    #expect(own(2) == trap(2) && own(x) == trap(x))
  }
}
