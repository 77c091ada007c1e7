#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder with one run: `settings.json`, `history.csv`, `weights.safetensors`, `state.safetensors`.
///
///     let folder = try RunFolder.create("run", settings: settings, columns: ["step", "energy"])
///     for step in 1...100 {
///       try folder.append([Double(step), energy])
///       if step % 10 == 0 { try folder.save(step: step, weights: weights, state: state) }
///     }
///
///     let folder = try RunFolder.open("run")              // later, perhaps after a kill
///     let contents = try folder.read()                    // all of it, checked; nothing is changed
///     try folder.rewind(to: contents)                     // rows beyond the last state are dropped
///     contents.saved                                      // nil: nothing was saved yet, start at step 1
///
/// What makes a kill harmless at any moment is the order of writes. Every file but the history is replaced atomically.
/// A run exists once `settings.json` does, which is written last when a folder is made. `save` flushes the history,
/// then writes the weights, then the state, which holds its step: the state is the commit. Whatever is newer than it,
/// rows of the history, a torn row, a temporary file, weights, is dropped or written again by going on from the
/// state, which therefore must hold the weights too. What the columns, tensors and settings mean is the caller's.
///
/// What makes damage known is that the files are tied to each other. Each holds its own checksum and, as the name of
/// the run, that of the settings; the state holds the checksum of the history's first rows as well, of which there must
/// be as many as it has steps. A file of another run, another state or another version is refused, and so is one that
/// was changed by as little as a bit. `read` is the one function that reads them, for whoever goes on with the run or
/// looks at it, and it comes before anything is written.
///
/// Two processes at once in one folder would mix their rows: whoever writes holds the folder's ``RunLock``.
package struct RunFolder: Equatable, Sendable {
  /// The folder.
  package let path: String
  /// What the run was made with. They never change: they are what the run is a function of.
  package let settings: JSONValue
  /// The run's name in each of its files: the checksum of its settings. How many steps it was to have is not among
  /// them: a run that goes on is the same run.
  let identity: String

  /// The version of the files' form; another one is refused.
  static let format = 2

  /// The path of a file in the folder.
  package func path(_ name: String) -> String { joinPath(path, name) }
  /// What the run was made with.
  package var settingsPath: String { path("settings.json") }
  /// A row a step.
  package var historyPath: String { path("history.csv") }
  /// The parameters of ψ.
  package var weightsPath: String { path("weights.safetensors") }
  /// What going on needs.
  package var statePath: String { path("state.safetensors") }
  /// How the run ended.
  package var resultPath: String { path("result.json") }

  private init(_ path: String, _ settings: JSONValue) {
    self.path = path
    self.settings = settings
    var lasting = settings
    lasting["steps"] = nil
    identity = Checksum(lasting.line.utf8).text
  }

  /// Makes a run folder, with the folders that lead to it.
  ///
  /// An existing folder will do as long as it holds no run; what a kill left of this very function is no run.
  ///
  /// - Parameters:
  ///   - path: of the folder.
  ///   - settings: what the run is a function of, an object.
  ///   - columns: names of the history's columns; the first is `step`.
  package static func create(
    _ path: String, settings: JSONValue, columns: [String]
  ) throws(FileError) -> RunFolder {
    precondition(columns.first == "step", "the first column of a history is \"step\", not \(columns)")
    var settings = settings
    settings["format"] = JSONValue(format)
    let folder = RunFolder(path, settings)
    try requireNone(at: path)
    try makeFolders(path)
    folder.removeTemporaryFiles()
    do {
      try NumericTable(columns: columns, rows: []).write(folder.historyPath)
      try writeAtomically(settings.withChecksum.pretty + "\n", to: folder.settingsPath)
    } catch {
      removeFile(folder.historyPath)
      throw error
    }
    return folder
  }

  /// Whether there is anything of a run that a new one would overwrite.
  private var holdsRun: Bool {
    for file in [settingsPath, weightsPath, statePath, resultPath] where exists(file) { return true }
    guard exists(historyPath) else { return false }
    return (try? readHistory())?.table.rows.isEmpty != true
  }

  /// Opens a run, to look at it or to go on.
  package static func open(_ path: String) throws(FileError) -> RunFolder {
    if let folder = try find(path) { return folder }
    guard exists(path) else { throw .refused(action: "open", path: path, reason: "no such folder") }
    throw .badData(path: path, problem: "the folder holds no run", expected: "one with a settings.json is needed")
  }

  /// The run at a path; nil where a new one can be made.
  package static func find(_ path: String) throws(FileError) -> RunFolder? {
    let file = joinPath(path, "settings.json")
    guard exists(file) else {
      let code = errno
      if code == ENOENT { return nil }
      guard code == ENOTDIR, exists(path) else { throw .refused("open", path, code: code) }
      throw .refused(action: "open", path: path, reason: "it is a file, not a run's folder")
    }
    let settings = try JSONValue.parse(try readBytes(file, wantsRegularFile: true), path: file)
    // The form first: files of an older one have no checksums, and saying that would be of no help.
    guard settings["format"]?.int == format else {
      let found = settings["format"].map { "format \($0.line)" } ?? "no format"
      throw .badData(
        path: file, problem: "it has \(found), as another version of nqs writes it",
        expected: "format \(format) is read; begin the run again")
    }
    try settings.verifyChecksum(path: file)
    return RunFolder(path, settings.withoutChecksum)
  }

  /// The folder's path from the root on, without links: one folder, one path.
  package var canonicalPath: String { AppendixFiles.canonicalPath(path) ?? path }

  // MARK: All of a run

  /// A state with the step after which it was saved.
  package struct SavedState: Equatable, Sendable {
    /// The last step that is in it.
    package var step: Int
    /// The state itself.
    package var state: TensorFile
  }

  /// What is read again of a run, checked.
  package struct Contents: Equatable, Sendable {
    /// Steps 1, 2, 3, …, without a torn last row; those beyond the saved state's may be there. NaN is what is unknown.
    package var history: NumericTable
    /// The last state; nil if none was saved, and the history is empty.
    package var saved: SavedState?
    /// What the run ended with, well or not; nil for one that has not ended.
    package var result: JSONValue?
    /// The bytes of the history that belong to the state.
    fileprivate var committed: ArraySlice<UInt8>
    fileprivate var historySize: Int
  }

  /// Reads all of the run and checks each file by itself and against the others. Nothing is changed.
  ///
  /// While another process goes on with the run, this is the run as it was at one moment.
  ///
  /// - Throws: what is damaged, missing or of another run, and what would be right.
  package func read() throws(FileError) -> Contents {
    // In the opposite order of writing, so that each file is at least as new as the one before. A result that comes or
    // goes meanwhile makes another attempt.
    for _ in 0..<100 {
      let result = try readResult()
      let saved = try readState()
      let history = try readHistory()
      if try readResult() == result { return try contents(history, saved, result) }
    }
    return try contents(try readHistory(), try readState(), try readResult())
  }

  private func contents(
    _ history: (table: NumericTable, bytes: [UInt8]), _ saved: (state: SavedState, history: String)?,
    _ result: JSONValue?
  ) throws(FileError) -> Contents {
    let rows = history.table.rows.count
    guard let saved else {
      guard rows == 0, result == nil else {
        let problem =
          rows == 0 ? "it is missing, and the run has ended" : "it is missing, and the history has \(rows) rows"
        throw .badData(path: statePath, problem: problem, expected: "the run cannot go on; restore it or begin again")
      }
      return Contents(
        history: history.table, saved: nil, result: nil, committed: committed(history.bytes, steps: 0),
        historySize: history.bytes.count)
    }
    let step = saved.state.step
    guard rows >= step else {
      throw .badData(
        path: historyPath, problem: "it has \(rows) rows, and the state is that of step \(step)",
        expected: "a row is missing for each step")
    }
    let committed = committed(history.bytes, steps: step)
    guard Checksum(committed).text == saved.history else {
      throw .badData(
        path: historyPath, problem: "it is not the history that \(splitPath(statePath).name) was saved with",
        expected: "it has been changed or damaged, or is another run's")
    }
    if let steps = result?["steps"], steps.int != step || rows != step {
      throw .badData(
        path: resultPath, problem: "it tells of \(steps.line) steps",
        expected: "the state is that of step \(step), and the history has \(rows) rows")
    }
    return Contents(
      history: history.table, saved: saved.state, result: result, committed: committed, historySize: history.bytes.count
    )
  }

  /// Brings the folder back to its last state: later rows of the history are dropped, as are temporary files of a
  /// killed process.
  package func rewind(to contents: Contents) throws(FileError) {
    if contents.committed.count < contents.historySize {
      try writeAtomically(Array(contents.committed), to: historyPath)
    }
    removeTemporaryFiles()
  }

  // MARK: Result

  /// What a run ended with, well or not; nil for one that has not ended.
  private func readResult() throws(FileError) -> JSONValue? {
    guard exists(resultPath) else { return nil }
    let bytes: [UInt8]
    do {
      bytes = try readBytes(resultPath, wantsRegularFile: true)
    } catch {
      // Gone since, as the run goes on.
      guard exists(resultPath) else { return nil }
      throw error
    }
    var result = try JSONValue.parse(bytes, path: resultPath)
    try result.verifyChecksum(path: resultPath)
    try requireOwn(result[runKey]?.text, resultPath)
    result = result.withoutChecksum
    result[runKey] = nil
    return result
  }

  /// Writes what the run ended with: a key `steps` is checked against state and history when it is read.
  package func writeResult(_ result: JSONValue) throws(FileError) {
    var result = result
    result[runKey] = JSONValue(identity)
    try writeAtomically(result.withChecksum.pretty + "\n", to: resultPath)
  }

  /// A run that goes on has not ended.
  package func removeResult() { removeFile(resultPath) }

  // MARK: Weights and state

  /// Saves the run as it is after `step`: from here on a resume goes on with the next step.
  ///
  /// - Parameters:
  ///   - step: the last one that is done.
  ///   - weights: the parameters of ψ alone, for other programs.
  ///   - state: everything that going on needs, the weights included. NaN and infinities are allowed in it; its
  ///     metadata keys `step`, `run`, `history` and `checksum` are set here.
  /// - Throws: also where the history does not hold `step` rows, as after something else has written it.
  package func save(step: Int, weights: TensorFile, state: TensorFile) throws(FileError) {
    try flushHistory()
    let history = try readBytes(historyPath, wantsRegularFile: true)
    guard history.count(where: { $0 == UInt8(ascii: "\n") }) == step + 1, history.last == UInt8(ascii: "\n") else {
      throw .badData(
        path: historyPath, problem: "it does not hold the \(step) rows that were written",
        expected: "another program has changed it while the run went on")
    }
    try writeWeights(weights, step: step)
    try tagged(state, step: step, ["history": Checksum(history).text]).write(statePath)
  }

  /// Replaces the weights by those after `step`.
  package func writeWeights(_ weights: TensorFile, step: Int) throws(FileError) {
    try tagged(weights, step: step).write(weightsPath)
  }

  /// The weights, which are those of this run and undamaged.
  package func readWeights() throws(FileError) -> TensorFile {
    try readTagged(weightsPath, allowNonFinite: false).file
  }

  /// The last state that was saved, and the checksum of its history; nil if none was.
  private func readState() throws(FileError) -> (state: SavedState, history: String)? {
    guard exists(statePath) else { return nil }
    let (file, step) = try readTagged(statePath, allowNonFinite: true)
    guard let history = file.metadata["history"] else {
      throw .badData(
        path: statePath, problem: "the history's checksum is missing", expected: "it belongs in the metadata")
    }
    return (SavedState(step: step, state: file), history)
  }

  private func tagged(_ file: TensorFile, step: Int, _ more: [String: String] = [:]) -> TensorFile {
    let metadata = file.metadata.merging(["step": String(step), runKey: identity]) { _, new in new }
    return TensorFile(file.tensors, metadata: metadata.merging(more) { _, new in new }).withChecksum
  }

  private func readTagged(_ path: String, allowNonFinite: Bool) throws(FileError) -> (file: TensorFile, step: Int) {
    let bytes = try readBytes(path, wantsRegularFile: true)
    let file = try TensorFile.parse(bytes, path: path, allowNonFinite: allowNonFinite)
    try file.verifyChecksum(path: path)
    try requireOwn(file.metadata[runKey], path)
    guard let step = file.metadata["step"].flatMap({ Int($0) }), step >= 0 else {
      let found = file.metadata["step"] ?? "missing"
      throw .badData(path: path, problem: "its step is \(found)", expected: "a count is needed in the metadata")
    }
    return (file, step)
  }

  /// Throws where a file belongs to another run.
  func requireOwn(_ run: String?, _ path: String) throws(FileError) {
    guard run == identity else {
      throw .badData(
        path: path, problem: "it is a file of \(run.map { "run \($0)" } ?? "no run")",
        expected: "the settings beside it are those of run \(identity)")
    }
  }

  /// Throws where a folder holds a run already.
  package static func requireNone(at path: String) throws(FileError) {
    guard exists(path), RunFolder(path, [:]).holdsRun else { return }
    let expected = "resume it, or choose another folder"
    throw .misuse(path: path, problem: "the folder holds a run already", expected: expected)
  }

  /// Names of the folders in a folder that hold runs, sorted.
  package static func names(in path: String) throws(FileError) -> [String] {
    try entries(of: path).filter { ![".", ".."].contains($0) && exists(joinPath(joinPath(path, $0), "settings.json")) }
      .sorted()
  }

  /// Removes what a kill may have left of the run's files while they were written.
  func removeTemporaryFiles(
    of names: [String] = ["settings.json", "history.csv", "weights.safetensors", "state.safetensors", "result.json"]
  ) {
    for name in (try? entries(of: path)) ?? [] where isTemporary(name, of: names) { removeFile(self.path(name)) }
  }
}

/// The key of the run's name in its files.
let runKey = "run"

/// Throws where there is no folder.
package func requireFolder(_ path: String) throws(FileError) {
  guard let mode = mode(of: path) else {
    if errno == ENOENT { throw .refused(action: "open", path: path, reason: "no such folder") }
    throw .refused("open", path)
  }
  guard mode & S_IFMT == S_IFDIR else {
    throw .refused(action: "open", path: path, reason: "a file is there; a folder is needed")
  }
}

/// Makes a folder and those that lead to it; one that is there already is fine.
package func makeFolders(_ path: String) throws(FileError) {
  if makeFolder(path) { return }
  var code = errno
  let parent = splitPath(path).folder
  if code == ENOENT, parent != ".", parent != "/" {
    try makeFolders(parent)
    if makeFolder(path) { return }
    code = errno
  }
  guard code == EEXIST, let mode = mode(of: path) else { throw .refused("create", path, code: code) }
  guard mode & S_IFMT == S_IFDIR else {
    throw .refused(action: "create", path: path, reason: "a file is there; a folder is needed")
  }
}
