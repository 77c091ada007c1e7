import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let exact: Command = .init(
    name: "exact", summary: "reference energies of a system, from cheap to exact",
    options: Setting.options(.system) + [
      Option("method", .choice(Reference.Method.allCases.map(\.rawValue)), "grid, ci, hf or relative", default: "grid"),
      Option(
        "tolerance", .number(1e-12...1), "absolute, in ħω",
        note: "1e-10 at A = 2 to 1e-5 at A = 6, 1e-4 at A = 7; ci 1e-6; hf, relative 1e-10"),
      Option("states", .integer(1...100), "levels, from the ground state upwards; grid only", default: "1"),
      Option("modes", .integer(1...1000), "oscillator modes of ci", default: "20"),
      Option("memory", .number(0.01...1024), "limit of grid and ci, in GiB", default: "6"),
      Option("table", nil, "the 30 energies A = 2 … 7, V0 = -20 … 20 that are kept in the package"),
      Option("recompute-table", nil, "calculates them anew: an hour, 8 GiB"),
    ],
    notes: """
      grid       sinc-DVR and Lanczos, refined until the energy moves by less than the tolerance: exact
      ci         configuration interaction in oscillator modes: from above
      hf         Hartree-Fock, the lowest of several starts: from above
      relative   two particles by their relative coordinate (harmonic trap): exact
      The uncertainty is how far the last refinement moved the energy. It is no bound on what hf and ci leave out.
      """
  ) { (arguments) throws(CommandError) in
    if arguments.has("table") || arguments.has("recompute-table") {
      for option in arguments.command.options where arguments.given(option.name) != nil {
        throw .usage("--\(option.name) means nothing to a table, which has its own")
      }
      try printTable(arguments)
      return
    }
    let settings = try SolveSettings(arguments)
    let system = try settings.system()
    let method = arguments.text("method") ?? ""
    if method == "grid" {
      guard arguments.given("modes") == nil else { throw .usage("--modes is for --method ci") }
      try printLevels(system, settings, arguments)
      return
    }
    guard arguments.given("states") == nil else {
      throw .usage("--states is for --method grid; \(method) finds the ground state only")
    }
    if method != "ci" {
      guard arguments.given("memory") == nil else { throw .usage("--memory is for --method grid and ci") }
      guard arguments.given("modes") == nil else { throw .usage("--modes is for --method ci") }
    }
    let watch = Stopwatch()
    let reference = try calculate(system, arguments)
    let seconds = watch.seconds
    // How far ci moves with its modes is told below; relative promises the exact energy.
    guard reference.isConverged || reference.method == .configurationInteraction else {
      throw notConverged(reference.method, reference.energy, reference.uncertainty)
    }
    if arguments.json {
      let json: JSONValue =
        ([
          "energy": JSONValue(reference.energy), "method": JSONValue(reference.method.rawValue),
          "uncertainty": JSONValue(reference.uncertainty), "dimension": JSONValue(reference.dimension),
          "seconds": JSONValue(seconds),
        ] as JSONValue).adding(settings.systemMembers)
      try show(json.line)
    } else {
      try show(
        "\(fixed(reference.energy, 10)) ħω by \(reference.method.rawValue); the last refinement moved it by "
          + "\(scientific(reference.uncertainty, 1)) (dimension \(reference.dimension), \(fixed(seconds, 1)) s)")
    }
  }

  private static func notConverged(_ method: Reference.Method, _ energy: Double, _ uncertainty: Double) -> CommandError
  {
    .numerical(
      "method \(method.rawValue): the last refinement still moved the energy \(energy) by "
        + "\(scientific(uncertainty, 1)); a larger --tolerance or more --memory is needed (where "
        + "a potential has a kink, energies settle as slowly as h²)")
  }

  private static func calculate(
    _ system: TrappedFermions, _ arguments: Arguments
  ) throws(CommandError) -> Reference {
    let tolerance = arguments.number("tolerance")
    do throws(ReferenceError) {
      switch arguments.text("method") {
      case "hf": return try hartreeFock(system, tolerance: tolerance ?? 1e-10)
      case "relative": return try relativeCoordinate(system, tolerance: tolerance ?? 1e-10)
      default:
        let settings = ModeSettings(
          modes: arguments.integer("modes") ?? 1, tolerance: tolerance ?? 1e-6, threads: arguments.threads,
          memoryLimit: arguments.number("memory") ?? .infinity)
        return try configurationInteraction(system, settings: settings)
      }
    } catch {
      throw .usage(error.description)
    }
  }

  private static func printLevels(
    _ system: TrappedFermions, _ settings: SolveSettings, _ arguments: Arguments
  ) throws(CommandError) {
    let watch = Stopwatch()
    let found = try gridLevels(system, arguments)
    let seconds = watch.seconds
    guard found.isConverged, let ground = found.levels.first else {
      let worst = found.levels.max { $0.uncertainty < $1.uncertainty }
      throw notConverged(.grid, worst?.energy ?? .nan, worst?.uncertainty ?? .nan)
    }
    if arguments.json {
      var json: JSONValue = [
        "energy": JSONValue(ground.energy), "method": JSONValue("grid"), "uncertainty": JSONValue(ground.uncertainty),
        "dimension": JSONValue(found.dimension), "seconds": JSONValue(seconds),
      ]
      if arguments.given("states") != nil {
        json = json.adding([
          ("energies", .array(found.levels.map { JSONValue($0.energy) })),
          ("uncertainties", .array(found.levels.map { JSONValue($0.uncertainty) })),
          ("parities", .array(found.levels.map { $0.parity.map { JSONValue("\($0)") } ?? .null })),
        ])
      }
      try show(json.adding(settings.systemMembers).line)
      return
    }
    guard found.levels.count > 1 else {
      try show(
        "\(fixed(ground.energy, 10)) ħω by grid; the last refinement moved it by "
          + "\(scientific(ground.uncertainty, 1)) (dimension \(found.dimension), \(fixed(seconds, 1)) s)")
      return
    }
    try show("level     energy (ħω)   moved by   parity   (dimension \(found.dimension), \(fixed(seconds, 1)) s)")
    for (number, level) in found.levels.enumerated() {
      try show(
        rightAligned("\(number)", 5) + rightAligned(fixed(level.energy, 10), 16)
          + rightAligned(scientific(level.uncertainty, 1), 11) + (level.parity.map { "   \($0)" } ?? ""))
    }
  }

  /// Levels by the grid, with a word before about what they will take, and one after each grid.
  private static func gridLevels(_ system: TrappedFermions, _ arguments: Arguments) throws(CommandError) -> GridLevels {
    let settings = GridSettings(
      tolerance: arguments.number("tolerance"), threads: arguments.threads,
      memoryLimit: arguments.number("memory") ?? .infinity)
    let states = arguments.integer("states") ?? 1
    var progress = Progress(quiet: arguments.quiet)
    defer { progress.finish() }
    do throws(ReferenceError) {
      // Up to three fermions take about as long as the forecast.
      let forecast = system.particles > 3 ? try gridForecast(system, states: states, settings: settings) : nil
      if let forecast {
        let need =
          forecast.gibibytes.isFinite ? "about \(fixed(forecast.gibibytes, 1)) GiB" : "more sets than can be numbered"
        guard forecast.gibibytesBefore <= settings.memoryLimit else {
          throw ReferenceError.notApplicable(
            method: .grid,
            reason: "\(system.particles) particles would need \(need) (\(forecast.points) points), the limit is "
              + "\(shortest(settings.memoryLimit)) GiB; a larger --tolerance needs less, and --memory allows more")
        }
        progress.show(
          "the last grid will have about \(forecast.points) points: \(scientific(forecast.dimension, 1)) amplitudes, \(need) (limit "
            + "\(shortest(settings.memoryLimit)) GiB), \(duration(forecast.seconds))", always: true)
      }
      let watch = Stopwatch()
      var pace = RefinementPace(
        tolerance: settings.tolerance ?? GridSettings.defaultTolerance(particles: system.particles),
        particles: system.particles)
      return try Ch03TrappedFermions.gridLevels(system, states: states, settings: settings) { grid in
        let spent = watch.seconds
        let left = forecast.map { spent / $0.share(upTo: grid.grid) - spent } ?? pace.secondsLeft(after: grid, spent)
        progress.show(
          "\(grid.grid.count) points, spacing \(fixed(grid.grid.spacing, 3)): dimension \(grid.dimension), "
            + "\(grid.iterations) iterations, E = \(fixed(grid.energies[0], 10))"
            + (spent > 1 && left > 2 ? "; \(duration(left)) to go" : ""), always: true)
      }
    } catch {
      throw .usage(error.description)
    }
  }

  /// How long the refinement of a few particles' grid will go on, by how fast the energy settles: at once in a smooth
  /// trap, as h² where it has a kink.
  private struct RefinementPace {
    let tolerance: Double
    let particles: Int
    private var last: (spacing: Double, energy: Double, move: Double, spent: Double)?

    init(tolerance: Double, particles: Int) { (self.tolerance, self.particles) = (tolerance, particles) }

    /// Seconds; 0 where nothing can be said yet.
    mutating func secondsLeft(after grid: GridProgress, _ spent: Double) -> Double {
      guard let energy = grid.energies.last else { return 0 }
      guard let before = last else {
        last = (grid.grid.spacing, energy, 0, spent)
        return 0
      }
      let move = abs(energy - before.energy)
      // A wider box at the same spacing says nothing.
      guard grid.grid.spacing < before.spacing else {
        last = (before.spacing, energy, before.move, spent)
        return 0
      }
      last = (grid.grid.spacing, energy, move, spent)
      guard move < before.move, move > tolerance else { return 0 }
      let grids = Double.log(move / tolerance) / Double.log(before.move / move)
      // N points cost N^(A + 1) a product, and N times as many products.
      let growth = Double.pow(1 / 0.9, Double(particles + 2))
      return (spent - before.spent) * growth * (Double.pow(growth, min(grids, 200)) - 1) / (growth - 1)
    }
  }

  /// 40 s, 7 min, 2.5 h or "more than 1000 h".
  private static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(fixed(seconds, 0)) s"
    case ..<5400: "\(fixed(seconds / 60, 0)) min"
    case ..<3.6e6: "\(fixed(seconds / 3600, 1)) h"
    default: "more than 1000 h"
    }
  }

  private static func printTable(_ arguments: Arguments) throws(CommandError) {
    var table = ExactEnergy.table
    if arguments.has("recompute-table") {
      table = []
      var progress = Progress(quiet: arguments.quiet)
      defer { progress.finish() }
      do throws(ReferenceError) {
        _ = try ExactEnergy.computeTable(threads: arguments.threads) { row in
          progress.show("A = \(row.particles), V0 = \(row.strength): E = \(fixed(row.energy, 10))", always: true)
          table.append(row)
        }
      } catch {
        throw .usage(error.description)
      }
    }
    guard arguments.json else {
      // The rows as the package keeps them, where they are new; else as a reader wants them.
      if arguments.has("recompute-table") {
        for row in table { try show("    \(row)") }
        return
      }
      let strengths = Set(table.map(\.strength)).sorted()
      try show("energies in ħω of A fermions (rows) at V0 (columns), σ0 = \(shortest(table[0].range))")
      try show("  A" + strengths.map { rightAligned(shortest($0), 14) }.joined())
      for particles in Set(table.map(\.particles)).sorted() {
        let energies = strengths.map { strength in
          table.first { $0.particles == particles && $0.strength == strength }.map { fixed($0.energy, 7) } ?? "-"
        }
        try show(rightAligned("\(particles)", 3) + energies.map { rightAligned($0, 14) }.joined())
      }
      return
    }
    let rows = table.map { row -> JSONValue in
      [
        "particles": JSONValue(row.particles), "strength": JSONValue(row.strength), "energy": JSONValue(row.energy),
        "uncertainty": JSONValue(row.uncertainty),
      ]
    }
    try show((["energies": .array(rows)] as JSONValue).line)
  }
}
