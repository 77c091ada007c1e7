import AppendixFiles
import Ch01LinearAlgebra
import Foundation
import TestSupport
import Testing

@Suite("A.5 Writing whole files") struct AtomicWrites {
  @Test("a file is replaced, and nothing else is left in its folder") func replaced() throws {
    try withScratchFolder { folder in
      try writeAtomically("old", to: folder + "/a.txt")
      try writeAtomically("new", to: folder + "/a.txt")
      #expect(try readText(folder + "/a.txt") == "new")
      #expect(try names(in: folder) == ["a.txt"])
    }
  }

  @Test("what the system refuses is one line with its reason, exit code 74") func refused() throws {
    try withScratchFolder { folder in
      try writeAtomically("text", to: folder + "/file")
      let missing = #expect(throws: FileError.self) { try writeAtomically("text", to: folder + "/no/where") }
      #expect(missing?.description == "cannot write \(folder)/no/where: no such file or folder")
      #expect(missing?.exitCode == 74)
      let under = #expect(throws: FileError.self) { try readBytes(folder + "/file/x") }
      #expect(under?.description == "cannot read \(folder)/file/x: part of the path is a file; a folder is needed")
      let isFolder = #expect(throws: FileError.self) { try writeAtomically("text", to: folder) }
      #expect(isFolder?.description == "cannot write \(folder): it is a folder; a file is needed")
      #expect(try names(in: folder) == ["file"])
    }
  }
}

@Suite("A.6 Run folders") struct RunFolders {
  static let settings: JSONValue = ["particles": 2, "strength": -20]
  static func weights(_ step: Int) -> TensorFile { TensorFile([NamedTensor("w", Double(step))]) }
  static func state(_ step: Int) -> TensorFile { TensorFile([NamedTensor("m", [2], [Double(step), .infinity])]) }

  /// A run of five steps, saved after steps 2 and 4.
  static func run(_ path: String) throws -> RunFolder {
    let folder = try RunFolder.create(path, settings: settings, columns: ["step", "energy"])
    for step in 1...5 {
      try folder.append([Double(step), 1 / Double(step)])
      if step % 2 == 0 { try folder.save(step: step, weights: weights(step), state: state(step)) }
    }
    return folder
  }

  @Test("a run is kept in four files") func files() throws {
    try withScratchFolder { scratch in
      let folder = try Self.run(scratch + "/runs/first")
      #expect(
        try names(in: folder.path) == ["history.csv", "settings.json", "state.safetensors", "weights.safetensors"])
      #expect(try folder.readSettings() == Self.settings)
      #expect(try folder.readWeights() == Self.weights(4))
      #expect(try folder.readHistory()["energy"] == [1, 0.5, 1 / 3, 0.25, 0.2])
    }
  }

  @Test("a resumed run goes on from its last state, without the rows after it") func resumed() throws {
    try withScratchFolder { scratch in
      let folder = try RunFolder.open(Self.run(scratch + "/run").path)
      let saved = try #require(try folder.rewindToLastState())
      #expect(saved.step == 4)
      #expect(saved.state.tensors == Self.state(4).tensors)
      #expect(try folder.readHistory()["step"] == [1, 2, 3, 4])
      try folder.append([5, 0.2])
      #expect(try folder.readHistory()["step"] == [1, 2, 3, 4, 5])
    }
  }

  @Test("a row torn at any byte by a kill is dropped, by reading and by the next append") func tornRow() throws {
    try withScratchFolder { scratch in
      let folder = try Self.run(scratch + "/run")
      let whole = try readText(folder.historyPath)
      let row = "6,0.16666666666666666"
      for count in 1...row.count {
        try writeAtomically(whole + row.prefix(count), to: folder.historyPath)
        #expect(try folder.readHistory()["step"] == [1, 2, 3, 4, 5])
        try folder.append([6, 0.5])
        #expect(try readText(folder.historyPath) == whole + "6,0.5\n")
      }
    }
  }

  @Test("a kill while making or saving leaves a folder that starts again or resumes") func killed() throws {
    try withScratchFolder { scratch in
      // Before settings.json: there is no run, and a new one may be made.
      let path = scratch + "/run"
      try makeFolders(path)
      try NumericTable(columns: ["step", "energy"], rows: []).write(path + "/history.csv")
      #expect(throws: FileError.self) { try RunFolder.open(path) }
      let folder = try RunFolder.create(path, settings: Self.settings, columns: ["step", "energy"])

      // Before the first state: the run resumes at its beginning.
      try folder.append([1, 0.5])
      try Self.weights(1).write(folder.weightsPath)
      #expect(try folder.rewindToLastState() == nil)
      #expect(try folder.readHistory().rows.isEmpty)

      // Weights newer than the state, and a temporary file cut short: the state counts, the rest goes.
      try folder.append([1, 0.5])
      try folder.save(step: 1, weights: Self.weights(1), state: Self.state(1))
      try Self.weights(2).write(folder.weightsPath)
      try writeAtomically([1, 2, 3], to: folder.path(".state.safetensors.123.tmp"))
      #expect(try folder.rewindToLastState()?.step == 1)
      #expect(try names(in: path) == ["history.csv", "settings.json", "state.safetensors", "weights.safetensors"])
    }
  }

  @Test("a folder that holds a run is not overwritten, exit code 64") func occupied() throws {
    try withScratchFolder { scratch in
      let folder = try Self.run(scratch + "/run")
      let error = #expect(throws: FileError.self) {
        try RunFolder.create(folder.path, settings: Self.settings, columns: ["step"])
      }
      #expect(
        error?.description == "\(folder.path): the folder holds a run already; resume it, or choose another folder")
      #expect(error?.exitCode == 64)
      #expect(try folder.readHistory().rows.count == 5)
    }
  }

  @Test("a path that leads through a file, or to one, is refused, exit code 74") func refused() throws {
    try withScratchFolder { scratch in
      try writeAtomically("text", to: scratch + "/file")
      for path in [scratch + "/file", scratch + "/file/run"] {
        let error = #expect(throws: FileError.self) {
          try RunFolder.create(path, settings: Self.settings, columns: ["step"])
        }
        #expect(error?.exitCode == 74)
      }
      let missing = #expect(throws: FileError.self) { try RunFolder.open(scratch + "/none") }
      #expect(missing?.description == "cannot open \(scratch)/none: no such folder")
      #expect(missing?.exitCode == 74)
      #expect(try names(in: scratch) == ["file"])
    }
  }

  @Test("one holder at a time has a run's lock, others are told, exit code 75") func locked() throws {
    try withScratchFolder { scratch in
      let lock = try RunLock(scratch + "/run")
      let error = #expect(throws: FileError.self) { try RunLock(scratch + "/run") }
      #expect(error == .locked(path: scratch + "/run") && error?.exitCode == 75)
      lock.release()
      try RunLock(scratch + "/run").release()
    }
  }

  @Test("why a run failed is kept until it goes on") func failure() throws {
    try withScratchFolder { scratch in
      let folder = try Self.run(scratch + "/run")
      #expect(try folder.readFailure() == nil)
      try folder.writeFailure("the energy is not finite")
      #expect(try folder.readFailure() == "the energy is not finite")
      folder.removeResult()
      #expect(try folder.readFailure() == nil)
    }
  }

  @Test("a folder without a run is bad data, exit code 65") func noRun() throws {
    try withScratchFolder { scratch in
      let error = #expect(throws: FileError.self) { try RunFolder.open(scratch) }
      #expect(error?.description == "\(scratch): the folder holds no run; one with a settings.json is needed")
      #expect(error?.exitCode == 65)
    }
  }

  @Test("a row that does not fit the header is bad data, and is not written") func otherColumns() throws {
    try withScratchFolder { scratch in
      let folder = try Self.run(scratch + "/run")
      let error = #expect(throws: FileError.self) { try folder.append([6, 1, 2]) }
      #expect(error?.description == "\(folder.historyPath), line 1: its header has 2 columns; this run writes 3")
      #expect(try folder.readHistory().rows.count == 5)
    }
  }

  @Test("a state without a step is bad data") func withoutStep() throws {
    try withScratchFolder { scratch in
      let folder = try Self.run(scratch + "/run")
      try Self.state(1).write(folder.statePath)
      let error = #expect(throws: FileError.self) { try folder.rewindToLastState() }
      #expect(error?.description == "\(folder.statePath): its step is missing; a count is needed in the metadata")
    }
  }
}
