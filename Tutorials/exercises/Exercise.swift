import AppendixText
import Foundation

/// A solution: where its exercise stands, and the program.
///
/// Each is a file `Tutorials/NN-name/exercises/N.K-name.swift` that adds a constant to this type, and a line of `all`.
struct Exercise: Sendable {
  let page: Int
  let number: Int
  /// What the program shows, in a few words.
  let title: String
  let program: @Sendable () throws -> Void

  init(_ page: Int, _ number: Int, _ title: String, program: @escaping @Sendable () throws -> Void) {
    (self.page, self.number, self.title, self.program) = (page, number, title, program)
  }

  /// "7.2", as on the page.
  var name: String { "\(page).\(number)" }
}

let help = """
  Runs the solutions of the exercises at the ends of the pages under Tutorials.

  usage: swift run -c release exercises [PAGE | PAGE.EXERCISE …]

    7         all solutions of page 7, each below its number
    7.2       one of them
    (none)    lists them
    --help    this text

  Exit codes: 0 done, 64 wrong usage, 70 a calculation that failed.
  """

/// The whole program; its exit code.
func exercisesCommand(_ arguments: [String]) -> Int32 {
  if arguments.contains(where: { $0 == "--help" || $0 == "-h" }) {
    print(help)
    return 0
  }
  if arguments.isEmpty {
    for exercise in Exercise.all { print(padded(exercise.name, 5), exercise.title) }
    return 0
  }
  var chosen: [Exercise] = []
  for argument in arguments {
    let found = Exercise.all.filter { $0.name == argument || Int(argument) == $0.page }
    if found.isEmpty {
      return report("there is no exercise \(argument); a page as 7 or an exercise as 7.2 is needed", 64)
    }
    chosen += found
  }
  for exercise in chosen {
    print("== \(exercise.name) ==")
    do {
      try exercise.program()
    } catch {
      return report("\(exercise.name): \(error)", 70)
    }
  }
  return 0
}

private func report(_ message: String, _ exitCode: Int32) -> Int32 {
  FileHandle.standardError.write(Data("exercises: \(message)\n".utf8))
  return exitCode
}
