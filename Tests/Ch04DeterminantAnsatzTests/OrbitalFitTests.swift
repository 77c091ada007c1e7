import Ch00Lanes
import Ch04DeterminantAnsatz
import TestSupport
import Testing

/// cos((j + 1) x): orbitals that no network here has.
private let cosines: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void = { x, orbitals in
  for j in orbitals.indices { orbitals[j] = (Double(j + 1) * x).map { Lanes.sincos($0).cos } }
}

@Suite("4.7 Fitting orbitals") struct OrbitalFits {
  @Test("the loss is the mean over walkers of Σ (M - φ)²", arguments: [(1, 1), (2, 2), (3, 1)])
  func loss(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, determinants: determinants)
    let walkers = Walkers.random(33, particles: particles)
    var expected = 0.0
    for walker in 0..<33 {
      let x = Array(walkers.positions[(walker * particles)..<((walker + 1) * particles)])
      for matrix in DeterminantAnsatz.referenceOrbitals(ansatz.shape, parameters: ansatz.parameters, positions: x) {
        for i in 0..<particles {
          for j in 0..<particles {
            let difference = matrix[i][j] - Double.cos(Double(j + 1) * x[i])
            expected += difference * difference / 33
          }
        }
      }
    }
    #expect(ansatz.orbitalLoss(at: walkers, target: cosines).loss ≈ expected.within(relative: 1e-13))
  }

  @Test("its gradient is that of finite differences", arguments: [(1, 1), (2, 1), (2, 3), (3, 2)])
  func gradient(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, hidden: 5, determinants: determinants)
    let walkers = Walkers.random(40, particles: particles)
    let gradient = ansatz.orbitalLoss(at: walkers, target: cosines).gradient
    // Fourth order in h = 1e-3: h⁴ of a fifth derivative and 1e-16/h of rounding leave 1e-11.
    let h = 1e-3
    func loss(_ parameter: Int, _ shift: Double) -> Double {
      var moved = ansatz
      moved.parameters[parameter] += shift
      return moved.orbitalLoss(at: walkers, target: cosines).loss
    }
    let expected = gradient.indices.map { p in
      (8 * (loss(p, h) - loss(p, -h)) - (loss(p, 2 * h) - loss(p, -2 * h))) / (12 * h)
    }
    #expect(gradient ≈ expected ± 1e-9)
  }

  @Test("loss and gradient have the same bits on 1 and 2 threads")
  func threads() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2)
    let walkers = Walkers.random(500, particles: 2)
    let one = ansatz.orbitalLoss(at: walkers, threads: 1, target: cosines)
    let two = ansatz.orbitalLoss(at: walkers, threads: 2, target: cosines)
    #expect(one.loss == two.loss && one.gradient == two.gradient)
  }
}
