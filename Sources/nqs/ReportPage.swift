import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// The page of one or several runs.
struct ReportPage {
  let runs: [ReportRun]

  var report: Report {
    guard let first = runs.first else { return Report(title: "No runs") }
    guard runs.count > 1 else {
      return Report(title: "\(first.settings.optimizer): \(first.settings.systemText)", parts: parts(first))
    }
    let systems = Set(runs.map(\.settings.systemText))
    let title = systems.count == 1 ? "\(runs.count) runs: \(first.settings.systemText)" : "\(runs.count) runs"
    let sections = runs.enumerated().flatMap { number, run in
      [.heading("\(run.name): \(run.settings.systemText)", anchor: anchor(number))] + parts(run)
    }
    return Report(title: title, parts: comparison + sections)
  }

  private func anchor(_ number: Int) -> String { "run-\(number + 1)" }
}

// MARK: Several runs

extension ReportPage {
  private var comparison: [Report.Part] {
    var parts: [Report.Part] = []
    let series = runs.enumerated().compactMap { number, run -> Series? in
      guard run.steps > 0, let errors = run.relativeErrors(run.meanEnergies) else { return nil }
      return Series(run.name, x: run.column("step"), y: errors, colour: number)
    }
    if !series.isEmpty {
      let missing = runs.count - series.count
      let caption =
        "Relative error of the mean energy of the last ten steps, |E - exact|/|exact|, of fewer at the beginning."
        + (missing > 0 ? " Not drawn, without steps or without an exact energy other than 0: \(missing)." : "")
      parts.append(
        .figures([
          ReportFigure(
            Plot(
              title: "Relative error of the energy", xAxis: Axis("step"),
              yAxis: Axis("relative error", scale: .logarithmic), series: series, height: 320),
            caption: caption, isWide: true)
        ]))
    }
    parts.append(.table(comparisonTable))
    parts.append(
      .words(
        "Reached: the first step from which on the mean of the last ten energies stays within 1e-3 of the exact one."))
    let unfinished = runs.filter { $0.result == nil }
    if !unfinished.isEmpty {
      parts.append(.words("Not ended: " + unfinished.map(\.name).joined(separator: ", ") + "."))
    }
    return parts
  }

  private var comparisonTable: ReportTable {
    // Settings are columns where they differ between the runs.
    let differing = runs[0].options.indices.filter { index in
      let values = runs.map { $0.options[index].value }
      return runs[0].options[index].option.name != "steps" && Set(values).count > 1 && values != runs.map(\.name)
    }
    let names = differing.map { runs[0].options[$0].option.name }
    let heads = ["steps", "energy (ħω)", "exact", "relative error", "reached", "seconds"]
    let rows = runs.enumerated().map { number, run -> [ReportTable.Cell] in
      let reached = run.exact.flatMap { StudyCase.reached(run.column("energy"), exact: $0) }
      let own = differing.map { ReportTable.Cell(run.options[$0].value ?? "-") }
      let rest = [
        String(run.steps), run.energyText ?? run.standing, run.exactText ?? "-",
        run.found("relative_error").map { scientific($0, 1) } ?? "-", reached.map { String($0) } ?? "-",
        run.secondsText,
      ].map { ReportTable.Cell($0) }
      return [ReportTable.Cell(run.name, link: anchor(number))] + own + rest
    }
    let first = 1 + names.count
    return ReportTable(
      "Comparison", columns: ["run"] + names + heads, rows: rows, numbers: Set(first..<(first + heads.count)))
  }
}

// MARK: One run

extension ReportPage {
  /// Of all optimisers only the one that ran is explained.
  private func help(_ option: Option, _ value: String?) -> String {
    guard option.name == "optimizer" else { return option.help }
    return optimizers.first { $0.name == value }?.title ?? option.help
  }

  private func parts(_ run: ReportRun) -> [Report.Part] {
    var parts: [Report.Part] = []
    if run.result == nil {
      parts.append(
        .words(
          run.failure.map {
            "This run failed: \($0). Its last step is \(run.steps). This tries again from the last save:"
          }
            ?? "This run has not ended: there is no result.json. It stopped or is still going; its last step is "
            + "\(run.steps). This goes on with it:"))
      parts.append(.command("swift run -c release nqs solve --resume \(quotedForShell(run.folder.path))"))
    }
    parts.append(.table(run.resultTable))
    if let table = run.levelTable { parts += [.table(table), .figures(run.levelFigures)] }
    if run.steps > 0 {
      parts.append(.smallHeading("Learning"))
      parts.append(.figures(run.learningCurves + run.diagnosticFigures + run.otherHistories))
    }
    if !run.measured.isEmpty, run.settings.states == 1 {
      parts.append(.smallHeading("Densities"))
      if let origin = run.measured.origin { parts.append(.words("Measured by \(origin).")) }
      parts.append(
        .figures(run.measured.figures(particles: run.settings.particles, references: run.referenceDensities)))
      if let table = run.measured.table(particles: run.settings.particles) { parts.append(.table(table)) }
    }
    parts.append(.smallHeading("How to repeat it"))
    parts.append(.words("This repeats the run, bit for bit on one kind of processor, on any number of threads:"))
    parts.append(.command(run.command))
    parts.append(
      .table(
        ReportTable(
          "Settings", columns: ["option", "value", "what it is"],
          rows: run.options.map { option, value in
            [.init("--" + option.name), .init(value ?? "not given"), .init(help(option, value))]
          })))
    return parts
  }
}

extension ReportRun {
  /// Densities of the exact state, where it takes a moment, and of Hartree-Fock's.
  var referenceDensities: [(name: String, densities: Densities)] {
    let system = settings.hamiltonian
    let quick = GridSettings(tolerance: 1e-5, wantsDensities: true, memoryLimit: 0.01)
    let exact = settings.particles > 3 ? nil : (try? gridDiagonalisation(system, settings: quick))
    let field = try? hartreeFock(system, tolerance: 1e-6, wantsDensities: true)
    return [("exact", exact), ("Hartree-Fock", field)].compactMap { name, reference in
      guard let reference, reference.isConverged, let densities = reference.densities else { return nil }
      return (name, densities)
    }
  }

  var energyText: String? {
    guard let energy = found("energy") else { return nil }
    return valueText(energy, error: found("energy_error"))
  }

  /// What stands where a run has no energy.
  var standing: String { result != nil ? "-" : failure != nil ? "failed" : "not ended" }

  var exactText: String? { exact.map { fixed($0, max(5, decimals(found("energy_error")))) } }

  var secondsText: String { fixed(found("seconds") ?? column("seconds").last ?? .nan, 1) }

  /// The result, or how far the run is.
  var resultTable: ReportTable {
    var rows: [[String]] = []
    func add(_ name: String, _ text: String?) {
      if let text { rows.append([name, text]) }
    }
    let isSum = settings.states > 1
    if result != nil {
      add(isSum ? "sum of the levels (ħω)" : "energy (ħω)", energyText)
    } else if let energy = column("energy").last {
      add(
        "\(isSum ? "sum of the levels" : "energy") of the last step (ħω)",
        valueText(energy, error: column("energy_error").last))
    }
    add(isSum ? "exact sum" : "exact energy", exactText ?? "unknown")
    add("relative error", found("relative_error").map { scientific($0, 1) })
    add("Hartree-Fock energy", found("hartree_fock").map { fixed($0, 5) })
    add("variance of E_L", found("variance").map { scientific($0, 1) })
    add("R̂", found("r_hat").map { fixed($0, 4) })
    add("autocorrelation time", found("autocorrelation").map { fixed($0, 1) })
    add("acceptance", found("acceptance").map { fixed($0, 3) })
    add("steps", String(steps))
    for event in diagnostics where event.isEvent {
      let count = column(event.name).count { $0 == 1 }
      if count > 0 { add("times: \(event.meaning)", String(count)) }
    }
    add("seconds", secondsText)
    return ReportTable(result == nil ? "So far" : "Result", rows: rows.map { $0.map { .init($0) } })
  }
}

extension MeasuredTables {
  /// As many occupation numbers as there are fermions and two more, which a determinant of fixed orbitals leaves empty.
  func table(particles: Int) -> ReportTable? {
    guard let table = occupationNumbers else { return nil }
    return ReportTable(
      "Occupation numbers", columns: ["k", "occupation"],
      rows: table.rows.prefix(particles + 2).map { row in
        [.init(fixed(row[0], 0)), .init(valueText(row[1], error: row[2]))]
      }, numbers: [1])
  }
}

/// A value with its error, to the second digit of the error.
func valueText(_ value: Double, error: Double?) -> String {
  let digits = decimals(error)
  return fixed(value, digits) + (error.map { " ± " + fixed($0, digits) } ?? "")
}

/// Digits behind the point that show two digits of an error, three to ten; five where there is none.
private func decimals(_ error: Double?) -> Int {
  guard let error, error > 0, error.isFinite else { return 5 }
  var (digits, scaled) = (3, error * 1000)
  while scaled < 10 && digits < 10 { (digits, scaled) = (digits + 1, scaled * 10) }
  return digits
}
