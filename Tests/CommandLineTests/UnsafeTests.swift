import Foundation
import Testing

/// What Swift leaves unchecked is marked where it stands: a comment that begins with `// Unsafe: ` says why it is
/// needed and what keeps it within bounds. (Strict memory safety would ask for a word at some 600 places, most of them
/// inside formulas.)
@Suite("C.19 Unsafe code") struct UnsafeCode {
  /// A use of something that is not checked.
  struct Use: Equatable {
    var line: Int
    /// Lines since the last reason; nil where there was none.
    var distance: Int?
  }

  /// Uses of unsafe constructs in a file's text, comments left out.
  ///
  /// Constructs are Swift's own; functions and types of chapters 0 to 2 that stand for pointers without saying so; and
  /// functions of the C library that write, or return, what Swift does not look after.
  static func uses(in text: String) -> [Use] {
    let words = [
      "Unsafe", "unsafe", "unchecked", "Unmanaged", "OpaquePointer", "withMemoryRebound", "assumingMemoryBound",
      "bindMemory", "storeBytes", ".baseAddress", ".pointee", "loadLanes(", "storeLanes(", "LaneGroups {", "MatrixView",
      "withVaList", "String(cString", "dladdr(", "posix_spawn(", "read(file,", "readdir(", "realpath(", "strdup(",
      "vsnprintf(", "wait4(", "write(2,", "write(file,",
    ]
    var lastReason: Int?
    var found: [Use] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.trimmingPrefix(while: { $0 == " " }).hasPrefix("// Unsafe: ") { lastReason = index }
      let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
      guard words.contains(where: code.contains) else { continue }
      found.append(Use(line: index + 1, distance: lastReason.map { index - $0 }))
    }
    return found
  }

  @Test("every unsafe construct has its reason at most 40 lines above it")
  func reasons() throws {
    let enumerator = try #require(FileManager.default.enumerator(atPath: ChapterOrder.sources.path))
    var count = 0
    for case let file as String in enumerator where file.hasSuffix(".swift") {
      let text = try String(contentsOf: ChapterOrder.sources.appendingPathComponent(file), encoding: .utf8)
      for use in Self.uses(in: text) {
        count += 1
        guard let distance = use.distance else {
          Issue.record("Sources/\(file):\(use.line) is unsafe, and no line above it begins with \"// Unsafe: \"")
          continue
        }
        #expect(distance <= 40, "Sources/\(file):\(use.line) is unsafe; the last reason is \(distance) lines above it")
      }
    }
    // A search that finds nothing would pass.
    #expect(count > 300)
  }

  @Test("the search finds a use, with and without a reason, and no comment")
  func search() {
    let use = "x.withUnsafeBufferPointer { $0[3] }"
    #expect(Self.uses(in: use) == [.init(line: 1, distance: nil)])
    #expect(Self.uses(in: "  // Unsafe: x has four elements.\n\n  " + use) == [.init(line: 3, distance: 2)])
    #expect(Self.uses(in: "/// Unsafe: documentation.\n" + use) == [.init(line: 2, distance: nil)])
    #expect(Self.uses(in: "// Unsafe:\n" + use) == [.init(line: 2, distance: nil)])
    #expect(Self.uses(in: "/// `withUnsafeBytes` is not used here.\nlet y = x[3]  // nor UnsafePointer") == [])
  }
}
