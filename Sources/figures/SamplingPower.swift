extension BookFigure {
  /// Page 12: the same optimiser on walkers of |ψ|² and of |ψ|, two seeds.
  static let samplingPower: BookFigure = {
    let runs = [("p = 2 (101)", 2, 101), ("p = 2 (903)", 2, 903), ("p = 1 (101)", 1, 101), ("p = 1 (903)", 1, 903)]
    return learningCurves(
      "sampling-power", title: "Two fermions, V0 = -20, 256 walkers of |ψ|^p (seed)", names: runs.map { $0.0 },
      folders: runs.map { "runs/power-\($0.1)-\($0.2)" }, exact: -2.4717559,
      commands: runs.map {
        "swift run -c release nqs solve --walkers 256 --steps 300 --power \($0.1) --seed \($0.2) "
          + "--output runs/power-\($0.1)-\($0.2)"
      })
  }()
}
