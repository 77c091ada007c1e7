import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let evaluate: Command = .init(
    name: "evaluate", summary: "a wave function and its local energy at given positions",
    options: [
      Option("run", .path("DIR"), "a run by nqs solve: its weights and its system", group: .run),
      Option("weights", .path("FILE"), "weights in safetensors, by the book's tensor names"),
      Option("positions", .path("FILE"), "CSV, one walker a line, a column a particle; - reads standard input"),
    ]
      + Setting.options(.system).filter { $0.name != "particles" }.map {
        Option($0.name, $0.kind, $0.help, note: "the run's", group: .system)
      },
    notes: """
      Sizes are read off the tensors' shapes. Weights that nqs has written hold the strength and the range of their run;
      with those of another program --strength has to be given, and --range where it is not \(shortest(SolveSettings().range)).
      A header line is allowed in the positions; its names begin with letters. Prints a line a walker: sign, ln|ψ|,
      Laplacian of ln|ψ|, kinetic, trap, interaction and local energy, gradient of ln|ψ|. A number that is not finite (at
      a node) is inf or nan there, and null in --json.

      The particles in the opposite order have the same local energy but for rounding: the difference is rounding_error in
      --json, and a word on standard error tells where it is more than a part in a million.
      """
  ) { (arguments) throws(CommandError) in
    let positions = try arguments.required("positions")
    let (ansatz, hamiltonian) = try evaluated(arguments)
    let table = try files { () throws(FileError) in try NumericTable.read(positions) }
    guard !table.rows.isEmpty else { throw .data("\(positions): no positions; one walker a line is needed") }
    guard table.width == ansatz.particles else {
      throw .data(
        "\(positions): \(counted(table.width, "column")); the weights are for \(ansatz.particles) particles, a column each is needed"
      )
    }
    let walkers = Walkers(table.values, particles: ansatz.particles)
    let values = ansatz.evaluate(walkers, threads: arguments.threads)
    let energies = hamiltonian.localEnergies(of: ansatz, at: walkers, threads: arguments.threads)
    let n = ansatz.particles
    let all = walkers.positions
    let backwards = (0..<walkers.count).flatMap { all[($0 * n)..<(($0 + 1) * n)].reversed() }
    let mirrored = hamiltonian.localEnergies(
      of: ansatz, at: Walkers(backwards, particles: n), threads: arguments.threads)
    let rounding = zip(energies.total, mirrored.total).map { abs($0 - $1) }
    for (walker, error) in rounding.enumerated() where error > 1e-6 * abs(energies.total[walker]) {
      complain(
        "nqs evaluate: walker \(walker + 1): its local energy is known to ± \(scientific(error, 0)); its orbitals are nearly dependent"
      )
    }
    let gradients = (0..<walkers.count).map { Array(values.gradient[($0 * n)..<(($0 + 1) * n)]) }
    if arguments.json {
      let json: JSONValue = [
        "particles": JSONValue(n), "hidden": JSONValue(ansatz.shape.hidden), "layers": JSONValue(ansatz.shape.layers),
        "determinants": JSONValue(ansatz.shape.determinants), "sign": JSONValue(values.sign.map { Int($0) }),
        "log_abs_psi": JSONValue(values.logPsi), "grad_x": .array(gradients.map { JSONValue($0) }),
        "laplacian_log_abs_psi": JSONValue(values.laplacian), "kinetic": JSONValue(energies.kinetic),
        "trap": JSONValue(energies.trap), "interaction": JSONValue(energies.interaction),
        "local_energy": JSONValue(energies.total), "rounding_error": JSONValue(rounding),
      ]
      try show(json.line)
      return
    }
    let columns =
      ["sign", "log_abs_psi", "laplacian_log_abs_psi", "kinetic", "trap", "interaction", "local_energy"]
      + (0..<n).map { "grad_x\($0)" }
    let rows = (0..<walkers.count).map { (walker: Int) -> [Double] in
      let local = [energies.kinetic, energies.trap, energies.interaction, energies.total].map { $0[walker] }
      return [values.sign[walker] + 0, values.logPsi[walker], values.laplacian[walker]] + local + gradients[walker]
    }
    try show(NumericTable(columns: columns, rows: rows).csv, terminator: "")
  }
}

/// The network, and the system that it is to be evaluated in.
private func evaluated(_ arguments: Arguments) throws(CommandError) -> (DeterminantAnsatz, TrappedFermions) {
  if let path = arguments.given("run") {
    for name in ["weights", "strength", "range", "trap", "interaction", "let"] where arguments.given(name) != nil {
      throw .usage("--\(name) cannot be given with --run; the run has its own")
    }
    let folder = try files { () throws(FileError) in try RunFolder.open(path) }
    let settings = try SolveSettings(folder)
    guard settings.states == 1 else {
      throw .usage("\(path) has \(settings.states) states in one determinant; evaluate is for one wave function")
    }
    return (try SavedFormat.weights(in: folder, settings, as: DeterminantAnsatz.self), settings.hamiltonian)
  }
  guard let path = arguments.given("weights") else {
    throw .usage("neither --run nor --weights is given; nqs evaluate --help lists the options")
  }
  let weights = try GivenWeights(path)
  return (weights.ansatz, try SolveSettings(arguments, weights).system())
}
