extension BookFigure {
  /// Page 12: the talk's DGD and PI-DGD, on the same system from the same start.
  static let decisional = learningCurves(
    "decisional", title: "Two fermions, V0 = -20", names: ["dgd", "pi-dgd"], exact: -2.4717559,
    commands: [
      "swift run -c release nqs compare --optimizers dgd,pi-dgd --particles 2 --strength -20 --walkers 2048 --steps 120"
        + " --seed 1 --output runs/decisional"
    ])
}
