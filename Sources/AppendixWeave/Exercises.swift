import AppendixFiles
import Foundation

/// The exercises of a page: what its README.md asks, the files of their solutions, and what these print.
package struct Exercises: Sendable {
  /// The program with all solutions of the book; its argument is the number of a page.
  package static let executable = "exercises"

  /// "Tutorials/07-natural-gradient"
  package let folder: String
  /// The lines of README.md.
  private let page: [Substring]
  /// Solutions by the name of their file: "7.2-other-units.swift".
  package let solutions: [String]
  package let recording: Recording

  package var outputPath: String { folder + "/exercises/output.txt" }
  /// "7" for the page "07-natural-gradient".
  private var number: String { Self.number(folder) }

  package init(folder: String) throws(FileError) {
    self.folder = folder
    page = lines(try readText(folder + "/README.md"))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/exercises")) ?? []
    solutions = names.filter { $0.hasSuffix(".swift") }.sorted()
    let path = folder + "/exercises/output.txt"
    let text = names.contains("output.txt") ? try readText(path) : ""
    recording = try Recording(text: text, executable: "\(Self.executable) \(Self.number(folder))", path: path)
  }

  private static func number(_ folder: String) -> String {
    let digits = (folder as NSString).lastPathComponent.prefix { $0 != "-" }
    return Int(digits).map(String.init) ?? String(digits)
  }

  /// What is missing on the page, in the folder, or in what the solutions print.
  func problems() throws(FileError) -> [Difference] {
    func difference(_ line: Int, _ reason: String) -> Difference {
      Difference(place: "\(folder)/README.md:\(line)", reason: reason)
    }
    guard let heading = page.firstIndex(of: "## Exercises") else {
      return [difference(page.count, "the page has no exercises; write a last section \"## Exercises\"")]
    }
    var problems: [Difference] = []
    if let later = page[(heading + 1)...].firstIndex(where: { $0.hasPrefix("## ") }) {
      problems.append(difference(later + 1, "a section after the exercises, which are the last one"))
    }
    let section = page[heading...].joined(separator: "\n")
    let command = "swift run -c release \(recording.executable)"
    if !section.contains("](exercises)") || !section.contains("`\(command)`") {
      let expected = "write a link to (exercises) and `\(command)`"
      problems.append(difference(heading + 1, "the page does not say where the solutions are; \(expected)"))
    }

    // Each exercise begins a line with its number in bold, and ends where the next one begins.
    let starts = page.indices.filter { $0 > heading && page[$0].hasPrefix("**\(number).") }
    if starts.isEmpty {
      problems.append(difference(heading + 1, "no exercise; begin a line with **\(number).1 Title.**"))
    }
    let sections = try sections(of: recording.output, path: outputPath)
    var known: Set<String> = []
    for (index, start) in starts.enumerated() {
      let name = "\(number).\(index + 1)"
      guard page[start].hasPrefix("**\(name) ") else {
        problems.append(difference(start + 1, "exercise \(name) is expected here"))
        continue
      }
      let end = index + 1 < starts.count ? starts[index + 1] : page.count
      if !page[start..<end].contains(where: { $0.contains("Say first") }) {
        problems.append(difference(start + 1, "exercise \(name) asks for no prediction; write \"Say first: …\""))
      }
      let files = solutions.filter { $0.hasPrefix(name + "-") }
      known.formUnion(files)
      if files.count != 1 {
        let found = files.isEmpty ? "no solution" : "more than one solution"
        problems.append(difference(start + 1, "exercise \(name) has \(found); write exercises/\(name)-NAME.swift"))
      } else if sections[name] == nil {
        let reason = "no section \"\(name)\"; let `\(command)` print one, and run swift run weave"
        problems.append(Difference(place: outputPath, reason: reason))
      }
    }
    for name in solutions where !known.contains(name) {
      problems.append(Difference(place: "\(folder)/exercises/\(name)", reason: "a solution without an exercise"))
    }
    return problems
  }
}

/// What is wrong with the exercises of a page: nothing, if the list is empty.
///
/// The page's section is held against the files of the solutions, and these are run again as `checkPage` runs the page.
///
/// - Parameters:
///   - folder: the page's.
///   - executable: the built program of all solutions; the number of the page is its argument.
///   - slow: whether recordings that are marked as slow are run too.
///   - timeLimit: seconds that a program may take.
package func checkExercises(
  folder: String, executable: String, slow: Bool = false, timeLimit: Double = 60
) -> [Difference] {
  do {
    let exercises = try Exercises(folder: folder)
    let problems = try exercises.problems()
    guard !exercises.solutions.isEmpty else { return problems }
    return problems
      + (try differences(
        from: exercises.recording, name: exercises.recording.executable, source: folder + "/exercises",
        outputPath: exercises.outputPath, executable: executable, slow: slow, timeLimit: timeLimit))
  } catch {
    return [Difference(error)]
  }
}

/// Runs the solutions of a page and writes their `output.txt`; nothing is written if they fail, or if there are none.
///
/// - Returns: the names of the files that changed.
package func recordExercises(folder: String, executable: String, slow: Bool = false) throws(FileError) -> [String] {
  let exercises = try Exercises(folder: folder)
  guard !exercises.solutions.isEmpty else { return [] }
  let recording = try rerecorded(
    exercises.recording, folder: folder + "/exercises", executable: executable, slow: slow)
  return try writeIfChanged(recording.text, to: exercises.outputPath) ? [exercises.outputPath] : []
}
