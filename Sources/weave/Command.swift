import AppendixFiles
import AppendixWeave
import Foundation

let help = """
  Fills the pages under Tutorials with the code and the output of their programs, and records their exercises.

  usage: swift run weave [--check] [--slow] [page …]

    page       numbers of pages, as 03; all pages if none is given
    --check    write nothing; report differences and exit with 1 if there are any
    --slow     run pages marked "# recorded:" as well (also with NQS_SLOW=1)
    --help     this text

  Exit codes: 0 done, 1 differences, 64 wrong usage, 65 a page that cannot be woven, 74 input/output error.
  How a page is written: Sources/AppendixWeave/AppendixWeave.swift.
  """

/// The whole program; its exit code.
func weaveCommand(_ arguments: [String]) -> Int32 {
  var isCheck = false
  var isSlow = ProcessInfo.processInfo.environment["NQS_SLOW"] == "1"
  var numbers: [String] = []
  for argument in arguments {
    switch argument {
    case "--check": isCheck = true
    case "--slow": isSlow = true
    case "--help", "-h":
      print(help)
      return 0
    case _ where argument.hasPrefix("-"):
      report("unknown option \(argument); --check, --slow and --help are known")
      return 64
    default: numbers.append(argument)
    }
  }

  do {
    let all = try pageFolders(in: "Tutorials")
    for number in numbers where !all.contains(where: { isPage($0, number) }) {
      let known = all.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
      report("there is no page \(number); written so far: \(known.isEmpty ? "none" : known)")
      return 64
    }
    if all.isEmpty { report("no page has been written yet") }
    let folders = numbers.isEmpty ? all : all.filter { folder in numbers.contains { isPage(folder, $0) } }
    return isCheck ? check(folders, slow: isSlow) : try record(folders, slow: isSlow)
  } catch {
    report(error.description)
    return error.exitCode
  }
}

/// "03" and "03-trapped-fermions" both name Tutorials/03-trapped-fermions.
private func isPage(_ folder: String, _ number: String) -> Bool {
  let name = (folder as NSString).lastPathComponent
  return name == number || name.hasPrefix(number + "-")
}

private func check(_ folders: [String], slow: Bool) -> Int32 {
  var count = 0
  for folder in folders {
    let differences: [Difference]
    do {
      differences =
        checkPage(folder: folder, executable: try builtExecutable(named: Page.executable(folder)), slow: slow)
        + checkExercises(folder: folder, executable: try builtExecutable(named: Exercises.executable), slow: slow)
    } catch {
      differences = [Difference(place: folder, reason: error.description)]
    }
    print(differences.isEmpty ? "\(folder): as recorded" : differences.map(\.description).joined(separator: "\n"))
    count += differences.count
  }
  if count > 0 { report("\(count) difference\(count == 1 ? "" : "s")") }
  return count == 0 ? 0 : 1
}

private func record(_ folders: [String], slow: Bool) throws(FileError) -> Int32 {
  for folder in folders {
    let executable = try builtExecutable(named: Page.executable(folder))
    let solutions = try builtExecutable(named: Exercises.executable)
    let changed =
      try recordPage(folder: folder, executable: executable, slow: slow)
      + recordExercises(folder: folder, executable: solutions, slow: slow)
    print("\(folder): \(changed.isEmpty ? "unchanged" : "wrote \(changed.joined(separator: ", "))")")
  }
  return 0
}

private func report(_ message: String) { FileHandle.standardError.write(Data("weave: \(message)\n".utf8)) }
