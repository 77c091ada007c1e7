import AppendixFiles
import Foundation

/// What is wrong with a page: nothing, if the list is empty.
///
/// The program is run and its output held against `output.txt`; the page is woven from `main.swift` and `output.txt`
/// and held against `README.md`, character by character; its symbols are held against the book's table of them,
/// and no line of a paragraph begins a list (`checkParagraphs`).
///
/// - Parameters:
///   - folder: of the page.
///   - executable: the built program of the page.
///   - slow: runs a page that is marked as recorded, too.
///   - timeLimit: seconds that the run of a page not marked so may take. On an idle laptop it takes 8 or fewer; a slow
///     server that runs other tests beside it has been five times as slow.
package func checkPage(
  folder: String, executable: String, slow: Bool = false, timeLimit: Double = 60
) -> [Difference] {
  do {
    let page = try Page(folder: folder)
    let woven = try page.woven(with: page.recording)
    let difference = firstDifference(page.readme, woven, path: page.readmePath)
    return [difference].compactMap(\.self) + checkParagraphs(page.readme, path: page.readmePath)
      + checkSymbols(folder: folder)
      + (try differences(
        from: page.recording, name: page.name, source: page.folder + "/main.swift", outputPath: page.outputPath,
        executable: executable, slow: slow, timeLimit: timeLimit))
  } catch {
    return [Difference(error)]
  }
}

/// Runs a page's program, writes `output.txt`, and fills the fences of `README.md`. Nothing is written if the program
/// fails or the page cannot be woven. A page marked as recorded is run with `slow` only, but woven all the same.
///
/// - Returns: the names of the files that changed.
package func recordPage(folder: String, executable: String, slow: Bool = false) throws(FileError) -> [String] {
  let page = try Page(folder: folder)
  let recording = try rerecorded(page.recording, folder: folder, executable: executable, slow: slow)
  let woven = try page.woven(with: recording)

  var changed: [String] = []
  if try writeIfChanged(recording.text, to: page.outputPath) { changed.append(page.outputPath) }
  if try writeIfChanged(woven, to: page.readmePath) { changed.append(page.readmePath) }
  return changed
}

// MARK: Running a recorded program again

/// Where a program contradicts what was recorded of it. One that is marked as recorded is run if `slow` only.
///
/// - Parameters:
///   - name: what to call the program.
///   - source: the file, or the folder, where its code is.
func differences(
  from recording: Recording, name: String, source: String, outputPath: String, executable: String, slow: Bool,
  timeLimit: Double
) throws(FileError) -> [Difference] {
  if recording.note != nil && !slow { return [] }
  let run = try run(recording, outputPath: outputPath, executable: executable)
  if let failure = failure(of: run, name: name) { return [failure] }

  var differences: [Difference] = []
  if run.seconds > timeLimit && recording.note == nil {
    let seconds = (10 * run.seconds).rounded() / 10
    let reason = "the program took \(seconds) s; \(timeLimit) s are allowed to a page that is not marked as recorded"
    differences.append(Difference(place: source, reason: reason))
  }
  let found = Recording(executable: recording.executable, output: run.output).output
  return differences
    + compareOutputs(
      recorded: recording.output, found: found, path: outputPath, firstLine: recording.headerLines + 1)
}

/// What the program prints now, under the same command and with the same note; one that is marked as recorded is run if
/// `slow` only. A program that fails is an error.
func rerecorded(
  _ recording: Recording, folder: String, executable: String, slow: Bool
) throws(FileError) -> Recording {
  guard recording.note == nil || slow else { return recording }
  let run = try run(recording, outputPath: folder + "/output.txt", executable: executable)
  if let failure = failure(of: run, name: folder) {
    throw .refused(action: "record", path: folder, reason: failure.reason)
  }
  return Recording(executable: recording.executable, note: recording.note, output: run.output)
}

func writeIfChanged(_ text: String, to path: String) throws(FileError) -> Bool {
  guard (try? readText(path)) != text else { return false }
  try writeAtomically(text, to: path)
  return true
}

/// A program runs where a reader would start it, in the package's folder, which is the one above `Tutorials`; one that
/// hangs is ended after three minutes (half an hour for a program that is known to be slow).
private func run(
  _ recording: Recording, outputPath: String, executable: String
) throws(FileError) -> ProgramRun {
  var package = outputPath as NSString
  while package.length > 0, package != "/", package.lastPathComponent != "Tutorials" {
    package = package.deletingLastPathComponent as NSString
  }
  let folder = package.deletingLastPathComponent
  return try runProgram(
    executable, recording.arguments, in: folder.isEmpty ? nil : folder, killAfter: recording.note == nil ? 180 : 1800)
}

private func failure(of run: ProgramRun, name: String) -> Difference? {
  let cause = lines(run.errors).first { !trimmed($0).isEmpty }.map { ": " + $0 } ?? ""
  if run.wasKilled { return Difference(place: name, reason: "the program hung and was ended") }
  if run.exitCode != 0 {
    return Difference(place: name, reason: "the program ended with exit code \(run.exitCode)\(cause)")
  }
  return nil
}

/// The first line in which a page differs from what weaving gives.
private func firstDifference(_ page: String, _ woven: String, path: String) -> Difference? {
  guard page != woven else { return nil }
  let old = lines(page)
  let new = lines(woven)
  let index = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
  return Difference(
    place: "\(path):\(index + 1)", recorded: index < old.count ? String(old[index]) : nil,
    found: index < new.count ? String(new[index]) : nil,
    reason: "the page is not what main.swift and output.txt give; run swift run weave")
}

extension Difference {
  init(_ error: FileError) {
    self.init(place: "page", reason: error.description)
    if case .badData(let path, let place, let problem, let expected) = error {
      self.init(place: path + (place.map { ", " + $0 } ?? ""), reason: "\(problem); \(expected)")
    }
  }
}
