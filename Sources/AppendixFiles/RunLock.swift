#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The right to write one run folder, which one process has at a time.
///
///     let lock = try RunLock("run")      // throws .locked while another process has it
///     defer { lock.release() }
///
/// An advisory lock (`flock`) on the hidden file `.lock` in the folder, which is made if need be. The kernel takes it
/// back when its process ends, however it ends. The file stays: were it removed, a process that has opened it already
/// could lock the old one and another process a new one.
///
/// Some file systems have no locks. There the hidden file `.owner` stands for one: it is made exclusively, holds the
/// names of the host and of the process, and is removed by `release`. One that a killed process has left is known as
/// such on its own host, and is replaced; of another host's process nobody can tell, and the error says which file to
/// remove once it has ended.
///
/// Reading needs no lock.
package struct RunLock {
  private let file: Int32
  /// `.owner`, where it stands for the lock.
  private let owner: String?

  /// Locks the folder, or says who has it.
  package init(_ path: String) throws(FileError) {
    try self.init(path) { flock($0, LOCK_EX | LOCK_NB) == 0 ? 0 : errno }
  }

  /// The lock by other means, for tests and for systems without `flock`.
  ///
  /// - Parameters:
  ///   - path: of the run's folder, which is made where it is missing.
  ///   - lock: tries to lock an open file; 0, or the C library's error number.
  package init(_ path: String, lock: (Int32) -> Int32) throws(FileError) {
    try makeFolders(path)
    let name = joinPath(path, ".lock")
    let file = openFile(name, O_RDWR | O_CREAT)
    guard file >= 0 else { throw .refused("write", name) }
    var code = lock(file)
    while code == EINTR { code = lock(file) }
    switch code {
    case 0: (self.file, owner) = (file, nil)
    case EWOULDBLOCK:
      close(file)
      throw .locked(path: path, by: nil)
    default:
      close(file)
      (self.file, owner) = (-1, try Self.makeOwner(path))
    }
  }

  /// Lets others write.
  package func release() {
    if let owner { removeFile(owner) } else { close(file) }
  }

  /// Makes `.owner`, or throws while another process has it; its path.
  private static func makeOwner(_ folder: String) throws(FileError) -> String {
    let path = joinPath(folder, ".owner")
    // Another attempt for each file that turns out to be left behind.
    for _ in 0..<3 {
      let file = openFile(path, O_WRONLY | O_CREAT | O_EXCL)
      if file >= 0 {
        let failure = writeAll(Array("\(hostName) \(getpid())\n".utf8), to: file)
        close(file)
        guard failure == 0 else {
          removeFile(path)
          throw .refused("write", path, code: failure)
        }
        return path
      }
      guard errno == EEXIST else { throw .refused("write", path) }
      let words = (try? readText(path))?.split(whereSeparator: \.isWhitespace) ?? []
      // A process that is making the file has not yet written who it is.
      guard words.count == 2, let process = Int32(words[1]) else { throw .locked(path: folder, by: nil, owner: path) }
      // Signal 0 is sent to nobody; it asks whether the process is there.
      let hasEnded = words[0] == hostName && kill(process, 0) != 0 && errno == ESRCH
      guard hasEnded else { throw .locked(path: folder, by: "process \(process) on \(words[0])", owner: path) }
      // Moved aside first: another process may have seen the same and be quicker, and this is its file then.
      let aside = "\(path).\(getpid())"
      guard move(path, to: aside) else { continue }
      let moved = (try? readText(aside))?.split(whereSeparator: \.isWhitespace) ?? []
      if moved != words { _ = withPath(aside) { from in withPath(path) { link(from, $0) } } }
      removeFile(aside)
    }
    throw .locked(path: folder, by: nil, owner: path)
  }

  private static var hostName: String {
    // Unsafe: `gethostname` writes at most the array's count less one; the last 0 ends the name in any case.
    var bytes = [CChar](repeating: 0, count: 256)
    gethostname(&bytes, bytes.count - 1)
    let name = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return name.isEmpty ? "localhost" : name.filter { !$0.isWhitespace }
  }
}
