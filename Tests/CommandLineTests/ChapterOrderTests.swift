import Foundation
import Testing

@Suite("C.18 The book's order") struct ChapterOrder {
  static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources")

  /// The chapter's number, for names like Ch07NaturalGradient.
  static func number(_ module: some StringProtocol) -> Int? {
    module.hasPrefix("Ch") ? Int(module.dropFirst(2).prefix(2)) : nil
  }

  @Test("a chapter imports earlier chapters only, and never Foundation")
  func imports() throws {
    let manager = FileManager.default
    let chapters = try manager.contentsOfDirectory(atPath: Self.sources.path).filter { Self.number($0) != nil }
    #expect(chapters.count >= 13)
    for chapter in chapters {
      let folder = Self.sources.appendingPathComponent(chapter)
      for file in try manager.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        for match in text.matches(of: #/(?m)^(?:@\w+ |public |internal )*import (\w+)/#) {
          let imported = match.1
          #expect(imported != "Foundation", "\(chapter)/\(file)")
          if let there = Self.number(imported), let here = Self.number(chapter) {
            #expect(there < here, "\(chapter)/\(file) imports \(imported)")
          }
        }
      }
    }
  }

  @Test("the manifest gives a chapter earlier chapters only")
  func manifest() throws {
    let package = Self.sources.deletingLastPathComponent().appendingPathComponent("Package.swift")
    let text = try String(contentsOf: package, encoding: .utf8)
    let start = try #require(text.firstRange(of: "let chapters"))
    let end = try #require(text[start.lowerBound...].firstRange(of: "\n]\n"))
    // A row of the list is ("ChNN…", [what it imports]); names that stand for several are looked up.
    let shared = try #require(text.firstMatch(of: #/(?s)let stepImports = \[(.*?)\n\]/#)).1
    let rows = text[start.lowerBound..<end.lowerBound].matches(of: #/(?s)"(Ch\d\d\w+)",\s*((?:stepImports)?[^)]*)\)/#)
    #expect(rows.count >= 13)
    for row in rows {
      let imports = String(row.2) + (row.2.contains("stepImports") ? String(shared) : "")
      for imported in imports.matches(of: #/"(Ch\d\d\w+)"/#) {
        let (there, here) = (try #require(Self.number(imported.1)), try #require(Self.number(row.1)))
        #expect(there < here, "\(row.1) depends on \(imported.1)")
      }
    }
  }

  @Test("every chapter opens with a file of its own name, which says when to read each of the others")
  func openings() throws {
    for chapter in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    where Self.number(chapter) != nil {
      let opening = Self.sources.appendingPathComponent("\(chapter)/\(chapter).swift").path
      let text = try String(contentsOfFile: opening, encoding: .utf8)
      for file in try FileManager.default.contentsOfDirectory(atPath: (opening as NSString).deletingLastPathComponent)
      where file.hasSuffix(".swift") && file != "\(chapter).swift" {
        #expect(text.contains(file), "\(chapter) does not say when to read \(file)")
      }
    }
  }

  @Test("the suites of tests are numbered within each chapter and appendix: 6.1, 6.2, 6.3")
  func suites() throws {
    let tests = Self.sources.deletingLastPathComponent().appendingPathComponent("Tests")
    var numbers: [Substring: [Int]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: tests.path) where path.hasSuffix("Tests.swift") {
      let text = try String(contentsOf: tests.appendingPathComponent(path), encoding: .utf8)
      for match in text.matches(of: #/(?m)^@Suite\("(?:(\w+)\.(\d+) )?/#) {
        let prefix = try #require(match.1, "a suite of \(path) has no number")
        numbers[prefix, default: []].append(try #require(match.2.flatMap { Int($0) }))
      }
    }
    #expect(numbers.count == 23)
    for (prefix, found) in numbers { #expect(found.sorted() == Array(1...found.count), "\(prefix)") }
  }
}
