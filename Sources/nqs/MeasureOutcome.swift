import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension Equilibration {
  /// Sweeps, and a word where they were too few.
  var text: String {
    isStationary ? "\(sweeps) sweeps" : "\(sweeps) sweeps, and the walkers drift still: more of them are needed"
  }
}

extension SampleStatistics {
  /// R̂, and a word where it is so large that chance cannot have made it: with few measurements it strays by
  /// hundredths.
  var mixing: String {
    fixed(splitRHat, 4) + (splitRHat > 1.1 ? ": the walkers have not mixed, error bars are too short" : "")
  }
}

/// What `measure` ends with.
struct MeasureOutcome {
  let settings: SolveSettings
  let batches: Int
  let seed: UInt64
  let found: Observables
  let exact: Double?
  let folder: RunFolder

  private var energy: FinalEnergy { found.energy }
  private var relativeError: Double? { ReferenceEnergies.relativeError(energy.energy, exact: exact) }

  /// Occupation numbers, largest first: the correction of their bias may change the order of two that are nearly equal.
  private var occupations: [(value: Double, error: Double, eigenvalue: Double)] {
    let found = found.occupationNumbers
    return found.values.indices.map { (found.values[$0], found.errors[$0], found.eigenvalues[$0]) }
      .sorted { $0.value > $1.value }
  }

  /// Natural orbitals that hold more than a millionth of a particle; the files have the others, too.
  private var occupied: Int { found.occupationNumbers.eigenvalues.prefix { $0 > 1e-6 }.count }

  var json: JSONValue {
    let statistics = energy.statistics
    let names = files.map { file in
      let paths: JSONValue = [
        "csv": JSONValue(folder.path(file.name + ".csv")), "npy": JSONValue(folder.path(file.name + ".npy")),
      ]
      return JSONValue.Member(file.name, paths)
    }
    return
      ([
        "energy": JSONValue(energy.energy), "energy_error": JSONValue(energy.error), "exact": JSONValue(exact),
        "relative_error": JSONValue(relativeError), "variance": JSONValue(statistics.variance),
        "r_hat": JSONValue(statistics.splitRHat), "autocorrelation": JSONValue(statistics.autocorrelationTime),
        "acceptance": JSONValue(energy.acceptance), "equilibration_sweeps": JSONValue(found.equilibration.sweeps),
        "stationary": JSONValue(found.equilibration.isStationary), "rms_radius": JSONValue(found.rmsRadius),
        "rms_radius_error": JSONValue(found.rmsRadiusError),
        "occupation_numbers": JSONValue(occupations.prefix(occupied).map(\.value)),
        "occupation_errors": JSONValue(occupations.prefix(occupied).map(\.error)), "files": .object(names),
        "walkers": JSONValue(settings.walkers), "batches": JSONValue(batches),
        "seed": JSONValue(String(seed)), "run": JSONValue(folder.path),
      ] as JSONValue).adding(settings.systemMembers)
  }

  /// The density, and for two and more fermions the density of pairs, as a terminal can show them.
  var drawing: String {
    let bins = found.density.bins
    var lines = ["density n(x)", densityBlocks(found.density.values(), from: bins.lower, to: bins.upper)]
    if settings.particles > 1 {
      let pairs = found.pairDensity
      let count = pairs.bins.count
      lines += [
        "density of pairs n(x, x'), x and x' from \(fixed(pairs.bins.lower, 1)) to \(fixed(pairs.bins.upper, 1))",
        densityShades(Array(pairs.values().elements), rows: count, columns: count, upwards: true),
      ]
    }
    return lines.joined(separator: "\n")
  }

  var table: String {
    let statistics = energy.statistics
    var rows = [
      ("energy", "\(fixed(energy.energy, 5)) ± \(fixed(energy.error, 5))"),
      ("exact", exact.map { fixed($0, 5) } ?? "unknown"),
    ]
    if let relativeError { rows.append(("relative error", scientific(relativeError, 1))) }
    rows += [
      ("variance of E_L", scientific(statistics.variance, 1)),
      ("equilibration", found.equilibration.text), ("split R̂", energy.statistics.mixing),
      ("autocorrelation", fixed(statistics.autocorrelationTime, 1)),
      ("rms radius", "\(fixed(found.rmsRadius, 5)) ± \(fixed(found.rmsRadiusError, 5))"),
    ]
    // As many as there are fermions and two more, which a determinant of fixed orbitals leaves empty.
    for (k, one) in occupations.prefix(settings.particles + 2).enumerated() {
      rows.append((k == 0 ? "occupation" : "", "\(fixed(one.value, 5)) ± \(fixed(one.error, 5))"))
    }
    rows.append(("densities in", folder.path))
    return outcomeTable("\(settings.systemText); energies in ħω, lengths in √(ħ/mω)", rows)
  }

  /// A file of numbers: rows for CSV, and the same with a shape for NPY.
  private struct File {
    let name: String
    let columns: [String]
    /// Without the columns, which are the last axis.
    let shape: [Int]
    let rows: [[Double]]
  }

  private var files: [File] {
    let (density, pair, matrix) = (found.density, found.pairDensity, found.densityMatrix)
    return [
      File(
        name: "one_body_density", columns: ["x", "density", "error"], shape: [density.bins.count],
        rows: zip(density.bins.centers, zip(density.values(), density.errors())).map { [$0, $1.0, $1.1] }),
      square("pair_density", "density", pair.bins.centers, pair.values(), pair.errors()),
      square("density_matrix", "value", matrix.grid.points, matrix.values(), matrix.errors()),
      File(
        name: "occupation_numbers", columns: ["k", "occupation", "error", "eigenvalue"],
        shape: [occupations.count],
        rows: occupations.enumerated().map { k, one in [Double(k + 1), one.value, one.error, one.eigenvalue] }),
    ]
  }

  /// A function of x and x'.
  private func square(_ name: String, _ column: String, _ x: [Double], _ values: Matrix, _ errors: Matrix) -> File {
    File(
      name: name, columns: ["x", "x'", column, "error"], shape: [x.count, x.count],
      rows: x.indices.flatMap { i in x.indices.map { j in [x[i], x[j], values[i, j], errors[i, j]] } })
  }

  /// Writes the densities into the run's folder, and what they are.
  func write() throws(CommandError) {
    var about = json
    about["command"] = JSONValue("nqs measure --batches \(batches) --seed \(seed)")
    let contents = files.flatMap { file in
      [
        (file.name + ".csv", Array(NumericTable(columns: file.columns, rows: file.rows).csv.utf8)),
        (file.name + ".npy", NumpyArray(shape: file.shape + [file.columns.count], file.rows.flatMap { $0 }).bytes),
      ]
    }
    try nqs.files { () throws(FileError) in try folder.writeMeasured(about, contents) }
  }
}
