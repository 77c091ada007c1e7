import AppendixFiles
import Ch01LinearAlgebra
import Foundation
import TestSupport
import Testing

@Suite("A.6 Writing whole files") struct AtomicWrites {
  @Test("a file is replaced, and nothing else is left in its folder") func replaced() throws {
    let scratch = try Scratch()
    try writeAtomically("old", to: scratch.file("a.txt"))
    try writeAtomically("new", to: scratch.file("a.txt"))
    #expect(try readText(scratch.file("a.txt")) == "new")
    #expect(scratch.contents == ["a.txt"])
  }

  @Test("what the system refuses is one line with its reason, exit code 74") func refused() throws {
    let scratch = try Scratch()
    try writeAtomically("text", to: scratch.file("file"))
    let missing = #expect(throws: FileError.self) { try writeAtomically("text", to: scratch.file("no/where")) }
    #expect(missing?.description == "cannot write \(scratch.path)/no/where: no such file or folder")
    #expect(missing?.exitCode == 74)
    let under = #expect(throws: FileError.self) { try readBytes(scratch.file("file/x")) }
    #expect(under?.description == "cannot read \(scratch.path)/file/x: part of the path is a file; a folder is needed")
    let isFolder = #expect(throws: FileError.self) { try writeAtomically("text", to: scratch.path) }
    #expect(isFolder?.description == "cannot write \(scratch.path): it is a folder; a file is needed")
    #expect(scratch.contents == ["file"])
  }
}

@Suite("A.7 Run folders") struct RunFolders {
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
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("runs/first"))
    #expect(
      try names(in: folder.path) == ["history.csv", "settings.json", "state.safetensors", "weights.safetensors"])
    let opened = try RunFolder.open(folder.path)
    for member in Self.settings.members ?? [] { #expect(opened.settings[member.key] == member.value) }
    #expect(try folder.readWeights().tensors == Self.weights(4).tensors)
    let contents = try folder.read()
    #expect(contents.history["energy"] == [1, 0.5, 1 / 3, 0.25, 0.2])
    #expect(contents.saved?.step == 4 && contents.saved?.state.tensors == Self.state(4).tensors)
  }

  @Test("a resumed run goes on from its last state, without the rows after it") func resumed() throws {
    let scratch = try Scratch()
    let folder = try RunFolder.open(Self.run(scratch.file("run")).path)
    try folder.rewind(to: try folder.read())
    #expect(try folder.read().history["step"] == [1, 2, 3, 4])
    try folder.append([5, 0.2])
    #expect(try folder.read().history["step"] == [1, 2, 3, 4, 5])
  }

  @Test("a row torn at any byte by a kill is dropped, by reading and by the next append") func tornRow() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    let whole = try readText(folder.historyPath)
    let row = "6,0.16666666666666666"
    for count in 1...row.count {
      try writeAtomically(whole + row.prefix(count), to: folder.historyPath)
      #expect(try folder.read().history["step"] == [1, 2, 3, 4, 5])
      try folder.append([6, 0.5])
      #expect(try readText(folder.historyPath) == whole + "6,0.5\n")
    }
  }

  @Test("a kill while making or saving leaves a folder that starts again or resumes") func killed() throws {
    let scratch = try Scratch()
    // Before settings.json: there is no run, and a new one may be made.
    let path = scratch.file("run")
    try makeFolders(path)
    try NumericTable(columns: ["step", "energy"], rows: []).write(path + "/history.csv")
    #expect(throws: FileError.self) { try RunFolder.open(path) }
    let folder = try RunFolder.create(path, settings: Self.settings, columns: ["step", "energy"])

    // Before the first state: the run resumes at its beginning.
    try folder.writeWeights(Self.weights(0), step: 0)
    #expect(try folder.read().saved == nil)

    // Weights newer than the state, and a temporary file cut short: the state counts, the rest goes.
    try folder.append([1, 0.5])
    try folder.save(step: 1, weights: Self.weights(1), state: Self.state(1))
    try folder.append([2, 0.25])
    try folder.writeWeights(Self.weights(2), step: 2)
    try writeAtomically([1, 2, 3], to: folder.path(".state.safetensors.123.tmp"))
    let contents = try folder.read()
    #expect(contents.saved?.step == 1)
    try folder.rewind(to: contents)
    #expect(try names(in: path) == ["history.csv", "settings.json", "state.safetensors", "weights.safetensors"])
  }

  @Test("a folder that holds a run is not overwritten, exit code 64") func occupied() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    let error = #expect(throws: FileError.self) {
      try RunFolder.create(folder.path, settings: Self.settings, columns: ["step"])
    }
    #expect(
      error?.description == "\(folder.path): the folder holds a run already; resume it, or choose another folder")
    #expect(error?.exitCode == 64)
    #expect(try folder.read().history.rows.count == 5)
  }

  @Test("a path that leads through a file, or to one, is refused, exit code 74") func refused() throws {
    let scratch = try Scratch()
    try writeAtomically("text", to: scratch.file("file"))
    for path in [scratch.file("file"), scratch.file("file/run")] {
      let error = #expect(throws: FileError.self) {
        try RunFolder.create(path, settings: Self.settings, columns: ["step"])
      }
      #expect(error?.exitCode == 74)
    }
    let missing = #expect(throws: FileError.self) { try RunFolder.open(scratch.file("none")) }
    #expect(missing?.description == "cannot open \(scratch.path)/none: no such folder")
    #expect(missing?.exitCode == 74)
    #expect(scratch.contents == ["file"])
  }

  @Test("one holder at a time has a run's lock, others are told, exit code 75") func locked() throws {
    let scratch = try Scratch()
    let lock = try RunLock(scratch.file("run"))
    let error = #expect(throws: FileError.self) { try RunLock(scratch.file("run")) }
    #expect(error == .locked(path: scratch.file("run"), by: nil) && error?.exitCode == 75)
    lock.release()
    try RunLock(scratch.file("run")).release()
  }

  @Test("what a run ended with is kept until it goes on") func result() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    #expect(try folder.read().result == nil)
    try folder.writeResult(["failure": "the energy is not finite"])
    #expect(try folder.read().result == ["failure": "the energy is not finite"])
    folder.removeResult()
    #expect(try folder.read().result == nil)
  }

  @Test("a folder without a run is bad data, exit code 65") func noRun() throws {
    let scratch = try Scratch()
    let error = #expect(throws: FileError.self) { try RunFolder.open(scratch.path) }
    #expect(error?.description == "\(scratch.path): the folder holds no run; one with a settings.json is needed")
    #expect(error?.exitCode == 65)
  }

  @Test("a row that does not fit the header is bad data, and is not written") func otherColumns() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    let error = #expect(throws: FileError.self) { try folder.append([6, 1, 2]) }
    #expect(error?.description == "\(folder.historyPath), line 1: its header has 2 columns; this run writes 3")
    #expect(try folder.read().history.rows.count == 5)
  }

  /// The one line by which the folder is refused; nil where it is read.
  private func refusal(_ folder: RunFolder) -> String? {
    do {
      _ = try RunFolder.open(folder.path).read()
      _ = try folder.readWeights()
      return nil
    } catch {
      #expect(error.exitCode == 65)
      return error.description
    }
  }

  @Test("a state without a step or of another version, one of another run, and one without its history are bad data")
  func foreign() throws {
    let scratch = try Scratch()
    let (folder, other) = (try Self.run(scratch.file("run")), scratch.file("other"))
    let state = try readBytes(folder.statePath)
    try Self.state(1).write(folder.statePath)
    #expect(refusal(folder)?.contains("it has no checksum; an older nqs has written it") == true)
    try Self.state(1).withChecksum.write(folder.statePath)
    #expect(refusal(folder)?.contains("it is a file of no run") == true)
    var settings = Self.settings
    settings["strength"] = -10
    let second = try RunFolder.create(other, settings: settings, columns: ["step", "energy"])
    for step in 1...4 { try second.append([Double(step), 1 / Double(step)]) }
    try second.save(step: 4, weights: Self.weights(4), state: Self.state(4))
    try writeAtomically(try readBytes(second.statePath), to: folder.statePath)
    #expect(refusal(folder)?.contains("it is a file of run ") == true)
    try FileManager.default.removeItem(atPath: folder.statePath)
    #expect(refusal(folder)?.contains("it is missing, and the history has 5 rows") == true)
    try writeAtomically(state, to: folder.statePath)
    try writeAtomically(
      try readText(folder.settingsPath).replacing("\"format\": 2", with: "\"format\": 1"), to: folder.settingsPath)
    #expect(refusal(folder)?.contains("format 2 is read; begin the run again") == true)
  }

  @Test(
    "a history that has lost, doubled or changed a row is bad data, and stays as it is",
    arguments: ["1,1\n", "1,1\n1,1\n2,0.5\n", "1,1\n3,0.5\n", "1,1\n2,0.5\n3,0.3\n4,0.25\n", "2,0.5\n1,1\n"])
  func history(rows: String) throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    for text in ["step,energy\n" + rows, rows] {
      try writeAtomically(text, to: folder.historyPath)
      #expect(refusal(folder)?.contains("history.csv") == true)
      #expect(try readText(folder.historyPath) == text)
    }
  }

  // Every bit of small files; those of large ones by the script of the command line's tests.
  @Test("a single bit that has changed in any file is bad data, or changes nothing that is read") func bits() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    try folder.rewind(to: try folder.read())
    try folder.writeResult(["steps": 4, "energy": -1.5])
    let contents = try folder.read()
    for path in [
      folder.settingsPath, folder.historyPath, folder.weightsPath, folder.statePath, folder.resultPath,
    ] {
      let bytes = try readBytes(path)
      for index in bytes.indices {
        var changed = bytes
        changed[index] ^= 1 << UInt8(index % 8)
        try changed.withUnsafeBytes { buffer in
          try Data(buffer).write(to: URL(fileURLWithPath: path))
        }
        if refusal(folder) == nil {
          #expect(try RunFolder.open(folder.path) == folder && folder.read() == contents, "\(path), byte \(index)")
        }
      }
      try writeAtomically(bytes, to: path)
    }
    #expect(refusal(folder) == nil)
  }

  @Test("a pipe in a file's place is refused at once") func pipe() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    try FileManager.default.removeItem(atPath: folder.historyPath)
    #expect(withPath(folder.historyPath) { mkfifo($0, 0o600) } == 0)
    #expect(refusal(folder)?.contains("it is a pipe or a device; a file is needed") == true)
  }

  @Test("measured files are known by their checksums; a changed one is refused") func measured() throws {
    let scratch = try Scratch()
    let folder = try Self.run(scratch.file("run"))
    #expect(try folder.readMeasured(["n.csv"]) == nil)
    let table = NumericTable(columns: ["x", "n"], rows: [[0, 1]])
    try folder.writeMeasured(["batches": 4], [("n.csv", Array(table.csv.utf8))])
    #expect(try folder.readMeasured(["n.csv"])?.tables == [table])
    try NumericTable(columns: ["x", "n"], rows: [[0, 2]]).write(folder.path("n.csv"))
    let error = #expect(throws: FileError.self) { try folder.readMeasured(["n.csv"]) }
    #expect(error?.description.contains("measure the run again") == true)
  }

  @Test("where a file system has no locks, a file with the owner's name stands for one") func withoutLocks() throws {
    let scratch = try Scratch()
    let none: (Int32) -> Int32 = { _ in ENOLCK }
    let lock = try RunLock(scratch.file("run"), lock: none)
    let error = #expect(throws: FileError.self) { try RunLock(scratch.file("run"), lock: none) }
    #expect(error?.exitCode == 75 && error?.description.contains("process \(getpid()) on ") == true)
    lock.release()
    // Left behind by a process that is no more: the number is beyond what systems give.
    let host = try readOwner(scratch.path)
    try writeAtomically("\(host) 2000000000\n", to: scratch.file("run/.owner"))
    try RunLock(scratch.file("run"), lock: none).release()
    // Another host's: nobody can tell.
    try writeAtomically("far-away 2000000000\n", to: scratch.file("run/.owner"))
    let far = #expect(throws: FileError.self) { try RunLock(scratch.file("run"), lock: none) }
    #expect(far?.description.contains("if it was killed, remove \(scratch.path)/run/.owner") == true)
  }

  private func readOwner(_ scratch: String) throws -> String {
    let lock = try RunLock(scratch + "/run") { _ in ENOLCK }
    defer { lock.release() }
    return String(try readText(scratch + "/run/.owner").split(separator: " ")[0])
  }
}

@Suite("A.8 Paths that are no UTF-8") struct Paths {
  static let names: [[UInt8]] = [
    Array("plain".utf8), Array("ψ und ß".utf8), [0x66, 0xFF, 0x2E], [0xC3], [0xE2, 0x82], [0x80, 0xCF, 0x88, 0xF5],
  ]

  @Test("bytes of a name come back as they were", arguments: names) func roundTrip(bytes: [UInt8]) {
    #expect(encodedPath(decodedPath(bytes)) == bytes)
  }

  #if os(Linux)
  @Test("a run in such a folder is kept and found", arguments: names) func folder(bytes: [UInt8]) throws {
    let scratch = try Scratch()
    let folder = try RunFolders.run(scratch.file("") + decodedPath(bytes))
    #expect(try RunFolder.open(folder.path).read().history.rows.count == 5)
    #expect(try RunFolder.names(in: scratch.path) == [decodedPath(bytes)])
    // In JSON, which has to be text, the name is readable as far as it is text.
    #expect(String(validating: Array(JSONValue(folder.path).line.utf8), as: UTF8.self) != nil)
  }
  #endif
}
