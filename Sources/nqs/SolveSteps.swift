import AppendixFiles
import AppendixText
import NeuralQuantumStates

// The steps of a run, and what is said of them.
extension SolveCommand {
  /// Steps until the number asked for is done, or until a number is not finite any more: the run is lost then.
  mutating func train(_ saved: inout SavedRun<some SolvableAnsatz>) throws(CommandError) -> NumericalFailure? {
    if resumed != nil, saved.run.step >= steps {
      let text = "the run is at step \(saved.run.step) already, --steps \(steps) asks for no more"
      progress.show(text, always: true)
      return nil
    }
    if resumed != nil, hasArrived {
      progress.show("the run has arrived, at step \(saved.run.step); --steps makes it go on", always: true)
      return nil
    }
    let clock = ContinuousClock()
    let (start, first, before) = (clock.now, saved.run.step, saved.seconds)
    let processorStart = processorTime()
    defer { processorSeconds = first == 0 ? processorTime() - processorStart : nil }
    var lastSave = start
    while saved.run.step < steps {
      let record: StepRecord
      let (ansatz, walk, optimizer) = (saved.run.ansatz, saved.run.walk, saved.run.optimizer)
      do {
        record = try saved.run.advance { watched?.add($0) }
      } catch {
        // Saved as it was before that step: who resumes the run comes to it by the same bits.
        let run = saved.run
        saved.run = VariationalMonteCarlo(
          run.hamiltonian, ansatz, walk, optimizer, sweeps: run.sweeps, threads: run.threads, step: run.step)
        try saved.save(settings)
        progress.finish()
        return error
      }
      let validated = saved.validate()
      if let validated { validations.append(validated) }
      let now = clock.now
      let elapsed = (now - start).seconds
      saved.seconds = before + elapsed
      try saved.append(record, validated)
      history.append(record.energy)
      variances.append(record.variance)
      let left = elapsed / Double(record.step - first) * Double(steps - record.step)
      let text = line(record, secondsLeft: left)
      let isLast = validated != nil && hasArrived
      progress.show(text, under: watched?.lines, always: isLast || record.step == steps)
      if Interruption.isRequested {
        try saved.save(settings)
        progress.finish()
        throw .interrupted("interrupted at step \(record.step)" + advice(saved.folder))
      }
      if isLast {
        progress.finish()
        progress.show("the target is reached: step \(record.step) is the last", always: true)
        break
      }
      if let limit = arguments.number("seconds"), elapsed >= limit { break }
      if (now - lastSave).seconds > 10 {
        try saved.save(settings)
        lastSave = now
      }
    }
    try saved.save(settings)
    progress.finish()
    return nil
  }

  /// How a run goes on that was stopped: by its settings, and by what this session alone was given.
  func advice(_ folder: RunFolder?) -> String {
    guard let folder else { return ", nothing kept" }
    let limits = resumed == nil ? [] : ["steps", "target"]
    let given = limits.compactMap { name in arguments.given(name).map { " --\(name) \($0)" } }
    return "; nqs solve --resume \(quotedForShell(folder.path))\(given.joined()) goes on"
  }

  /// Whether the target is reached.
  ///
  /// The error of a sum may be all in one of its levels: they are held to a part of their mean.
  var hasArrived: Bool {
    target.map { validations.haveArrived(within: $0 / Double(settings.states)) } ?? false
  }

  private func line(_ record: StepRecord, secondsLeft: Double) -> String {
    let name = settings.states == 1 ? "E" : "ΣE"
    var text = "step \(rightAligned(String(record.step), String(steps).count))/\(steps)  \(name) = "
    text += "\(fixed(record.energy, 4)) ± \(fixed(record.energyError, 4))"
    if let exact = references?.exact {
      text += "  exact \(fixed(exact, 4))"
      if exact != 0 { text += "  off by \(fixed(100 * abs(record.energy - exact) / abs(exact), 2)) %" }
    }
    text += "  \(clockText(secondsLeft)) left"
    // On a terminal of 80 columns what follows is cut.
    for event in record.diagnostics.events { text += "  \(event.meaning)" }
    return text + "  accepted \(fixed(100 * record.acceptance, 0)) %"
  }
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
}

/// 3:07 or 1:02:59.
func clockText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e8 else { return "-" }
  let whole = Int(max(0, seconds).rounded())
  let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60)
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  return h > 0 ? "\(h):\(two(m)):\(two(s))" : "\(m):\(two(s))"
}
