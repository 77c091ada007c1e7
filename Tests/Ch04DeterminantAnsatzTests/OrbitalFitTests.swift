import Ch00Lanes
import Ch04DeterminantAnsatz
import TestSupport
import Testing

/// cos((j + 1) x): orbitals that no network here has.
private let cosines: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void = { x, orbitals in
  for j in orbitals.indices { orbitals[j] = (Double(j + 1) * x).map { Lanes.sincos($0).cos } }
}

@Suite("4.8 Fitting orbitals") struct OrbitalFits {
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

  @Test("the best orbital weights are where the gradient of loss and ridge vanishes", arguments: [1, 2])
  func regression(determinants: Int) throws {
    var ansatz = try DeterminantAnsatz.random(particles: 2, hidden: 6, determinants: determinants)
    let walkers = Walkers.random(300, particles: 2)
    // One width for all: the ridge is a fraction of the same mean square for every orbital.
    for group in ansatz.shape.groups where isEnvelope(group.role) {
      for p in group.range { ansatz.parameters[p] = 0.6 }
    }
    let prior = ansatz.parameters
    let before = ansatz.orbitalLoss(at: walkers, target: cosines).loss
    let deviation = ansatz.fitOrbitals(at: walkers, ridge: 1e-2, target: cosines)
    let (loss, gradient) = ansatz.orbitalLoss(at: walkers, target: cosines)
    #expect(deviation ≈ loss.within(relative: 1e-10))
    #expect(loss < before)
    // 2 E[(M - φ) z] = -2 r (W - prior): one factor -2 r for all weights.
    var ratios: [Double] = []
    for group in ansatz.shape.groups where isOrbitals(group.role) {
      ratios += group.range.map { gradient[$0] / (ansatz.parameters[$0] - prior[$0]) }
    }
    #expect(ratios[0] < 0)
    // Rounding of the solution, 1e-16 times the condition of N + r (1e2 or so), over small differences to the prior.
    #expect(ratios ≈ ratios.map { _ in ratios[0] }.within(relative: 1e-6))
  }

  @Test("orbitals that the network can have are found: with a small ridge nothing is left of the loss")
  func exact() throws {
    let walkers = Walkers.random(200, particles: 1)
    // One particle: its orbitals are functions of x alone, so that a network is a target for another one's output
    // layer.
    let goal = try DeterminantAnsatz.random(particles: 1, hidden: 5, seed: 3)
    var ansatz = goal
    for group in ansatz.shape.groups where isOrbitals(group.role) { for p in group.range { ansatz.parameters[p] = 0 } }
    let deviation = ansatz.fitOrbitals(at: walkers, ridge: 1e-13) { x, orbitals in
      orbitals[0] = x.map { x in
        var y = Lanes.zero
        for lane in 0..<Lanes.scalarCount {
          y[lane] =
            DeterminantAnsatz.referenceOrbitals(goal.shape, parameters: goal.parameters, positions: [x[lane]])[0][0][0]
        }
        return y
      }
    }
    // The deviation is a difference of numbers of order 1 to 10², and what a ridge of 1e-13 leaves.
    #expect(deviation ≈ 0 ± 1e-9)
  }

  @Test("a fit has the same bits on 1 and 2 threads")
  func fitThreads() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2)
    let walkers = Walkers.random(500, particles: 2)
    let fits = [1, 2].map { threads in
      var fit = ansatz
      let deviation = fit.fitOrbitals(at: walkers, ridge: 1e-3, threads: threads, target: cosines)
      return fit.parameters + [deviation]
    }
    #expect(fits[0] == fits[1])
  }
}

private func isOrbitals(_ role: ParameterGroup.Role) -> Bool { if case .orbitals = role { true } else { false } }
private func isEnvelope(_ role: ParameterGroup.Role) -> Bool { if case .envelope = role { true } else { false } }
