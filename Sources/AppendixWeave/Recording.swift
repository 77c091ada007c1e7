import AppendixFiles

/// `output.txt`: the command, perhaps a note that the run takes long, and what the program printed.
///
///     $ swift run -c release tutorial-03
///     # recorded: takes 40 s
///     == energies ==
///     …
package struct Recording: Equatable, Sendable {
  /// The executable and its arguments: "tutorial-03", "exercises 3".
  package var executable: String
  /// The note of a page that is run on request only; nil for a page that is run at each check.
  package var note: String?
  /// What the program printed, without spaces at the ends of lines.
  package var output: String

  /// What follows the executable's name in the command.
  package var arguments: [String] { executable.split(separator: " ").dropFirst().map(String.init) }
  /// Lines above the output.
  package var headerLines: Int { note == nil ? 1 : 2 }

  /// A recording that is about to be written.
  package init(executable: String, note: String? = nil, output: String) {
    self.executable = executable
    self.note = note
    self.output = lines(output).map { line in
      var line = line
      while line.last?.isWhitespace == true { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Reads the text of an `output.txt`; an empty one is a page that was never run.
  package init(text: String, executable: String, path: String) throws(FileError) {
    var rest = lines(text)[...]
    let command = Self.command(executable)
    guard rest.isEmpty || rest.first.map(String.init) == command else {
      let problem = "it begins with \"\(rest.first ?? "")\""
      throw .badData(path: path, place: "line 1", problem: problem, expected: "\"\(command)\" is needed")
    }
    rest = rest.dropFirst()
    var note: String?
    if let line = rest.first, line.hasPrefix(Self.notePrefix) {
      note = String(trimmed(line.dropFirst(Self.notePrefix.count)))
      rest = rest.dropFirst()
    }
    self.init(executable: executable, note: note, output: rest.map { $0 + "\n" }.joined())
  }

  /// The text of the file.
  package var text: String {
    Self.command(executable) + "\n" + (note.map { "\(Self.notePrefix) \($0)\n" } ?? "") + output
  }

  private static func command(_ executable: String) -> String { "$ swift run -c release \(executable)" }
  private static let notePrefix = "# recorded:"
}
