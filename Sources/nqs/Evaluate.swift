import AppendixFiles
import NeuralQuantumStates

extension Command {
  static let evaluate = Command(
    name: "evaluate", summary: "a wave function and its local energy at given positions",
    options: Setting.options(.system).filter { $0.name != "particles" } + [
      Option("weights", .path("FILE"), "weights in safetensors, by the book's tensor names"),
      Option("positions", .path("FILE"), "CSV, one walker a line, a column a particle; a header line is allowed"),
    ],
    notes: """
      Sizes are read off the tensors' shapes. Prints a line a walker: sign, ln|ψ|, Laplacian of ln|ψ|, kinetic, trap,
      interaction and local energy, gradient of ln|ψ|. A number that is not finite (at a node) is null in --json.
      """
  ) { (arguments) throws(CommandError) in
    let weights = try arguments.required("weights")
    let positions = try arguments.required("positions")
    let (file, table) = try files { () throws(FileError) in
      (try TensorFile.read(weights), try NumericTable.read(positions))
    }
    let ansatz: DeterminantAnsatz
    do throws(AnsatzError) {
      ansatz = try DeterminantAnsatz(tensors: file.tensors)
    } catch {
      throw .data("\(weights): \(error.description)")
    }
    guard !table.rows.isEmpty else { throw .data("\(positions): no positions; one walker a line is needed") }
    guard table.width == ansatz.particles else {
      throw .data(
        "\(positions): \(table.width) columns; the weights are for \(ansatz.particles) particles, a column each is needed"
      )
    }
    var settings = SolveSettings(arguments)
    settings.particles = ansatz.particles
    let hamiltonian = settings.hamiltonian
    let walkers = Walkers(table.values, particles: ansatz.particles)
    let values = ansatz.evaluate(walkers, threads: arguments.threads)
    let energies = hamiltonian.localEnergies(of: ansatz, at: walkers, threads: arguments.threads)
    let n = ansatz.particles
    let gradients = (0..<walkers.count).map { Array(values.gradient[($0 * n)..<(($0 + 1) * n)]) }
    if arguments.json {
      let json: JSONValue = [
        "particles": JSONValue(n), "hidden": JSONValue(ansatz.shape.hidden), "layers": JSONValue(ansatz.shape.layers),
        "determinants": JSONValue(ansatz.shape.determinants), "sign": JSONValue(values.sign.map { Int($0) }),
        "log_abs_psi": JSONValue(values.logPsi), "grad_x": .array(gradients.map { JSONValue($0) }),
        "laplacian_log_abs_psi": JSONValue(values.laplacian), "kinetic": JSONValue(energies.kinetic),
        "trap": JSONValue(energies.trap), "interaction": JSONValue(energies.interaction),
        "local_energy": JSONValue(energies.total),
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
