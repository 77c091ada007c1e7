#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// All bytes of a file; "-" is standard input.
///
/// A pipe or a device has no size, and may have no end: of such a one at most 1 GiB is read, more is refused.
///
/// - Parameters:
///   - path: of the file, or "-".
///   - wantsRegularFile: refuses a pipe, which could keep the reader waiting for ever, and a device.
///   - limit: of a longer file the beginning is read, at least so many bytes of it.
package func readBytes(
  _ path: String, wantsRegularFile: Bool = false, upTo limit: Int = .max
) throws(FileError) -> [UInt8] {
  let isStandardInput = path == "-" && !wantsRegularFile
  // Opening a pipe waits for its other end, unless told not to.
  let file = isStandardInput ? dup(0) : openFile(path, O_RDONLY | (wantsRegularFile ? O_NONBLOCK : 0))
  let path = isStandardInput ? "standard input" : path
  guard file >= 0 else { throw .refused("read", path) }
  defer { close(file) }

  // Unsafe: `fstat` fills the one structure that it is handed.
  var status = stat()
  let isRegular = fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  guard isRegular || !wantsRegularFile || status.st_mode & S_IFMT == S_IFDIR else {
    throw .badData(path: path, problem: "it is a pipe or a device", expected: "a file is needed")
  }
  // The size is only the first guess at how much to ask for.
  let size = isRegular ? min(Int(status.st_size), limit) : 0
  var bytes: [UInt8] = []
  bytes.reserveCapacity(size + 1)
  var chunk = [UInt8](repeating: 0, count: max(1 << 16, min(size + 1, 1 << 24)))
  while true {
    // Unsafe: `read` writes through a pointer, at most the chunk's own count; what it says it wrote is all that is
    // used.
    let count = read(file, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw .refused("read", path)
    }
    bytes += chunk[..<count]
    if count == 0 || bytes.count >= limit { return bytes }
    guard isRegular || bytes.count <= 1 << 30 else {
      throw .badData(path: path, problem: "it goes on beyond 1 GiB", expected: "an end is needed")
    }
  }
}

/// A text file, which must be UTF-8.
package func readText(_ path: String) throws(FileError) -> String {
  try decodedText(try readBytes(path), path: path)
}

func decodedText(_ bytes: [UInt8], path: String) throws(FileError) -> String {
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw .badData(path: path, problem: "not a text file", expected: "UTF-8 text is needed")
  }
  return text
}

/// Replaces a file by `bytes`, complete or not at all.
///
/// The bytes go to a hidden file `.NAME.PID.tmp` beside it, which is flushed to the disk and renamed; renaming is
/// atomic, so that whoever looks (after a kill or a power cut as well) finds the old file or the new one, whole.
/// After an error there is no trace of the attempt.
package func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileError) {
  try writeAtomically([(path, bytes)])
}

/// The same for several files: none of them is replaced before all have been written beside them, so that a full disk leaves the old
/// ones.
package func writeAtomically(_ files: [(path: String, bytes: [UInt8])]) throws(FileError) {
  func temporary(_ path: String) -> String {
    let (folder, name) = splitPath(path)
    return joinPath(folder, temporaryName(of: name))
  }
  func removeTemporaries() { for file in files { removeFile(temporary(file.path)) } }
  for (path, bytes) in files {
    let file = openFile(temporary(path), O_WRONLY | O_CREAT | O_TRUNC)
    var failure = file < 0 ? errno : writeAll(bytes, to: file)
    if failure == 0 { failure = flush(file) }
    if file >= 0, close(file) != 0, failure == 0 { failure = errno }
    guard failure == 0 else {
      removeTemporaries()
      throw .refused("write", path, code: failure)
    }
  }
  for (path, _) in files where !move(temporary(path), to: path) {
    let failure = errno
    removeTemporaries()
    throw .refused("write", path, code: failure)
  }
  for folder in Set(files.map { splitPath($0.path).folder }) { flushFolder(folder) }
}

/// Throws where something is that a file of this kind may not replace: a device, a pipe, or a file that begins otherwise. (A folder
/// cannot be replaced: writing says so.)
package func requireReplaceable(_ path: String, beginningWith text: String) throws(FileError) {
  guard let mode = mode(of: path), mode & S_IFMT != S_IFDIR else { return }
  guard mode & S_IFMT == S_IFREG else {
    throw .misuse(path: path, problem: "it is no regular file", expected: "choose another name")
  }
  let bytes = try readBytes(path, wantsRegularFile: true, upTo: text.utf8.count)
  guard bytes.isEmpty || bytes.starts(with: Array(text.utf8)) else {
    throw .misuse(path: path, problem: "another file is there", expected: "choose another name")
  }
}

/// The hidden file beside `name` that this process writes before it takes that name.
private func temporaryName(of name: String) -> String { ".\(name).\(getpid()).tmp" }

/// Whether a name is such a file's, of this process or another one, beside one of `names`.
func isTemporary(_ name: String, of names: [String]) -> Bool {
  names.contains { file in
    name.hasPrefix(".\(file).") && name.hasSuffix(".tmp")
      && Int32(name.dropFirst(file.count + 2).dropLast(".tmp".count)) != nil
  }
}

/// Replaces a text file, complete or not at all.
package func writeAtomically(_ text: String, to path: String) throws(FileError) {
  try writeAtomically(Array(text.utf8), to: path)
}

/// Writes every byte to an open file; 0, or the C library's error number.
func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32 {
  // Unsafe: `write` takes a pointer; written < count, and it gets the count of what is left.
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let count = write(file, buffer.baseAddress! + written, buffer.count - written)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// Brings a file's bytes to the disk; 0, or the C library's error number.
///
/// On macOS `fsync` leaves them in the drive's own memory, where a power cut loses them; another call does not, but not
/// every file system has it.
func flush(_ file: Int32) -> Int32 {
  #if canImport(Darwin)
  if fcntl(file, F_FULLFSYNC) == 0 { return 0 }
  #endif
  return fsync(file) == 0 ? 0 : errno
}

/// Flushes a folder's list of names, so that a rename survives a power cut. Not every file system can: no error.
func flushFolder(_ path: String) {
  let folder = openFile(path, O_RDONLY)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}

/// "runs/a/settings.json" is "settings.json" in "runs/a"; a bare name is in ".".
func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return (".", path) }
  let folder = slash == path.startIndex ? "/" : String(path[..<slash])
  return (folder, String(path[path.index(after: slash)...]))
}

package func joinPath(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
