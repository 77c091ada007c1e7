import Foundation
import Testing

@Suite("9.6 The book's order") struct ChapterOrder {
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
        for line in text.split(separator: "\n") where line.hasPrefix("import ") {
          let imported = line.dropFirst("import ".count)
          #expect(imported != "Foundation", "\(chapter)/\(file)")
          if let there = Self.number(imported), let here = Self.number(chapter) {
            #expect(there < here, "\(chapter)/\(file) imports \(imported)")
          }
        }
      }
    }
  }

  @Test("every chapter opens with a file of its own name")
  func openings() throws {
    for chapter in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    where Self.number(chapter) != nil {
      let opening = Self.sources.appendingPathComponent("\(chapter)/\(chapter).swift").path
      #expect(FileManager.default.fileExists(atPath: opening), "\(chapter) has no opening file")
    }
  }
}
