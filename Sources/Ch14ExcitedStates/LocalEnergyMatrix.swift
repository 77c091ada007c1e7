import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

extension CopiedHamiltonian {
  /// Ψ⁻¹ĤΨ at many walkers: the matrix of local energies, whose trace is the local energy of Ψ under this Hamiltonian.
  ///
  ///     E_ab = Σ_i N_ai Φ_ib e_ib,        Φ_ib = ψ_b(x^i),   N = Φ⁻¹,   e_ib = (Hψ_b)(x^i) / ψ_b(x^i)
  ///
  /// Where the space that the states span is one of eigenstates it is the same matrix at every walker. Elsewhere its mean over
  /// |Ψ|² is S⁻¹H, with the states' overlaps S and matrix elements H, whose eigenvalues are those of Rayleigh and Ritz.
  ///
  /// - Parameters:
  ///   - psi: the states, as many as there are copies.
  ///   - walkers: configurations of K sets of A coordinates, in oscillator lengths.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  /// - Returns: row-major [walkers × K × K], in ħω; not finite where Ψ vanishes.
  /// - Complexity: K² jets of a state a walker, and O(K³).
  public func localEnergyMatrices<State: TrainableWaveFunction>(
    of psi: ExcitedStates<State>, at walkers: Walkers, threads: Int = 1
  ) -> [Double] {
    precondition(
      psi.count == count && psi.particles == particles && walkers.particles == particles,
      "\(count) copies of \(particles) coordinates in all, Ψ has \(psi.count) and \(psi.particles), walkers \(walkers.particles)"
    )
    var parts = walkers.batches.map { (batch: $0, values: [Double]()) }
    let jet = ContiguousArray(repeating: Lanes32.zero, count: JetOrder.laplacian.components(coordinates: particles))
    let entries = ContiguousArray(repeating: Lanes32.zero, count: count * count)
    var scratch = (0..<max(1, min(threads, parts.count))).map { _ in
      (workspace: psi.makeWorkspace(order: .laplacian), jet: jet, own: entries, matrix: entries)
    }
    parallelForEach(&parts, workspaces: &scratch) { _, part, scratch in
      for tile in 0..<part.batch.tiles {
        let start = tile * particles
        var sign = Lanes32.zero
        psi.logPsiJet(
          part.batch.positions, at: start, sign: &sign, jet: &scratch.jet, workspace: &scratch.workspace)
        // e_ib.
        for i in 0..<count {
          let first = start + i * single.particles
          let potential = single.potentialEnergy(
            part.batch.positions.span.extracting(first..<(first + single.particles)))
          for b in 0..<count {
            scratch.own[i * count + b] =
              potential.trap + potential.interaction - 0.5 * scratch.workspace.matrix.curvature(i, b)
          }
        }
        for a in 0..<count {
          for b in 0..<count {
            var sum = Lanes32.zero
            for i in 0..<count {
              let element = scratch.workspace.matrix.matrix[i * count + b] * scratch.own[i * count + b]
              sum.addProduct(scratch.workspace.matrix.inverse[a * count + i], element)
            }
            scratch.matrix[a * count + b] = sum
          }
        }
        for walker in 0..<part.batch.count(inTile: tile) {
          for entry in scratch.matrix { part.values.append(entry[walker]) }
        }
      }
    }
    return parts.flatMap(\.values)
  }
}

/// Levels of a system, from the lowest, with error bars.
public struct Levels: Sendable, Equatable {
  /// E_0, E_1, …, [states], in ħω: in the order of the mean's eigenvalues. Levels closer than their errors may be
  /// exchanged by the correction.
  public let energies: [Double]
  /// Standard errors of `energies`, [states], in ħω; infinite for one walker.
  public let errors: [Double]
  /// The mean of Ψ⁻¹ĤΨ, [states, states], in ħω.
  public let matrix: Matrix
  /// The largest imaginary part of the mean's eigenvalues, in ħω: 0 but for noise, where levels are equal.
  public let imaginaryPart: Double
}

/// The mean of Ψ⁻¹ĤΨ over walkers and times, and the levels that follow from it.
///
/// Eigenvalues are not linear in the matrix, so that their error bars come from a jackknife. With G groups of neighbouring walkers, λ
/// of all of them and λ_(g) of all but the group g,
///
///     value = G λ - (G-1) mean λ_(g),        error² = (G-1)/G Σ_g (λ_(g) - mean)² + (value - λ)²
///
/// as for natural orbitals (chapter 6, `OccupationNumbers`, where the second term is explained). Real parts are meant throughout.
public struct LocalEnergyMean: Sendable {
  /// K.
  public let states: Int
  private var means: GroupedMeans

  /// Nothing yet, of so many walkers; without walkers or states the program stops.
  public init(walkers: Int, states: Int) {
    precondition(states > 0, "at least one state is needed, got \(states)")
    self.states = states
    means = GroupedMeans(walkers: walkers, count: states * states)
  }

  /// Adds a time: row-major [walkers × K × K], as from `localEnergyMatrices`; another count stops the program.
  public mutating func add(_ matrices: [Double]) {
    let size = states * states
    precondition(
      matrices.count == means.walkers * size, "\(means.walkers * size) numbers expected, got \(matrices.count)")
    means.add { walker in Array(matrices[(walker * size)..<((walker + 1) * size)]) }
  }

  /// The eigenvalues of the mean with their error bars; NaN before the first time.
  ///
  /// - Complexity: an eigenproblem of [K, K] for each group of walkers: 129 at most.
  public var levels: Levels {
    let mean = Matrix(rows: states, columns: states, elements: means.means)
    let all = eigenvalues(of: mean)
    let values = all.map(\.real)
    let imaginary = all.reduce(0) { max($0, abs($1.imaginary)) }
    let count = Double(means.groups.count)
    guard count > 1 else {
      return Levels(energies: values, errors: values.map { _ in .infinity }, matrix: mean, imaginaryPart: imaginary)
    }
    let total = means.total
    let parts = means.groups.indices.map { g in
      eigenvalues(
        of: Matrix(rows: states, columns: states, elements: means.means(without: g, of: total))
      ).map(\.real)
    }
    var (corrected, errors) = (values, values)
    for k in values.indices {
      let middle = parts.reduce(0) { $0 + $1[k] } / count
      corrected[k] = count * values[k] - (count - 1) * middle
      let spread = parts.reduce(0) { $0 + ($1[k] - middle) * ($1[k] - middle) } * (count - 1) / count
      let correction = corrected[k] - values[k]
      errors[k] = (spread + correction * correction).squareRoot()
    }
    return Levels(energies: corrected, errors: errors, matrix: mean, imaginaryPart: imaginary)
  }
}

extension VariationalMonteCarlo {
  /// The K lowest levels as the states know them now, on walkers that follow |Ψ|² with a frozen width. The run itself is not changed.
  ///
  /// - Parameters:
  ///   - batches: measurements, at least 1.
  ///   - sweepsBetween: sweeps before each.
  ///   - equilibration: sweeps before the first measurement; nil for as many as it takes (`equilibrate`).
  ///   - report: called after each measurement with its number, counted from 1.
  /// - Returns: the levels, and their sum as the energy of Ψ with its statistics.
  /// - Throws: `NumericalFailure` where a local energy is not finite.
  /// - Precondition: the Hamiltonian is a `CopiedHamiltonian`.
  public func levels<State>(
    batches: Int = RunLength.batches, sweepsBetween: Int = 10, equilibration: Int? = nil,
    report: (_ batch: Int) -> Void = { _ in }
  ) throws(NumericalFailure) -> (levels: Levels, sum: FinalEnergy) where Ansatz == ExcitedStates<State> {
    guard let copies = hamiltonian as? CopiedHamiltonian else {
      preconditionFailure("levels are those of a CopiedHamiltonian, not of \(type(of: hamiltonian))")
    }
    var copy = self
    var mean = LocalEnergyMean(walkers: walk.walkers.count, states: ansatz.count)
    let sum = try copy.evaluate(batches: batches, sweepsBetween: sweepsBetween, equilibration: equilibration) {
      mean.add(copies.localEnergyMatrices(of: ansatz, at: $1, threads: threads))
      report($0)
    }
    return (mean.levels, sum)
  }
}
