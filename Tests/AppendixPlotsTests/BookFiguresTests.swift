import AppendixFiles
import AppendixWeave
import Foundation
import Testing

/// The package's folder, from the place of this very file.
private let package = ((#filePath as NSString).deletingLastPathComponent + "/../.." as NSString).standardizingPath

@Suite("P.11 The figures of this book") struct BookFigures {
  private func figures(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: try builtExecutable(named: "figures"))
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: package)
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test("every drawing is what its committed data give, byte for byte") func areDrawn() throws {
    let (code, output) = try figures(["--check"])
    #expect(code == 0, "\(output)")
  }

  @Test("every axis of a drawing has two numbers at least") func haveScales() throws {
    let folder = package + "/Tutorials/figures"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".svg") }
    #expect(!names.isEmpty)
    for name in names { expectScales(try String(contentsOfFile: folder + "/" + name, encoding: .utf8), "\(name)") }
  }

  @Test("every file among the figures belongs to one, and every figure tells the commands that made its data")
  func areListed() throws {
    let list = try figures(["--list"]).output.split(separator: "\n").map(String.init)
    let names = Set(list.filter { !$0.hasPrefix(" ") })
    let files = try FileManager.default.contentsOfDirectory(atPath: package + "/Tutorials/figures")
    #expect(
      Set(files.map { ($0 as NSString).deletingPathExtension }).subtracting([".gitkeep", "README", "sources"]) == names)
    // Each data file has its commands, and nothing but a header and numbers in it.
    let sources = try JSONValue.parse(try readBytes(package + "/Tutorials/figures/sources.json"))
    let data = files.filter { $0.hasSuffix(".csv") }
    #expect(sources.members.map { Set($0.map { $0.key + ".csv" }) } == Set(data))
    for name in data {
      let text = try String(contentsOfFile: package + "/Tutorials/figures/" + name, encoding: .utf8)
      let columns = try NumericTable.parse(text, allowNonFinite: true).columns
      #expect(!text.contains("#") && !columns.isEmpty, "\(name)")
    }
    #expect(list.filter { $0.hasPrefix("  swift run -c release figures ") }.count == names.count)
  }

  @Test("the index among the figures names each of them, and shows nothing else") func areIndexed() throws {
    let index = try String(contentsOfFile: package + "/Tutorials/figures/README.md", encoding: .utf8)
    let list = try figures(["--list"]).output.split(separator: "\n").map(String.init)
    let linked = index.matches(of: /\(([a-z-]+)\.svg\)/).map { String($0.output.1) }
    #expect(linked.sorted() == list.filter { !$0.hasPrefix(" ") }.sorted())
  }

  @Test(
    "an unknown name or option is wrong usage, in one line, and so are data for a figure that draws another one's",
    arguments: [["no-such-figure"], ["--colour"], ["--data"], ["decisional-rivals", "--data"]])
  func usage(arguments: [String]) throws {
    let (code, output) = try figures(arguments)
    #expect(code == 64)
    #expect(output.hasPrefix("figures: ") && output.split(separator: "\n").count == 1)
  }
}
