import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.6 Densities") struct DensityTests {
  /// φ_n(x) of the oscillator, n = 0 … count - 1.
  private func oscillator(_ x: Double, count: Int) -> [Double] {
    var phi = [Double.pow(Double.pi, -0.25) * Double.exp(-0.5 * x * x)]
    if count > 1 { phi.append(2.0.squareRoot() * x * phi[0]) }
    for n in 2..<max(count, 2) {
      phi.append((2 / Double(n)).squareRoot() * x * phi[n - 1] - (Double(n - 1) / Double(n)).squareRoot() * phi[n - 2])
    }
    return phi
  }

  @Test("free fermions: n = Σ φ_n², on the points and between them", arguments: 1...4)
  func free(particles: Int) throws {
    let settings = GridSettings(tolerance: 1e-9, wantsDensities: true)
    let reference = try gridDiagonalisation(TrappedFermions(particles: particles, strength: 0), settings: settings)
    let densities = try #require(reference.densities)
    for (x, n) in zip(densities.grid.points, densities.oneBody) {
      let exact = oscillator(x, count: particles)[..<particles].reduce(0) { $0 + $1 * $1 }
      // An energy that is off by 1e-10 leaves about its root in the state.
      #expect(n ≈ exact ± 3e-5)
    }
    for x in [0.123, -1.7, 2.51] {
      let exact = oscillator(x, count: particles)[..<particles].reduce(0) { $0 + $1 * $1 }
      #expect(densities.oneBody(at: x) ≈ exact ± 3e-5)
    }
    // ⟨Σ x²⟩ = E: half of the energy is potential.
    #expect(densities.rmsRadius ≈ (0.5 * Double(particles)).squareRoot() ± 1e-5)
  }

  @Test("free pairs: n(x, x') = Σ (φ_a φ_b' - φ_b φ_a')² over pairs of levels")
  func freePairs() throws {
    let settings = GridSettings(tolerance: 1e-9, wantsDensities: true)
    let reference = try gridDiagonalisation(TrappedFermions(particles: 3, strength: 0), settings: settings)
    let densities = try #require(reference.densities)
    let points = densities.grid.points
    for i in stride(from: 0, to: points.count, by: 3) {
      for j in points.indices {
        let (f, g) = (oscillator(points[i], count: 3), oscillator(points[j], count: 3))
        let exact = [(0, 1), (0, 2), (1, 2)].reduce(0.0) { sum, pair in
          let amplitude = f[pair.0] * g[pair.1] - f[pair.1] * g[pair.0]
          return sum + amplitude * amplitude
        }
        #expect(densities.pair[i, j] ≈ exact ± 3e-5)
      }
    }
  }

  @Test("densities count fermions and pairs, and fermions never meet", arguments: [-20.0, 20], 2...4)
  func counts(strength: Double, particles: Int) throws {
    let settings = GridSettings(tolerance: 1e-5, wantsDensities: true)
    let fermions = TrappedFermions(particles: particles, strength: strength)
    let densities = try #require(try gridDiagonalisation(fermions, settings: settings).densities)
    let h = densities.grid.spacing
    let n = densities.grid.count
    #expect(densities.oneBody.reduce(0, +) * h ≈ Double(particles) ± 1e-10)
    #expect(densities.pair.elements.reduce(0, +) * h * h ≈ Double(particles * (particles - 1)) ± 1e-10)
    for i in 0..<n {
      #expect(densities.pair[i, i] == 0)
      // ∫ n(x, x') dx' = (A - 1) n(x).
      let sum = (0..<n).reduce(0) { $0 + densities.pair[i, $1] * h }
      #expect(sum ≈ Double(particles - 1) * densities.oneBody[i] ± 1e-10)
      #expect(densities.oneBody[i] ≈ densities.oneBody[n - 1 - i] ± 1e-10)
    }
  }

  @Test("virial theorem: 2⟨T⟩ = 2⟨U⟩ + ⟨Σ r v'(r)⟩", arguments: [-20.0, -10, 10, 20])
  func virial(strength: Double) throws {
    let fermions = TrappedFermions(particles: 3, strength: strength)
    let settings = GridSettings(tolerance: 1e-8, wantsDensities: true)
    let reference = try gridDiagonalisation(fermions, settings: settings)
    let densities = try #require(reference.densities)
    let h = densities.grid.spacing
    let points = densities.grid.points
    let trap = zip(points, densities.oneBody).reduce(0) { $0 + h * fermions.trap($1.0) * $1.1 }
    var interaction = 0.0
    var force = 0.0
    for i in points.indices {
      for j in points.indices {
        let r = points[i] - points[j]
        let v = 0.5 * h * h * densities.pair[i, j] * fermions.interaction(r)
        interaction += v
        // r v' = -(r/σ0)² v for the Gaussian.
        force -= r * r / 0.25 * v
      }
    }
    let kinetic = reference.energy - trap - interaction
    // The state is off by the root of the error of the energy, 1e-10 or so.
    #expect(2 * kinetic - 2 * trap - force ≈ 0 ± 1e-5)
  }

  @Test("attraction draws the cloud together, repulsion spreads it")
  func radius() throws {
    let radii = try [-20.0, -10, 0, 10, 20].map { strength in
      let settings = GridSettings(tolerance: 1e-5, wantsDensities: true)
      let reference = try gridDiagonalisation(TrappedFermions(particles: 3, strength: strength), settings: settings)
      return try #require(reference.densities).rmsRadius
    }
    #expect(zip(radii, radii.dropFirst()).allSatisfy { $0 + 1e-3 < $1 })
  }

  @Test("bins of free fermions hold ∫ Σ φ_n², and all of them together A", arguments: 1...3)
  func intervals(particles: Int) throws {
    let settings = GridSettings(tolerance: 1e-9, wantsDensities: true)
    let reference = try gridDiagonalisation(TrappedFermions(particles: particles, strength: 0), settings: settings)
    let densities = try #require(reference.densities)
    for (a, b) in [(-0.3, 0.1), (0, 1), (1.7, 4)] {
      // Simpson's rule with steps so short that 1e-10 is left.
      let h = (b - a) / 200
      let exact = (0..<200).reduce(0.0) { sum, k in
        let x = a + Double(k) * h
        let n = [x, x + 0.5 * h, x + h].map {
          oscillator($0, count: particles)[..<particles].reduce(0) { $0 + $1 * $1 }
        }
        return sum + h / 6 * (n[0] + 4 * n[1] + n[2])
      }
      // The state's error, as above.
      #expect(densities.fermions(from: a, to: b) ≈ exact ± 3e-5)
      #expect(densities.fermions(from: b, to: a) ≈ -exact ± 3e-5)
    }
    #expect(densities.fermions(from: -7, to: 7) ≈ Double(particles) ± 1e-5)
  }

  @Test("a determinant occupies A orbitals and no other: free fermions, and the mean field", arguments: 1...4)
  func determinants(particles: Int) throws {
    let ones = { (count: Int) in (0..<count).map { $0 < particles ? 1.0 : 0 } }
    let settings = GridSettings(tolerance: 1e-9, wantsDensities: true)
    let free = try gridDiagonalisation(TrappedFermions(particles: particles, strength: 0), settings: settings)
    let exact = try #require(free.densities).occupationNumbers
    // Squares of the state's error, 3e-5.
    #expect(exact ≈ ones(exact.count) ± 1e-8)
    let mean = try hartreeFock(TrappedFermions(particles: particles, strength: -5), wantsDensities: true)
    let field = try #require(mean.densities).occupationNumbers
    #expect(field ≈ ones(field.count) ± 1e-12)
  }

  @Test("occupation numbers lie in [0, 1] and add up to A; those of two fermions come in pairs", arguments: 2...3)
  func occupations(particles: Int) throws {
    for strength in [-20.0, 10] {
      let settings = GridSettings(tolerance: 1e-5, wantsDensities: true)
      let fermions = TrappedFermions(particles: particles, strength: strength)
      let occupations = try #require(try gridDiagonalisation(fermions, settings: settings).densities).occupationNumbers
      #expect(occupations.reduce(0, +) ≈ Double(particles) ± 1e-10)
      #expect(occupations.allSatisfy { $0 > -1e-12 && $0 < 1 + 1e-12 } && occupations == occupations.sorted(by: >))
      // No determinant: the first orbital beyond A has more than one in a hundred.
      #expect(occupations[particles] > 0.01)
      if particles == 2 {
        for k in stride(from: 0, to: occupations.count - 1, by: 2) {
          #expect(occupations[k] ≈ occupations[k + 1] ± 1e-12)
        }
      }
    }
  }
}
