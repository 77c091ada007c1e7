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
/// Reading needs no lock. On a file system that has no locks nothing is guarded.
package struct RunLock {
  private let file: Int32

  package init(_ path: String) throws(FileError) {
    try makeFolders(path)
    // Unsafe: a path for the C library; Swift's string ends with 0 and lives as long as the call.
    file = open(joinPath(path, ".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .refused("write", joinPath(path, ".lock")) }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { return }
      close(file)
      throw .locked(path: path)
    }
  }

  package func release() { close(file) }
}
