import AppendixFiles
import Ch01LinearAlgebra
import Foundation
import TestSupport
import Testing

/// A run of two steps, and what going on to a third one gives where nothing is damaged.
private struct Specimen {
  let scratch: Scratch
  let run: String
  private let files: [String: Data]
  private let expected: (weights: Data, history: [[UInt64]])

  static let names = [
    "settings.json", "history.csv", "weights.safetensors", "state.safetensors", "result.json",
  ]

  init(_ optimizer: String, _ more: String...) throws {
    scratch = try Scratch()
    run = scratch.file("run")
    let words = [
      "solve", "--walkers", "32", "--hidden", "4", "--sweeps", "2", "--pretrain", "2", "--steps", "2", "--quiet",
      "--exact",
      "none", "--optimizer", optimizer, "--output", run,
    ]
    #expect(try nqs(words + more).exitCode == 0)
    var files: [String: Data] = [:]
    for name in Self.names { files[name] = try scratch.bytes("run/" + name) }
    self.files = files
    #expect(try nqs("solve", "--resume", run, "--steps", "3", "--quiet", "--exact", "none").exitCode == 0)
    expected = (
      try scratch.bytes("run/weights.safetensors"), SolveCommand.bits(try SolveCommand.historyWithoutSeconds(run))
    )
    try restore()
  }

  func restore() throws {
    for (name, bytes) in files { try bytes.write(to: URL(fileURLWithPath: run + "/" + name)) }
  }

  func bytes(_ name: String) -> Data { files[name] ?? Data() }

  func write(_ bytes: Data, to name: String) throws { try bytes.write(to: URL(fileURLWithPath: run + "/" + name)) }

  /// Goes on with the run as it is now, and puts it back. Nil where it was refused as it should be, or where nothing
  /// has changed; else what went wrong.
  func fault(reading: Bool = false) throws -> String? {
    defer { try? restore() }
    let before = Specimen.names.map { try? scratch.bytes("run/" + $0) }
    try scratch.write("0.5,-0.25\n", to: "x.csv")
    let outcome =
      reading
      ? try nqs("evaluate", "--run", run, "--positions", scratch.file("x.csv"), "--json")
      : try nqs("solve", "--resume", run, "--steps", "3", "--quiet", "--exact", "none")
    if outcome.exitCode == 65 {
      guard outcome.isOneLine(with: run), outcome.errors.utf8.count < 1000 else {
        return "not one line: \(outcome.errors)"
      }
      let after = Specimen.names.map { try? scratch.bytes("run/" + $0) }
      return before == after ? nil : "refused, and a file is another than before"
    }
    guard outcome.exitCode == 0 else { return "exit code \(outcome.exitCode): \(outcome.errors)" }
    if reading { return before[2] == files["weights.safetensors"] ? nil : "read in silence" }
    let weights = try scratch.bytes("run/weights.safetensors")
    let history = SolveCommand.bits(try SolveCommand.historyWithoutSeconds(run))
    return weights == expected.weights && history == expected.history ? nil : "went on in silence with other bits"
  }
}

@Suite("C.12 Damaged folders") struct DamagedFolders {
  static let optimizers = ["gd", "adam", "kfac", "qn-kfac", "qn-mr-kfac", "ngd", "dgd", "pi-dgd"]

  // Three flips in each file of each; hundreds in the slow test below, and every byte in the tests of `RunFolder`.
  @Test(
    "a bit that has changed is told in one line, or harmless; no row of the history is lost",
    arguments: ["adam", "kfac"])
  func bits(optimizer: String) throws { try flips(Specimen(optimizer), count: 3, seed: 901) }

  private func flips(_ specimen: Specimen, count: Int, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for name in Specimen.names {
      for _ in 0..<count {
        var bytes = specimen.bytes(name)
        let place = Int(random.next() % UInt64(bytes.count))
        let bit = UInt8(random.next() % 8)
        bytes[place] ^= 1 << bit
        try specimen.write(bytes, to: name)
        let fault = try specimen.fault(reading: name == "weights.safetensors")
        #expect(fault == nil, "\(name), byte \(place), bit \(bit): \(fault ?? "")")
      }
    }
  }

  /// Each tensor dropped, cut, lengthened, reshaped, renamed, with a NaN, and exchanged with one of another shape; each
  /// entry of the metadata dropped and changed. The checksum is that of what is written.
  private func wrongStates(_ state: TensorFile) -> [(what: String, state: TensorFile)] {
    var list: [(String, TensorFile)] = []
    for (index, tensor) in state.tensors.enumerated() {
      func changed(_ what: String, _ new: NamedTensor?) {
        var tensors = state.tensors
        if let new { tensors[index] = new } else { tensors.remove(at: index) }
        list.append(("\(tensor.name) \(what)", TensorFile(tensors, metadata: state.metadata)))
      }
      changed("dropped", nil)
      changed("lengthened", NamedTensor(tensor.name, [tensor.values.count + 1], tensor.values + [1]))
      changed("reshaped", NamedTensor(tensor.name, [1] + tensor.shape, tensor.values))
      changed("renamed", NamedTensor(tensor.name + "x", tensor.shape, tensor.values))
      guard !tensor.values.isEmpty else { continue }
      changed("cut", NamedTensor(tensor.name, [tensor.values.count - 1], Array(tensor.values.dropLast())))
      var values = tensor.values
      values[values.count / 2] = .nan
      changed("with NaN", NamedTensor(tensor.name, tensor.shape, values))
      if let other = state.tensors.firstIndex(where: { $0.shape != tensor.shape }) {
        var tensors = state.tensors
        tensors[index] = NamedTensor(tensor.name, tensors[other].shape, tensors[other].values)
        tensors[other] = NamedTensor(tensors[other].name, tensor.shape, tensor.values)
        list.append(("\(tensor.name) exchanged", TensorFile(tensors, metadata: state.metadata)))
      }
    }
    for key in state.metadata.keys.sorted() where key != "checksum" {
      for value in [nil, "", "-1", "99999999999999999999", "90", "\u{1}\n"] {
        var metadata = state.metadata
        metadata[key] = value
        // As it was.
        if metadata == state.metadata { continue }
        list.append(("\(key) = \(value ?? "dropped")", TensorFile(state.tensors, metadata: metadata)))
      }
    }
    return list
  }

  private func wrongContents(_ optimizer: String, every stride: Int) throws {
    let specimen = try Specimen(optimizer)
    let state = try TensorFile.read(specimen.run + "/state.safetensors", allowNonFinite: true)
    for (index, wrong) in wrongStates(state).enumerated() where index % stride == 0 {
      try wrong.state.withChecksum.write(specimen.run + "/state.safetensors")
      let fault = try specimen.fault()
      #expect(fault == nil, "\(optimizer), \(wrong.what): \(fault ?? "")")
    }
  }

  // Every thirtieth of some 150 to 300.
  @Test("a state that is well-formed and wrong is told in one line", arguments: ["adam", "qn-mr-kfac", "pi-dgd"])
  func contents(optimizer: String) throws { try wrongContents(optimizer, every: 30) }

  /// Files of other runs in the place of this one's.
  private func swaps(_ optimizer: String, _ others: [[String]]) throws {
    let specimen = try Specimen(optimizer)
    for words in others {
      let other = try Specimen(words[0], words.count > 1 ? words[1] : "--seed", words.count > 2 ? words[2] : "1")
      for name in Specimen.names {
        try specimen.write(other.bytes(name), to: name)
        let fault = try specimen.fault(reading: name == "weights.safetensors")
        #expect(fault == nil, "\(name) of \(words): \(fault ?? "")")
      }
    }
  }

  @Test("a file of another run, by its seed, system or optimiser, is told in one line") func swapped() throws {
    try swaps("dgd", [["dgd", "--seed", "2"], ["adam"], ["dgd", "--strength", "10"]])
  }

  @Test("a file that is missing is told in one line, but for result and weights, which a run that goes on does without")
  func missing() throws {
    let specimen = try Specimen("adam")
    for name in Specimen.names {
      try FileManager.default.removeItem(atPath: specimen.run + "/" + name)
      if name == "history.csv" {
        // As for any file that cannot be read.
        let outcome = try nqs("solve", "--resume", specimen.run, "--steps", "3", "--quiet")
        #expect(outcome.exitCode == 74 && outcome.isOneLine(with: "history.csv"))
        try specimen.restore()
      } else {
        #expect(try specimen.fault() == nil, "\(name)")
      }
    }
  }

  @Test("all of it, thousands of times", .enabled(if: slowTests)) func everything() throws {
    for (index, optimizer) in Self.optimizers.enumerated() {
      try flips(Specimen(optimizer), count: 100, seed: 1000 + UInt64(index))
      try wrongContents(optimizer, every: 1)
      try swaps(
        optimizer,
        [
          [optimizer, "--seed", "2"], [optimizer, "--strength", "10"], [optimizer, "--range", "0.4"],
          [optimizer == "gd" ? "adam" : "gd"],
        ])
    }
  }
}
