#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What can go wrong with a file: the system refuses, the content is wrong, the request is, or
/// another process is at work.
///
/// Its `description` is one line that says what is wrong, where, and what would be right:
///
///     weights.safetensors, tensor "layers.0.fc.bias": 16 bytes of data; shape [3] of F64 takes 24
package enum FileError: Error, Equatable, Sendable {
  /// The system did not let us `action` ("read", "write", "create") the file at `path`.
  case refused(action: String, path: String, reason: String)
  /// The file was read, and what it holds is wrong at `place` (a tensor, a line and column).
  case badData(path: String, place: String? = nil, problem: String, expected: String)
  /// The request makes no sense for what is at `path`, as a new run in a folder that holds one.
  case misuse(path: String, problem: String, expected: String)
  /// Another process has the ``RunLock`` of the folder at `path`; who it is, and the file that says so, where a file
  /// system without locks has one.
  case locked(path: String, by: String?, owner: String? = nil)

  /// The process's exit code, after `sysexits.h`: 64 wrong usage, 65 bad data, 74 input/output error, 75 try again
  /// later.
  package var exitCode: Int32 {
    switch self {
    case .misuse: 64
    case .badData: 65
    case .refused: 74
    case .locked: 75
    }
  }
}

extension FileError: CustomStringConvertible {
  package var description: String {
    // A name in a file may hold line breaks.
    String(sentence.map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 } == true ? " " : $0 })
  }

  private var sentence: String {
    switch self {
    case .refused(let action, let path, let reason):
      "cannot \(action) \(path): \(reason)"
    case .badData(let path, let place, let problem, let expected):
      "\(path)\(place.map { ", " + capped($0) } ?? ""): \(capped(problem)); \(capped(expected))"
    case .misuse(let path, let problem, let expected):
      "\(path): \(problem); \(expected)"
    case .locked(let path, let process, let owner):
      "\(path): another process runs this case\(process.map { " (\($0))" } ?? ""); wait for its end, or choose another "
        + "folder" + (owner.map { "; if it was killed, remove \($0)" } ?? "")
    }
  }
}

/// At most 200 characters of what may hold any text of a file.
private func capped(_ text: String) -> String {
  let start = text.prefix(200)
  return start.endIndex == text.endIndex ? text : start + "…"
}

extension FileError {
  /// The refusal that the C library has just reported, in words.
  package static func refused(_ action: String, _ path: String, code: Int32 = errno) -> FileError {
    let reason =
      switch code {
      case ENOENT: "no such file or folder"
      case EACCES, EPERM: "permission denied"
      case EBADF: "it is closed"
      case EISDIR: "it is a folder; a file is needed"
      case ENOTDIR: "part of the path is a file; a folder is needed"
      case EEXIST: "it exists already"
      case ENOSPC, EDQUOT: "the disk is full"
      case EROFS: "the disk is read-only"
      case ENAMETOOLONG: "the name is too long"
      case ELOOP: "too many symbolic links"
      case EMFILE, ENFILE: "too many open files"
      // Unsafe: the C library's own text, which ends with 0; it is copied at once.
      default: String(cString: strerror(code))
      }
    return .refused(action: action, path: path, reason: reason)
  }
}
