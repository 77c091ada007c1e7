import AppendixFiles
import AppendixWeave
import Testing

@Suite("W.1 Regions, sections and fences") struct RegionsAndFences {
  @Test("a region is what stands between its markers, without their indentation") func region() throws {
    let source = """
      import Ch01LinearAlgebra
      func page() {
        print("== sum ==")
        // region: sum
        for x in [1, 2] {

          print(x)
        }
        // end
      }
      """
    #expect(try regions(of: source) == ["sum": "for x in [1, 2] {\n\n  print(x)\n}\n"])
  }

  @Test(
    "markers that do not fit together are errors with their line",
    arguments: [
      ("// region: a\n", "line 1: the region \"a\" never ends; write \"// end\" after it"),
      ("// region: a\n// region: b\n", "line 2: a region begins inside \"a\"; write \"// end\" before it"),
      ("// region:\n", "line 1: a region has no name; one word is needed"),
      ("// region: a\n// end\n// region: a\n", "line 3: the region \"a\" stands twice; names must differ"),
    ])
  func badRegions(source: String, message: String) {
    let error = #expect(throws: FileError.self) { try regions(of: source) }
    #expect(error?.description == "main.swift, " + message)
  }

  @Test("sections follow their names, what precedes them has none") func section() throws {
    let output = "hello\n== sum ==\n\n  1\n2\n\n== rest ==\n"
    #expect(try sections(of: output) == ["": "hello\n", "sum": "  1\n2\n", "rest": ""])
    #expect(throws: FileError.self) { try sections(of: "== a ==\n== a ==\n") }
  }

  @Test("weaving fills the named fences, leaves the rest, and changes nothing when repeated") func weaving() throws {
    let page = """
      # Title
      ```swift sum
      old
      ```
      ```output sum
      ```
      ```sh
      swift build
      ```
      ````output
      ```
      ````

      """
    let regions = ["sum": "print(1 + 1)\n"]
    let sections = ["": "hello\n", "sum": "2\n"]
    let woven = try weave(page, regions: regions, sections: sections)
    #expect(
      woven == """
        # Title
        ```swift sum
        print(1 + 1)
        ```
        ```output sum
        2
        ```
        ```sh
        swift build
        ```
        ````output
        hello
        ````

        """)
    #expect(try weave(woven, regions: regions, sections: sections) == woven)
  }

  @Test(
    "a fence that cannot be filled is an error with its line",
    arguments: [
      ("```swift\n```", "line 1: a block of code without a region; write ```swift NAME"),
      ("\n```swift b\n```", "line 2: main.swift has no region \"b\"; it has: a, c"),
      ("```output b\n```", "line 1: the program prints no section \"b\"; it prints: a"),
      ("```swift a\n", "line 1: a block is never closed; write ``` below it"),
    ])
  func badFences(page: String, message: String) {
    let error = #expect(throws: FileError.self) {
      try weave(page, regions: ["a": "", "c": ""], sections: ["": "", "a": ""])
    }
    #expect(error?.description == "README.md, " + message)
  }

  @Test("a recording keeps its command, its note and its output without spaces at the ends of lines")
  func recording() throws {
    let text = "$ swift run -c release tutorial-03\n# recorded: takes 40 s\n1 2\n\n3\n"
    let recording = try Recording(text: text, executable: "tutorial-03", path: "output.txt")
    #expect(recording.note == "takes 40 s")
    #expect(recording.output == "1 2\n\n3\n")
    #expect(recording.text == text)
    #expect(Recording(executable: "tutorial-03", output: "1 \n2").text == "$ swift run -c release tutorial-03\n1\n2\n")
    #expect(throws: FileError.self) { try Recording(text: text, executable: "tutorial-04", path: "output.txt") }
  }
}
