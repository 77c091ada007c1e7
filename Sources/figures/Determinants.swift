import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 15: the error after equal steps, and seconds a step, against the number of determinants.
  ///
  /// Columns of the data: A, V0, D, the root of the mean over the seeds of (E - exact)² in ħω, the smallest and the largest one, the mean
  /// of the standard errors, and the seconds a step in the fastest run, pretraining and final average not counted.
  static let determinants: BookFigure = .init(
    name: "determinants",
    commands: [
      "for run in 3,1 3,2 3,3 4,1 4,2; do for v in -20 20; do for d in 1 2 4 8 16; do a=${run%,*} s=${run#*,};"
        + " swift run -c release nqs solve --particles $a --strength=$v --determinants $d --steps 40 --seed $s --threads 1"
        + " --output runs/determinants/A${a}_V${v}_D${d}_$s; done; done; done",
      "swift run -c release figures determinants --data runs/determinants",
    ],
    data: { folders in
      guard let parent = folders.first, let names = try? RunFolder.names(in: parent) else {
        throw FigureError(description: "wanted: the folder that holds the runs")
      }
      var found: [[Double]: [(error: Double, bar: Double, seconds: Double)]] = [:]
      for name in names {
        let folder = try RunFolder.open(parent + "/" + name)
        guard let particles = folder.settings["particles"]?.int, let strength = folder.settings["strength"]?.double,
          let determinants = folder.settings["determinants"]?.int,
          case let contents = try folder.read(), let result = contents.result, let energy = result["energy"]?.double,
          let bar = result["energy_error"]?.double,
          let exact = ExactEnergy.known(TrappedFermions(particles: particles, strength: strength))?.energy
        else { throw FigureError(description: "\(parent)/\(name): no finished run of a known system") }
        let seconds = try contents.history.needed("seconds")
        let steps = Double(seconds.count - 1)
        found[[Double(particles), strength, Double(determinants)], default: []].append(
          (abs(energy - exact), bar, ((seconds.last ?? 0) - (seconds.first ?? 0)) / steps))
      }
      let rows = found.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { key -> [Double] in
        let runs = found[key] ?? []
        let count = Double(runs.count)
        let errors = runs.map(\.error)
        let root = (errors.map { $0 * $0 }.reduce(0, +) / count).squareRoot()
        let bar = runs.map(\.bar).reduce(0, +) / count
        let values: [Double] = [
          root, errors.min() ?? .nan, errors.max() ?? .nan, bar, runs.map(\.seconds).min() ?? .nan,
        ]
        return key + values.map { Double(scientific($0, 3)) ?? $0 }
      }
      return FigureData(
        table: NumericTable(
          columns: ["particles", "strength", "determinants", "error", "least", "largest", "error_bar", "seconds"],
          rows: rows), notes: ["512 walkers, 64 features, 40 steps of PI-DGD, seeds 1, 2, 3 at A = 3 and 1, 2 at A = 4"]
      )
    },
    draw: { table, _ throws(FigureError) in
      let (particles, strengths) = (try table.needed("particles"), try table.needed("strength"))
      let (determinants, errors) = (try table.needed("determinants"), try table.needed("error"))
      let (least, largest, seconds) = (
        try table.needed("least"), try table.needed("largest"), try table.needed("seconds")
      )
      let axis = Axis("determinants", scale: .logarithmic, from: 0.9, to: 18)
      var (error, time): ([Series], [Series]) = ([], [])
      for (colour, system) in [(3.0, -20.0), (3, 20), (4, -20), (4, 20)].enumerated() {
        let rows = particles.indices.filter { particles[$0] == system.0 && strengths[$0] == system.1 }
        let (x, name) = (rows.map { determinants[$0] }, "A = \(Int(system.0)), V0 = \(Int(system.1))")
        error.append(
          Series(
            name, x: x, y: rows.map { errors[$0] }, lower: rows.map { least[$0] }, upper: rows.map { largest[$0] },
            colour: colour))
        time.append(Series(name, x: x, y: rows.map { seconds[$0] }, colour: colour))
      }
      return Figure(
        title: "More determinants, 40 steps of PI-DGD",
        rows: [
          [
            Plot(
              title: "error after 40 steps, and its range", xAxis: axis, yAxis: Axis("error (ħω)", scale: .logarithmic),
              series: error,
              legend: .beneath, height: 230),
            Plot(
              title: "one thread", xAxis: axis, yAxis: Axis("seconds a step", scale: .logarithmic), series: time,
              legend: .beneath, height: 230),
          ]
        ])
    })
}
