import AppendixFiles
import Foundation

/// The path of an executable of this package that was built along with the code that is running.
///
/// It is looked for beside the file that this very code was loaded from, and in the folders above: for `weave` that is
/// the folder of its executable; for tests on Linux too; on macOS tests are inside
/// `debug/NAME.xctest/Contents/MacOS/`, loaded by a program of the toolchain, so the path of the running program would
/// not help.
package func builtExecutable(named name: String) throws(FileError) -> String {
  let image = imagePath()
  var folder = image
  for _ in 1...5 {
    folder = (folder as NSString).deletingLastPathComponent
    let candidate = folder + "/" + name
    // Unsafe: Foundation fills the one truth value that it is handed.
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
      return candidate
    }
  }
  let place = (image as NSString).deletingLastPathComponent
  throw .refused(action: "run", path: name, reason: "it is not in \(place); build it with swift build")
}

/// The file that this code was loaded from: an executable, or a bundle of tests.
private func imagePath() -> String {
  // Unsafe: `dladdr` fills the one structure that it is handed; the name in it ends with 0 and is copied.
  #if canImport(Darwin)
  var information = Dl_info()
  if dladdr(#dsohandle, &information) != 0, let name = information.dli_fname { return String(cString: name) }
  #endif
  return Bundle.main.executablePath ?? CommandLine.arguments[0]
}
