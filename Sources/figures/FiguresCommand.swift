import AppendixFiles
import AppendixPlots
import Foundation

let help = """
  Draws the figures of the book from their data.

  usage: swift run -c release figures [NAME …] [--check]
         swift run -c release figures NAME --data [RUN …]

    NAME       figures to draw, from Tutorials/figures/NAME.csv into NAME.svg; all of them if none is given
    --check    draw nothing; report drawings that differ from the committed ones and exit with 1 if there are any
    --data     make the data of one figure anew, from the run folders given where it needs any, and draw it
    --list     the figures and the commands that make their data
    --help     this text

  Exit codes: 0 done, 1 differences, 64 wrong usage, 65 bad data, 74 input/output error.
  """

/// The whole program; its exit code.
func figuresCommand(_ arguments: [String]) -> Int32 {
  let options = arguments.filter { $0.hasPrefix("-") }
  var words = arguments.filter { !$0.hasPrefix("-") }
  if options.contains(where: { $0 == "--help" || $0 == "-h" }) {
    print(help)
    return 0
  }
  if let unknown = options.first(where: { !["--check", "--data", "--list"].contains($0) }) {
    return report("unknown option \(unknown); --check, --data, --list and --help are known", 64)
  }
  if options.contains("--list") {
    for figure in BookFigure.all {
      print(figure.name, figure.commands.map { "  " + $0 }.joined(separator: "\n"), separator: "\n")
    }
    return 0
  }
  var folders: [String] = []
  if options.contains("--data") {
    guard options.count == 1, let name = words.first else { return report("--data wants the name of one figure", 64) }
    folders = Array(words.dropFirst())
    words = [name]
  }
  if let unknown = words.first(where: { word in !BookFigure.all.contains { $0.name == word } }) {
    let known = BookFigure.all.map(\.name).joined(separator: ", ")
    return report("there is no figure \(unknown); there are \(known)", 64)
  }
  var chosen = words.isEmpty ? BookFigure.all : BookFigure.all.filter { words.contains($0.name) }
  if options.contains("--data"), let source = chosen[0].source {
    return report("\(chosen[0].name) draws the data of \(source); make those", 64)
  }
  var differing: [String] = []
  if options.contains("--data") {
    do {
      try chosen[0].makeData(folders)
    } catch {
      return report(failure(of: chosen[0], error))
    }
    // The figures that draw the same data have changed with them.
    chosen = BookFigure.all.filter { $0.dataPath == chosen[0].dataPath }
  }
  for figure in chosen {
    do {
      let drawing = try figure.drawn()
      if !options.contains("--check") {
        try writeAtomically(drawing, to: figure.drawingPath)
        print("drawn: \(figure.drawingPath)")
      } else if (try? String(contentsOfFile: figure.drawingPath, encoding: .utf8)) != drawing {
        differing.append(figure.drawingPath)
      }
    } catch {
      return report(failure(of: figure, error))
    }
  }
  if !differing.isEmpty {
    return report("not what their data give: " + differing.joined(separator: ", ") + "; draw them without --check", 1)
  }
  if options.contains("--check") { print("\(chosen.count) figures are what their data give") }
  return 0
}

private func failure(of figure: BookFigure, _ error: any Error) -> (line: String, code: Int32) {
  guard let error = error as? FileError else { return ("\(figure.name): \(error)", 65) }
  return (error.description, error.exitCode)
}

private func report(_ failure: (line: String, code: Int32)) -> Int32 { report(failure.line, failure.code) }

private func report(_ line: String, _ code: Int32) -> Int32 {
  FileHandle.standardError.write(Data("figures: \(line)\n".utf8))
  return code
}

extension BookFigure {
  var dataPath: String { "Tutorials/figures/\(source ?? name).csv" }
  var drawingPath: String { "Tutorials/figures/\(name).svg" }

  func makeData(_ folders: [String]) throws {
    let data = try data(folders)
    var sources = try JSONValue.parse(try readBytes(Self.sourcesPath), path: Self.sourcesPath)
    sources[name] = JSONValue(commands + data.notes)
    try data.table.write(dataPath)
    try writeAtomically(sources.pretty + "\n", to: Self.sourcesPath)
  }

  /// How the data came to be, by the figures' names.
  static let sourcesPath = "Tutorials/figures/sources.json"

  /// The drawing that the committed data give.
  func drawn() throws -> String {
    let sources = try JSONValue.parse(try readBytes(Self.sourcesPath), path: Self.sourcesPath)
    let lines = sources[source ?? name]?.elements?.compactMap(\.text) ?? []
    return try draw(
      try NumericTable.read(dataPath, allowNonFinite: true), lines.filter { !$0.hasPrefix("swift run ") }
    ).svg()
  }
}
