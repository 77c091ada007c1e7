import AppendixFiles
import Foundation

/// A tutorial's folder with its three files as they are on the disk.
package struct Page: Sendable {
  /// The folder's path.
  package let folder: String
  /// Text of README.md.
  package let readme: String
  /// Text of main.swift.
  package let source: String
  /// What output.txt holds.
  package let recording: Recording

  /// "03-trapped-fermions"
  package var name: String { (folder as NSString).lastPathComponent }
  /// "tutorial-03"
  package var executable: String { Self.executable(folder) }
  /// README.md in the folder.
  package var readmePath: String { folder + "/README.md" }
  /// output.txt in the folder.
  package var outputPath: String { folder + "/output.txt" }

  /// Reads the three files.
  package init(folder: String) throws(FileError) {
    self.folder = folder
    readme = try readText(folder + "/README.md")
    source = try readText(folder + "/main.swift")
    let path = folder + "/output.txt"
    recording = try Recording(text: try readText(path), executable: Self.executable(folder), path: path)
  }

  /// "Tutorials/03-trapped-fermions" is the page of the program `tutorial-03`.
  package static func executable(_ folder: String) -> String {
    "tutorial-" + (folder as NSString).lastPathComponent.prefix { $0 != "-" }
  }

  /// The page with its code from `source` and its outputs from `recording`.
  package func woven(with recording: Recording) throws(FileError) -> String {
    let regions = try regions(of: source, path: folder + "/main.swift")
    let sections = try sections(of: recording.output, path: outputPath)
    return try weave(readme, regions: regions, sections: sections, path: readmePath)
  }
}

/// The folders of a book's pages in order: those in `folder` whose names begin with a digit and whose README.md has
/// been written.
package func pageFolders(in folder: String) throws(FileError) -> [String] {
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    throw .refused(action: "read", path: folder, reason: "no such folder of tutorials")
  }
  let folders = names.sorted().filter { $0.first?.isNumber == true }.map { folder + "/" + $0 }
  return folders.filter { (try? readText($0 + "/README.md"))?.allSatisfy(\.isWhitespace) == false }
}

/// Fills the fences of a page: those that open with `swift name` with a region, with `output name` with a section.
///
/// Everything else is left as it is, so weaving a woven page changes nothing.
package func weave(
  _ page: String, regions: [String: String], sections: [String: String], path: String = "README.md"
) throws(FileError) -> String {
  var result = ""
  var rest = lines(page).enumerated().map { (number: $0 + 1, text: $1) }[...]
  while let opening = rest.popFirst() {
    result += opening.text + "\n"
    let fence = opening.text.prefix { $0 == "`" }
    guard fence.count >= 3 else { continue }
    func bad(_ problem: String, _ expected: String) -> FileError {
      .badData(path: path, place: "line \(opening.number)", problem: problem, expected: expected)
    }

    guard let end = rest.firstIndex(where: { trimmed($0.text) == fence }) else {
      throw bad("a block is never closed", "write \(fence) below it")
    }
    let body = rest[..<end].map { $0.text + "\n" }.joined()
    let closing = rest[end].text
    rest = rest[(end + 1)...]

    let words = opening.text.dropFirst(fence.count).split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("swift", 2):
      guard let region = regions[words[1]] else {
        let known = regions.keys.sorted().joined(separator: ", ")
        throw bad("main.swift has no region \"\(words[1])\"", "it has: \(known)")
      }
      result += region
    case ("swift", _):
      throw bad("a block of code without a region", "write \(fence)swift NAME")
    case ("output", 1), ("output", 2):
      let name = words.count == 2 ? words[1] : ""
      guard let section = sections[name] else {
        let known = sections.keys.sorted().filter { !$0.isEmpty }.joined(separator: ", ")
        throw bad("the program prints no section \"\(name)\"", "it prints: \(known)")
      }
      result += section
    default:
      result += body
    }
    result += closing + "\n"
  }
  return result
}
