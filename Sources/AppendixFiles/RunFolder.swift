#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

// Unsafe: functions of the C library that take a path. Swift hands them a string that ends with 0 and lives as long as
// the call.

/// A folder with one run: `settings.json`, `history.csv`, `weights.safetensors`, `state.safetensors`.
///
///     let folder = try RunFolder.create("run", settings: settings, columns: ["step", "energy"])
///     for step in 1...100 {
///       try folder.append([Double(step), energy])
///       if step % 10 == 0 { try folder.save(step: step, weights: weights, state: state) }
///     }
///
///     let folder = try RunFolder.open("run")              // later, perhaps after a kill
///     let saved = try folder.rewindToLastState()          // nil: nothing was saved yet, start at step 1
///
/// What makes a kill harmless at any moment is the order of writes. Every file but the history is replaced atomically.
/// A run exists once `settings.json` does, which is written last when a folder is made. `save` flushes the history,
/// then writes the weights, then the state, which holds its step: the state is the commit. Whatever is newer than it,
/// rows of the history, a torn row, a temporary file, weights, is dropped or written again by going on from the
/// state, which therefore must hold the weights too. What the columns, tensors and settings mean is the caller's.
///
/// Two processes at once in one folder would mix their rows: whoever writes holds the folder's `RunLock`.
package struct RunFolder: Equatable, Sendable {
  package let path: String

  /// The path of a file in the folder.
  package func path(_ name: String) -> String { joinPath(path, name) }
  package var settingsPath: String { path("settings.json") }
  package var historyPath: String { path("history.csv") }
  package var weightsPath: String { path("weights.safetensors") }
  package var statePath: String { path("state.safetensors") }
  package var resultPath: String { path("result.json") }
  package var failurePath: String { path("failure.txt") }

  /// Makes a run folder, with the folders that lead to it.
  ///
  /// An existing folder will do as long as it holds no run; what a kill left of this very function is no run.
  ///
  /// - Parameter columns: names of the history's columns; the first is `step`.
  package static func create(
    _ path: String, settings: JSONValue, columns: [String]
  ) throws(FileError) -> RunFolder {
    precondition(columns.first == "step", "the first column of a history is \"step\", not \(columns)")
    let folder = RunFolder(path: path)
    guard !folder.holdsRun else {
      let expected = "resume it, or choose another folder"
      throw .misuse(path: path, problem: "the folder holds a run already", expected: expected)
    }
    let isNew = access(path, F_OK) != 0
    try makeFolders(path)
    do {
      try NumericTable(columns: columns, rows: []).write(folder.historyPath)
      try folder.writeSettings(settings)
    } catch {
      unlink(folder.historyPath)
      if isNew { rmdir(path) }
      throw error
    }
    return folder
  }

  /// Whether there is anything of a run that a new one would overwrite.
  private var holdsRun: Bool {
    for file in [settingsPath, weightsPath, statePath] where access(file, F_OK) == 0 { return true }
    guard access(historyPath, F_OK) == 0 else { return false }
    return (try? readHistory())?.rows.isEmpty != true
  }

  /// Opens a run, to look at it or to go on.
  package static func open(_ path: String) throws(FileError) -> RunFolder {
    if let folder = try find(path) { return folder }
    guard access(path, F_OK) == 0 else { throw .refused(action: "open", path: path, reason: "no such folder") }
    throw .badData(path: path, problem: "the folder holds no run", expected: "one with a settings.json is needed")
  }

  /// The run at a path; nil where a new one can be made.
  package static func find(_ path: String) throws(FileError) -> RunFolder? {
    let folder = RunFolder(path: path)
    if access(folder.settingsPath, F_OK) == 0 { return folder }
    let code = errno
    if code == ENOENT { return nil }
    guard code == ENOTDIR, access(path, F_OK) == 0 else { throw .refused("open", path, code: code) }
    throw .refused(action: "open", path: path, reason: "it is a file, not a run's folder")
  }

  /// The folder's path from the root on, without links: one folder, one path.
  package var canonicalPath: String {
    // Unsafe: `realpath` gives memory of its own, which ends with 0, is copied, and is freed once.
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: Settings

  package func readSettings() throws(FileError) -> JSONValue {
    try JSONValue.parse(try readBytes(settingsPath), path: settingsPath)
  }

  package func writeSettings(_ settings: JSONValue) throws(FileError) {
    try writeAtomically(settings.pretty + "\n", to: settingsPath)
  }

  // MARK: Result

  /// What a finished run ended with; nil for one that has not ended.
  package func readResult() throws(FileError) -> JSONValue? {
    guard access(resultPath, F_OK) == 0 else { return nil }
    return try JSONValue.parse(try readBytes(resultPath), path: resultPath)
  }

  package func writeResult(_ result: JSONValue) throws(FileError) {
    try writeAtomically(result.pretty + "\n", to: resultPath)
  }

  /// Why a run failed; nil for one that did not.
  package func readFailure() throws(FileError) -> String? {
    guard access(failurePath, F_OK) == 0 else { return nil }
    return try readText(failurePath).split(separator: "\n").joined(separator: " ")
  }

  package func writeFailure(_ text: String) throws(FileError) { try writeAtomically(text + "\n", to: failurePath) }

  /// A run that goes on has neither ended nor failed.
  package func removeResult() {
    unlink(resultPath)
    unlink(failurePath)
  }

  // MARK: Tables beside the run

  /// A table that was written into the folder later, such as a density; nil where there is none.
  package func readTable(_ name: String) throws(FileError) -> NumericTable? {
    guard access(path(name), F_OK) == 0 else { return nil }
    return try NumericTable.read(path(name))
  }

  // MARK: Weights and state

  /// A state with the step after which it was saved.
  package struct SavedState: Equatable, Sendable {
    package var step: Int
    package var state: TensorFile
  }

  /// Saves the run as it is after `step`: from here on a resume goes on with the next step.
  ///
  /// - Parameter state: everything that going on needs, the weights included. NaN and infinities are allowed in it;
  ///   its metadata key `step` is set here.
  package func save(step: Int, weights: TensorFile, state: TensorFile) throws(FileError) {
    try flushHistory()
    try weights.write(weightsPath)
    let metadata = state.metadata.merging(["step": String(step)]) { _, new in new }
    try TensorFile(state.tensors, metadata: metadata).write(statePath)
  }

  package func readWeights() throws(FileError) -> TensorFile { try TensorFile.read(weightsPath) }

  /// The last state that was saved; nil if none was.
  package func readState() throws(FileError) -> SavedState? {
    guard access(statePath, F_OK) == 0 else { return nil }
    let state = try TensorFile.read(statePath, allowNonFinite: true)
    guard let step = state.metadata["step"].flatMap({ Int($0) }), step >= 0 else {
      let found = state.metadata["step"] ?? "missing"
      throw .badData(path: statePath, problem: "its step is \(found)", expected: "a count is needed in the metadata")
    }
    return SavedState(step: step, state: state)
  }

  /// The last state that was saved, with the folder brought back to it: later rows of the history are dropped, as are
  /// temporary files of a killed process. Nil if no state was saved; the history is then empty.
  package func rewindToLastState() throws(FileError) -> SavedState? {
    let saved = try readState()
    try truncateHistory(after: saved?.step ?? 0)
    removeTemporaryFiles()
    return saved
  }

  /// Removes `.NAME.PID.tmp` of the run's files.
  private func removeTemporaryFiles() {
    // Unsafe: an entry's name is an array within a C structure. `readdir` ends it with 0, and it is copied before the
    // next call.
    guard let stream = opendir(path) else { return }
    defer { closedir(stream) }
    let files = [settingsPath, historyPath, weightsPath, statePath, resultPath, failurePath]
    let prefixes = files.map { "." + splitPath($0).name + "." }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if name.hasSuffix(".tmp"), prefixes.contains(where: name.hasPrefix) { unlink(path(name)) }
    }
  }
}

/// Throws where there is no folder.
package func requireFolder(_ path: String) throws(FileError) {
  // Unsafe: `stat` fills the one structure that it is handed.
  var status = stat()
  guard stat(path, &status) == 0 else {
    if errno == ENOENT { throw .refused(action: "open", path: path, reason: "no such folder") }
    throw .refused("open", path)
  }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    throw .refused(action: "open", path: path, reason: "a file is there; a folder is needed")
  }
}

/// Makes a folder and those that lead to it; one that is there already is fine.
package func makeFolders(_ path: String) throws(FileError) {
  if mkdir(path, 0o777) == 0 { return }
  var code = errno
  let parent = splitPath(path).folder
  if code == ENOENT, parent != ".", parent != "/" {
    try makeFolders(parent)
    if mkdir(path, 0o777) == 0 { return }
    code = errno
  }
  // Unsafe: `stat` fills the one structure that it is handed.
  var status = stat()
  guard code == EEXIST, stat(path, &status) == 0 else { throw .refused("create", path, code: code) }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    throw .refused(action: "create", path: path, reason: "a file is there; a folder is needed")
  }
}
