import AppendixFiles
import Foundation

/// What is wrong with a page: nothing, if the list is empty.
///
/// The program is run and its output held against `output.txt`; the page is woven from `main.swift` and `output.txt`
/// and held against `README.md`, character by character.
///
/// - Parameters:
///   - folder: of the page.
///   - executable: the built program of the page.
///   - slow: runs a page that is marked as recorded, too.
///   - timeLimit: seconds that the run of a page not marked so may take: three times the 8 that it may on an idle
///     machine, since tests run beside one another.
package func checkPage(
  folder: String, executable: String, slow: Bool = false, timeLimit: Double = 24
) -> [Difference] {
  do {
    let page = try Page(folder: folder)
    var differences: [Difference] = []
    let woven = try page.woven(with: page.recording)
    if let difference = firstDifference(page.readme, woven, path: page.readmePath) { differences.append(difference) }
    if page.recording.note != nil && !slow { return differences }

    let run = try run(page, executable: executable)
    if let failure = failure(of: run, page: page) { return differences + [failure] }
    if run.seconds > timeLimit && page.recording.note == nil {
      let seconds = (10 * run.seconds).rounded() / 10
      let reason = "the program took \(seconds) s; \(timeLimit) s are allowed to a page that is not marked as recorded"
      differences.append(Difference(place: page.folder + "/main.swift", reason: reason))
    }
    let found = Recording(executable: page.executable, output: run.output).output
    return differences
      + compareOutputs(
        recorded: page.recording.output, found: found, path: page.outputPath, firstLine: page.recording.headerLines + 1)
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
  var recording = page.recording
  if recording.note == nil || slow {
    let run = try run(page, executable: executable)
    if let failure = failure(of: run, page: page) {
      throw .refused(action: "record", path: folder, reason: failure.reason)
    }
    recording = Recording(executable: page.executable, note: recording.note, output: run.output)
  }
  let woven = try page.woven(with: recording)

  var changed: [String] = []
  let text = recording.text
  if try readText(page.outputPath) != text {
    try writeAtomically(text, to: page.outputPath)
    changed.append(page.outputPath)
  }
  if page.readme != woven {
    try writeAtomically(woven, to: page.readmePath)
    changed.append(page.readmePath)
  }
  return changed
}

/// A page's program runs where a reader would start it, in the package's folder; one that hangs is ended after a minute
/// (half an hour for a page that is known to be slow).
private func run(_ page: Page, executable: String) throws(FileError) -> ProgramRun {
  let package = ((page.folder as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
  return try runProgram(
    executable, in: package.isEmpty ? nil : package, killAfter: page.recording.note == nil ? 60 : 1800)
}

private func failure(of run: ProgramRun, page: Page) -> Difference? {
  let cause = lines(run.errors).first { !trimmed($0).isEmpty }.map { ": " + $0 } ?? ""
  if run.wasKilled { return Difference(place: page.name, reason: "the program hung and was ended") }
  if run.exitCode != 0 {
    return Difference(place: page.name, reason: "the program ended with exit code \(run.exitCode)\(cause)")
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
  fileprivate init(_ error: FileError) {
    self.init(place: "page", reason: error.description)
    if case .badData(let path, let place, let problem, let expected) = error {
      self.init(place: path + (place.map { ", " + $0 } ?? ""), reason: "\(problem); \(expected)")
    }
  }
}
