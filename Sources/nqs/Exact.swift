import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let exact = Command(
    name: "exact", summary: "reference energies of a system, from cheap to exact",
    options: Setting.options(.system) + [
      Option("method", .choice(Reference.Method.allCases.map(\.rawValue)), "grid, ci, hf or relative", default: "grid"),
      Option(
        "tolerance", .number(1e-12...1), "absolute, in ħω",
        note: "1e-10 at A = 2 to 1e-5 at A = 6; hf, relative 1e-10"),
      Option("modes", .integer(1...1000), "oscillator modes of ci", default: "20"),
      Option("memory", .number(0.01...1024), "limit of grid and ci, in GiB", default: "6"),
      Option("table", nil, "the 25 energies A = 2 … 6, V0 = -20 … 20 that are kept in the package"),
      Option("recompute-table", nil, "calculates them anew: half an hour, 8 GiB"),
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
      for option in [
        "particles", "strength", "range", "trap", "interaction", "let", "method", "tolerance", "modes", "memory",
      ]
      where arguments.given(option) != nil {
        throw .usage("--\(option) means nothing to a table, which has its own")
      }
      try printTable(arguments)
      return
    }
    let settings = try SolveSettings(arguments)
    let system = try settings.system()
    let start = ContinuousClock.now
    let reference = try calculate(system, arguments)
    let seconds = (ContinuousClock.now - start).seconds
    // How far ci moves with its modes is told below; grid and relative promise the exact energy.
    guard reference.isConverged || reference.method == .configurationInteraction else {
      throw .numerical(
        "method \(reference.method.rawValue): the last refinement still moved the energy \(reference.energy) by "
          + "\(scientific(reference.uncertainty, 1)); a larger --tolerance or more --memory is needed")
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

  private static func calculate(
    _ system: TrappedFermions, _ arguments: Arguments
  ) throws(CommandError) -> Reference {
    let tolerance = arguments.number("tolerance")
    let (threads, memory) = (arguments.threads, arguments.number("memory") ?? .infinity)
    do throws(ReferenceError) {
      switch arguments.text("method") {
      case "hf": return try hartreeFock(system, tolerance: tolerance ?? 1e-10)
      case "relative": return try relativeCoordinate(system, tolerance: tolerance ?? 1e-10)
      case "ci":
        let settings = ModeSettings(
          modes: arguments.integer("modes") ?? 1, tolerance: tolerance ?? 1e-6, threads: threads, memoryLimit: memory)
        return try configurationInteraction(system, settings: settings)
      default:
        var progress = Progress(quiet: arguments.quiet)
        defer { progress.finish() }
        let settings = GridSettings(
          tolerance: tolerance, threads: threads, memoryLimit: memory)
        return try gridDiagonalisation(system, settings: settings) { grid, energy in
          progress.show(
            "\(grid.count) points, spacing \(fixed(grid.spacing, 3)): E = \(fixed(energy, 10))", always: true)
        }
      }
    } catch {
      throw .usage(error.description)
    }
  }

  private static func printTable(_ arguments: Arguments) throws(CommandError) {
    var table = ExactEnergy.table
    if arguments.has("recompute-table") {
      table = []
      var progress = Progress(quiet: arguments.quiet)
      do throws(ReferenceError) {
        _ = try ExactEnergy.computeTable(threads: arguments.threads) { row in
          progress.show("A = \(row.particles), V0 = \(row.strength): E = \(fixed(row.energy, 10))", always: true)
          table.append(row)
        }
      } catch {
        throw .usage(error.description)
      }
      progress.finish()
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
