import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// One command: its options and what it does with them.
struct Command: Sendable {
  let name: String
  /// One line, in the imperative.
  let summary: String
  /// Placeholder of its operands in the usage line, such as DIR; nil where it takes none.
  var operand: String?
  let options: [Option]
  /// Paragraphs below the options in `--help`.
  var notes = ""
  let run: @Sendable (Arguments) throws(CommandError) -> Void

  /// Options that every command has.
  static let common = [
    Option("json", nil, "print one JSON object on standard output and nothing else there"),
    seed,
    Option("threads", .integer(1...1024), "threads; the result does not depend on it", note: "all processors"),
    Option("quiet", nil, "no progress on standard error"),
    Option("help", nil, "this text"),
  ]

  static let seed = Option("seed", .seed, "random numbers are a function of this number", default: "1")

  static let all: [Command] = [solve, compare, study, tune, exact, measure, evaluate, report]
}

/// What went wrong, with the process's exit code after `sysexits.h`.
enum CommandError: Error {
  /// Wrong usage: 64.
  case usage(String)
  /// Bad input data: 65.
  case data(String)
  /// Numerical failure: 70.
  case numerical(String)
  /// A file: 64, 65, 74 or 75, as it says itself.
  case file(FileError)
  /// Some of several runs ended with errors, which are told already; the code is one of theirs.
  case several(String, exitCode: Int32)
  /// Stopped by a signal; what was done is saved: 130 for control-C, 143 for SIGTERM, 129 for SIGHUP, 138 for SIGUSR1.
  case interrupted(String)

  var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .data: 65
    case .numerical: 70
    case .file(let error): error.exitCode
    case .several(_, let exitCode): exitCode
    case .interrupted: Interruption.exitCode(Interruption.number)
    }
  }

  /// One line: what a file or a word says may hold line breaks.
  var message: String {
    String(text.map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 } == true ? " " : $0 })
  }

  private var text: String {
    switch self {
    case .usage(let text), .data(let text), .numerical(let text), .interrupted(let text), .several(let text, _):
      text
    case .file(let error): error.description
    }
  }
}

/// Work with files inside a command.
func files<Result>(_ body: () throws(FileError) -> Result) throws(CommandError) -> Result {
  do {
    return try body()
  } catch {
    throw .file(error)
  }
}

/// Does what the words say; returns the exit code. Errors are one line on standard error.
func runCommandLine(_ words: [String]) -> Int32 {
  var speaker = "nqs"
  do throws(CommandError) {
    // nqs help solve is nqs solve --help.
    let words = words.first == "help" && words.count > 1 ? Array(words.dropFirst()) + ["--help"] : words
    guard let first = words.first, !["--help", "-h", "help"].contains(first) else {
      try show(overview)
      return 0
    }
    if first == "--version" {
      try show("nqs \(version)")
      return 0
    }
    guard let command = Command.all.first(where: { $0.name == first }) else {
      let names = Command.all.map { $0.name }
      throw .usage(
        "unknown command '\(first)'; there are \(names.joined(separator: ", ")); "
          + "nqs --help tells more" + suggestion(first, of: names))
    }
    speaker += " " + command.name
    let arguments = try Arguments(Array(words.dropFirst()), for: command)
    if arguments.has("help") {
      try show(command.help)
      return 0
    }
    try command.run(arguments)
    return 0
  } catch {
    complain("\(speaker): \(error.message)")
    return error.exitCode
  }
}

/// "; did you mean solve?" where one of the names is near: two slips for a long word, one for a short one. A slip is a
/// letter that is missing, too much, another one, or exchanged with its neighbour.
func suggestion(_ word: String, of names: [String], prefix: String = "") -> String {
  let near = names.map { (name: $0, slips: slips(Array(word), Array($0))) }.min { $0.slips < $1.slips }
  guard let near, near.slips <= (word.count > 4 ? 2 : 1) else { return "" }
  return "; did you mean \(prefix)\(near.name)?"
}

/// The distance of Damerau and Levenshtein between two words, for exchanges of neighbours (optimal string alignment).
private func slips(_ a: [Character], _ b: [Character]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 1..<(a.count + 1) {
    var row = [i]
    for j in 1..<(b.count + 1) {
      var least = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { least = min(least, rows[i - 2][j - 2] + 1) }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}

let version = "0.3.0"

private var overview: String {
  let width = Command.all.map { $0.name.count }.max() ?? 0
  let lines = Command.all.map { command in
    "  \(padded(command.name, width))  \(command.summary)"
  }
  return """
    nqs \(version): ground states of trapped fermions by neural quantum states

    usage: nqs COMMAND [options]

    \(lines.joined(separator: "\n"))

    nqs COMMAND --help lists a command's options. Harmonic units: lengths in √(ħ/mω), energies in ħω.
    Exit codes: 0 done, 64 wrong usage, 65 bad input data, 70 numerical failure, 74 input/output error, 75 another
    process runs the case, 130, 143, 129 or 138 stopped by control-C, SIGTERM, SIGHUP or SIGUSR1 with the state saved.
    """
}
