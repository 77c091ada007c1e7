import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

/// A page in a folder of its own whose program is a shell script.
private struct ScratchPage {
  private let scratch: Scratch
  var folder: String { scratch.file("Tutorials/07-scratch") }
  var executable: String { folder + "/program" }

  init(script: String) throws {
    scratch = try Scratch()
    try makeFolders(folder)
    try writeAtomically("# Page\n```swift sum\n```\n```output sum\n```\n", to: folder + "/README.md")
    try writeAtomically("// region: sum\nprint(1 + 1)\n// end\n", to: folder + "/main.swift")
    try writeAtomically("", to: folder + "/output.txt")
    try setScript(script)
  }

  func setScript(_ script: String) throws { try writeScript(script, to: executable) }

  func check(slow: Bool = false, timeLimit: Double = 60) -> [String] {
    checkPage(folder: folder, executable: executable, slow: slow, timeLimit: timeLimit).map {
      $0.description.replacing(folder + "/", with: "")
    }
  }
}

/// An executable file of the shell.
func writeScript(_ script: String, to path: String) throws {
  try writeAtomically("#!/bin/sh\n" + script + "\n", to: path)
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
}

@Suite("W.3 Recording and checking a page") struct Checking {
  @Test("a page that was recorded is as its program; recording again changes nothing") func recorded() throws {
    let page = try ScratchPage(script: "echo '== sum =='; echo 2")
    #expect(page.check() == ["README.md, line 4: the program prints no section \"sum\"; it prints: "])
    #expect(try recordPage(folder: page.folder, executable: page.executable).count == 2)
    #expect(try readText(page.folder + "/output.txt") == "$ swift run -c release tutorial-07\n== sum ==\n2\n")
    #expect(
      try readText(page.folder + "/README.md") == "# Page\n```swift sum\nprint(1 + 1)\n```\n```output sum\n2\n```\n")
    #expect(page.check().isEmpty)
    #expect(try recordPage(folder: page.folder, executable: page.executable).isEmpty)
  }

  @Test("a changed program, a failing one and an edited page are told apart") func differences() throws {
    let page = try ScratchPage(script: "echo '== sum =='; echo 2")
    _ = try recordPage(folder: page.folder, executable: page.executable)
    try page.setScript("echo '== sum =='; echo 3")
    #expect(page.check() == ["output.txt:3: 2 became 3\n  - 2\n  + 3"])
    try page.setScript("echo 'no such grid' >&2; exit 3")
    #expect(page.check() == ["07-scratch: the program ended with exit code 3: no such grid"])
    #expect(throws: FileError.self) { try recordPage(folder: page.folder, executable: page.executable) }

    try page.setScript("echo '== sum =='; echo 2")
    try writeAtomically(
      readText(page.folder + "/README.md").replacing("1 + 1", with: "1 + 2"), to: page.folder + "/README.md")
    #expect(
      page.check() == [
        "README.md:3: the page is not what main.swift and output.txt give; run swift run weave\n"
          + "  - print(1 + 2)\n  + print(1 + 1)"
      ])
  }

  @Test("a page marked as recorded is run on request only, and keeps its mark") func slow() throws {
    let page = try ScratchPage(script: "echo '== sum =='; echo 2")
    let header = "$ swift run -c release tutorial-07\n# recorded: takes 40 s\n"
    try writeAtomically(header + "== sum ==\n1\n", to: page.folder + "/output.txt")
    #expect(try recordPage(folder: page.folder, executable: page.executable).count == 1)
    #expect(page.check().isEmpty)
    #expect(page.check(slow: true) == ["output.txt:4: 1 became 2\n  - 1\n  + 2"])
    _ = try recordPage(folder: page.folder, executable: page.executable, slow: true)
    #expect(try readText(page.folder + "/output.txt") == header + "== sum ==\n2\n")
  }

  @Test("a page that computes longer than allowed is reported") func tooLong() throws {
    let page = try ScratchPage(script: "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo '== sum =='; echo 2")
    _ = try recordPage(folder: page.folder, executable: page.executable)
    #expect(page.check().isEmpty)
    #expect(page.check(timeLimit: 0.001).first?.hasPrefix("main.swift: the program took") == true)
  }

  @Test("a program that hangs is ended") func hanging() throws {
    let run = try runProgram("/bin/sleep", ["60"], killAfter: 0.1)
    #expect(run.wasKilled)
    #expect(run.exitCode == 128 + 9)
    #expect(run.seconds < 30)
  }

  @Test("a run has its arguments, its folder, its environment and both streams") func running() throws {
    let script = #"pwd; echo "$1 $NAME"; echo wrong >&2; exit 65"#
    let run = try runProgram("/bin/sh", ["-c", script, "sh", "a  b"], in: "/", environment: ["NAME": "value"])
    #expect(run.output == "/\na  b value\n")
    #expect(run.errors == "wrong\n")
    #expect(run.exitCode == 65)
  }

  @Test("a program that was not built is an error that says so") func notBuilt() {
    let error = #expect(throws: FileError.self) { try builtExecutable(named: "tutorial-00") }
    #expect(error?.description.hasSuffix("build it with swift build") == true)
    #expect(throws: FileError.self) { try runProgram("/no/such/program") }
  }
}

@Suite("W.5 The weave command") struct Command {
  @Test(
    "wrong usage is one line and exit code 64; help is none",
    arguments: [("--chek", 64), ("99", 64), ("--help", 0)] as [(String, Int32)])
  func usage(argument: String, exitCode: Int32) throws {
    let package = (#filePath as NSString).deletingLastPathComponent + "/../.."
    let run = try runProgram(builtExecutable(named: "weave"), [argument], in: package)
    #expect(run.exitCode == exitCode)
    #expect(run.errors.split(separator: "\n").count == (exitCode == 0 ? 0 : 1))
  }
}
