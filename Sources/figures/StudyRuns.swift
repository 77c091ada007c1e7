import AppendixFiles

/// One run of a study, as far as it got.
struct StudyRun {
  let particles: Int
  let strength: Double
  /// The optimiser as the figure calls it; that of the talk's settings is another one.
  let optimiser: String
  let walkers: Int
  let seed: String
  /// Of the final state, with its standard error, in ħω; nil where the run has not ended.
  let result: (energy: Double, error: Double, steps: Int)?

  /// The runs in the folders of `nqs study --output DIR`, in the order of the folders and of their names.
  ///
  /// - Throws: where a folder cannot be read, a file in it is no run's, or one case stands twice.
  static func all(in folders: [String]) throws -> [StudyRun] {
    var runs: [StudyRun] = []
    for folder in folders {
      let names: [String]
      do {
        names = try RunFolder.names(in: folder)
      } catch {
        throw FigureError(description: "no folder \(folder) can be read")
      }
      for path in names.map({ folder + "/" + $0 }) {
        let run = try StudyRun(path)
        if runs.contains(where: {
          $0.optimiser == run.optimiser && $0.particles == run.particles && $0.strength == run.strength
        }) {
          throw FigureError(description: "\(path): there is another run of this case with \(run.optimiser)")
        }
        runs.append(run)
      }
    }
    return runs
  }

  private init(_ path: String) throws {
    let folder = try RunFolder.open(path)
    let settings = folder.settings
    guard let particles = settings["particles"]?.int, let strength = settings["strength"]?.double,
      let name = settings["optimizer"]?.text, let walkers = settings["walkers"]?.int
    else { throw FigureError(description: "\(folder.settingsPath) are not the settings of nqs") }
    guard settings["range"]?.double == 0.5 else {
      throw FigureError(description: "\(path): the range is not 0.5, as it is in the cases")
    }
    (self.particles, self.strength, self.walkers) = (particles, strength, walkers)
    optimiser = name + (settings["preset"]?.text.map { " (\($0))" } ?? "")
    seed = settings["seed"]?.text ?? "?"
    let found = try folder.read().result
    if let energy = found?["energy"]?.double, let error = found?["energy_error"]?.double {
      result = (energy, error, found?["steps"]?.int ?? 0)
    } else {
      result = nil
    }
  }
}

extension [StudyRun] {
  /// What a reader of the data should know: walkers, steps and seeds of each optimiser.
  var notes: [String] {
    var optimisers: [String] = []
    for run in self where !optimisers.contains(run.optimiser) { optimisers.append(run.optimiser) }
    return optimisers.map { optimiser in
      let runs = filter { $0.optimiser == optimiser }
      func list(_ values: [String]) -> String {
        Set(values).sorted { ($0.count, $0) < ($1.count, $1) }.joined(separator: " or ")
      }
      return "\(optimiser): \(list(runs.map { String($0.walkers) })) walkers, "
        + "\(list(runs.compactMap { $0.result.map { String($0.steps) } })) steps, seed \(list(runs.map(\.seed)))"
    }
  }
}
