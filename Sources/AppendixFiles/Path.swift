#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

// Names of files are bytes, on Linux any but 0 and "/", and Swift's strings are Unicode. Bytes that are no UTF-8 are kept
// as characters of a private plane, one for each, so that a path goes through the program and comes out as it was.

/// The scalars that stand for the bytes 0x80 … 0xFF.
private let rawBytes: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

/// A path, or another word, from the bytes of the system.
package func decodedPath(_ bytes: some Collection<UInt8>) -> String {
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  var result = String.UnicodeScalarView()
  var rest = Array(bytes)[...]
  while !rest.isEmpty {
    // The longest character of UTF-8 has four bytes.
    let length = (1...4).first { $0 <= rest.count && String(validating: rest.prefix($0), as: UTF8.self) != nil }
    if let length {
      result.append(contentsOf: String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars)
    } else if let scalar = Unicode.Scalar(0x10FF00 + UInt32(rest[rest.startIndex])) {
      result.append(scalar)
    }
    rest = rest.dropFirst(length ?? 1)
  }
  return String(result)
}

/// The bytes that `decodedPath` was given.
package func encodedPath(_ path: String) -> [UInt8] {
  guard path.unicodeScalars.contains(where: { rawBytes.contains($0.value) }) else { return Array(path.utf8) }
  return path.unicodeScalars.flatMap { scalar in
    rawBytes.contains(scalar.value) ? [UInt8(scalar.value & 0xFF)] : Array(String(scalar).utf8)
  }
}

/// The text with a question mark in a diamond for each byte that is no UTF-8, for files that have to be text.
func printable(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { rawBytes.contains($0.value) ? "\u{FFFD}" : $0 }))
}

// MARK: Calls of the C library that take a path

// Unsafe: the function gets a pointer to bytes that end with 0 and live as long as the call; it reads them.

/// Calls a function of the C library with a path; its result may be of no interest.
@discardableResult
package func withPath<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
  (encodedPath(path).map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { body($0.baseAddress!) }
}

/// `open`: a descriptor, or -1 with `errno`. It is closed where another program is started.
func openFile(_ path: String, _ flags: Int32) -> Int32 { withPath(path) { open($0, flags | O_CLOEXEC, 0o666) } }

/// Whether there is anything at a path; if not, `errno` says why.
package func exists(_ path: String) -> Bool { withPath(path) { access($0, F_OK) } == 0 }

/// Removes a file; whether it was there.
@discardableResult
func removeFile(_ path: String) -> Bool { withPath(path) { unlink($0) } == 0 }

/// Gives a file another name, whose file it replaces; whether that went well, else `errno` says why.
func move(_ path: String, to other: String) -> Bool {
  withPath(path) { from in withPath(other) { rename(from, $0) } } == 0
}

/// Makes a folder in one that is there; whether that went well, else `errno` says why.
func makeFolder(_ path: String) -> Bool { withPath(path) { mkdir($0, 0o777) } == 0 }

/// What is at a path: its type and permissions, as `st_mode` has them; nil with `errno` where there is nothing.
func mode(of path: String) -> mode_t? {
  var status = stat()
  return withPath(path) { stat($0, &status) } == 0 ? status.st_mode : nil
}

/// The path from the root on, without links; nil where there is nothing.
package func canonicalPath(_ path: String) -> String? {
  // Unsafe: `realpath` gives memory of its own, which ends with 0, is copied, and is freed once.
  guard let resolved = withPath(path, { realpath($0, nil) }) else { return nil }
  defer { free(resolved) }
  return decodedPath(UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map { UInt8(bitPattern: $0) })
}

/// Names of all that is in a folder, also "." and "..".
func entries(of path: String) throws(FileError) -> [String] {
  guard let stream = withPath(path, { opendir($0) }) else { throw .refused("open", path) }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    // Unsafe: an entry's name is an array within a C structure. `readdir` ends it with 0, and it is copied before the
    // next call.
    names.append(
      withUnsafeBytes(of: &entry.pointee.d_name) { decodedPath(Array($0.prefix { $0 != 0 })) })
  }
  return names
}
