#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

// Unsafe: functions of the C library that take a path. Swift hands them a string that ends with 0 and lives as long as
// the call.

/// All bytes of a file.
package func readBytes(_ path: String) throws(FileError) -> [UInt8] {
  let file = open(path, O_RDONLY)
  guard file >= 0 else { throw .refused("read", path) }
  defer { close(file) }

  // A pipe has no size: the size is only the first guess at how much to ask for.
  var status = stat()
  let size = fstat(file, &status) == 0 ? Int(status.st_size) : 0
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
    if count == 0 { return bytes }
    bytes += chunk[..<count]
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
  let (folder, name) = splitPath(path)
  let temporary = joinPath(folder, ".\(name).\(getpid()).tmp")
  let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard file >= 0 else { throw .refused("write", path) }

  var failure = writeAll(bytes, to: file)
  if failure == 0 { failure = flush(file) }
  if close(file) != 0, failure == 0 { failure = errno }
  if failure == 0, rename(temporary, path) != 0 { failure = errno }
  guard failure == 0 else {
    unlink(temporary)
    throw .refused("write", path, code: failure)
  }
  flushFolder(folder)
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
  let folder = open(path, O_RDONLY)
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

func joinPath(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
