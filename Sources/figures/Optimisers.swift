extension BookFigure {
  /// The talk's optimisers and Adam at A = 2, V0 = -10, from one pretrained network and one set of walkers.
  static let optimisers = learningCurves(
    "optimisers", title: "Two fermions, V0 = -10, from one start",
    names: ["adam", "ngd", "kfac", "qn-kfac", "qn-mr-kfac", "dgd"], exact: 0.5959059346,
    commands: [
      "swift run -c release nqs compare --particles 2 --strength -10 --walkers 4096 --sweeps 20"
        + " --optimizers adam,ngd,kfac,qn-kfac,qn-mr-kfac,dgd --seed 1 --output runs/optimisers"
    ])
}
