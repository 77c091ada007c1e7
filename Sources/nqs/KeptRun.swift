import AppendixFiles
import NeuralQuantumStates

/// One of many runs, in a folder of its own: run to its end once, read from then on.
struct KeptRun {
  let arguments: Arguments
  let settings: SolveSettings
  let path: String

  init(_ arguments: Arguments, _ settings: SolveSettings, _ path: String) {
    (self.arguments, self.settings, self.path) = (arguments, settings, path)
  }

  /// Read where it has ended, run to its end where it has not.
  func finished() throws(CommandError) -> StudyCase {
    let before = try stored()
    if before.result != nil { return before }

    // Another process may have ended the run until here; from here on it cannot.
    let lock = try files { () throws(FileError) in try RunLock(path) }
    defer { lock.release() }
    let now = try stored()
    if now.result != nil { return now }

    let resumed = try files { () throws(FileError) in try RunFolder.find(path) }
    _ = try SolveCommand(
      arguments, settings: settings, output: resumed == nil ? path : nil, resumed: resumed
    ).runLocked()
    return try stored()
  }

  /// As its folder tells it: ended with at least the steps asked for, failed, or neither.
  func stored() throws(CommandError) -> StudyCase {
    let found = try files { () throws(FileError) in try RunFolder.find(path) }
    guard let run = found else { return StudyCase(settings: settings, folder: path) }
    let contents = try files { () throws(FileError) in try run.read() }
    var before = try SolveSettings(run)
    // Both may change when a run goes on.
    (before.steps, before.target) = (settings.steps, settings.target)
    if let difference = before.difference(from: settings) {
      throw .usage("\(path) holds a run with other settings: \(difference); choose another --output, or those settings")
    }
    let steps = try settings.totalSteps()
    let target = try settings.relativeTarget()
    let (result, failure) = try run.outcome(contents)
    guard let result, let done = result["steps"]?.int,
      done >= steps || result["lost"]?.text != nil
        || result["arrived"]?.bool == true && (result["target"]?.double ?? 0) <= target ?? -1
    else {
      return StudyCase(settings: settings, folder: path, failure: failure.map { .numerical($0) })
    }
    return StudyCase(settings: settings, folder: path, result: result, history: contents.history)
  }
}
