import AppendixFiles
import Foundation

/// What a program did.
package struct ProgramRun: Sendable {
  /// All of its standard output.
  package var output: String
  /// All of its standard error.
  package var errors: String
  /// 128 + n for a program that signal n ended, as in a shell.
  package var exitCode: Int32
  /// Whether its time was up.
  package var wasKilled: Bool
  /// Time that it took, or processor time if that is less: on a busy machine a program is not to blame for waiting.
  package var seconds: Double
}

/// Runs a program to its end, or for so many seconds at most, and collects what it prints.
///
/// - Parameters:
///   - path: of the executable.
///   - arguments: without the program's name.
///   - folder: where it runs; here if nil.
///   - environment: variables added to those of this process.
///   - limit: seconds; then the program is killed.
package func runProgram(
  _ path: String, _ arguments: [String] = [], in folder: String? = nil, environment: [String: String] = [:],
  killAfter limit: Double = 60
) throws(FileError) -> ProgramRun {
  // Both streams go to files: a pipe that nobody empties would stop the program.
  let scratch = FileManager.default.temporaryDirectory.path + "/weave-\(UUID().uuidString)"
  let (outputPath, errorPath) = (scratch + ".out", scratch + ".err")
  // Unsafe: paths for the C library; Swift's strings end with 0 and live as long as the call.
  defer {
    unlink(outputPath)
    unlink(errorPath)
  }

  // Unsafe: starting a program is a C interface. Each structure is made by its own `init` function and destroyed once,
  // at the end.
  #if canImport(Darwin)
  var actions: posix_spawn_file_actions_t? = nil
  var attributes: posix_spawnattr_t? = nil
  #else
  var actions = posix_spawn_file_actions_t()
  var attributes = posix_spawnattr_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_EXCL, 0o600)
  posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_EXCL, 0o600)

  // Threads of a task pool block signals, and a program inherits that: it would not hear SIGTERM.
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var noSignals = sigset_t()
  sigemptyset(&noSignals)
  posix_spawnattr_setsigmask(&attributes, &noSignals)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

  // The C libraries disagree about starting a program in another folder; a shell that becomes the program does not.
  guard access(path, X_OK) == 0 else {
    throw .refused(action: "run", path: path, reason: String(cString: strerror(errno)))
  }
  let here = FileManager.default.currentDirectoryPath
  let words = ["sh", "-c", #"cd "$0" && exec "$@""#, folder ?? here, path.hasPrefix("/") ? path : here + "/" + path]

  let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
  // Unsafe: C wants lists of C strings that end with nil. They are copies of our own, freed once, at the end.
  var argumentList = (words + arguments).map { strdup($0) } + [nil]
  var variableList = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for pointer in argumentList + variableList { free(pointer) } }

  var process: pid_t = 0
  let clock = ContinuousClock()
  let start = clock.now
  let failure = posix_spawn(&process, "/bin/sh", &actions, &attributes, &argumentList, &variableList)
  guard failure == 0 else {
    throw .refused(action: "run", path: path, reason: String(cString: strerror(failure)))
  }

  // Wait, and end what hangs.
  var status: Int32 = 0
  var usage = rusage()
  var wasKilled = false
  while true {
    // Unsafe: `wait4` fills a number and a structure that outlive the call.
    let ended = wait4(process, &status, wasKilled ? 0 : WNOHANG, &usage)
    if ended == process { break }
    if ended < 0, errno != EINTR {
      throw .refused(action: "run", path: path, reason: String(cString: strerror(errno)))
    }
    if start.duration(to: clock.now) > .seconds(limit), !wasKilled {
      kill(process, SIGKILL)
      wasKilled = true
    }
    usleep(2000)
  }

  let elapsed = start.duration(to: clock.now) / .seconds(1)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + 1e-6 * Double(time.tv_usec) }
  let processor = seconds(usage.ru_utime) + seconds(usage.ru_stime)
  let signal = status & 0x7F
  return ProgramRun(
    output: String(decoding: try readBytes(outputPath), as: UTF8.self),
    errors: String(decoding: try readBytes(errorPath), as: UTF8.self),
    exitCode: signal == 0 ? status >> 8 & 0xFF : 128 + signal, wasKilled: wasKilled,
    seconds: min(elapsed, processor))
}
