import AppendixFiles
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
import MachO
#endif

/// Writes one line to standard error.
func complain(_ line: String) { writeToStandardError(line + "\n") }

func writeToStandardError(_ text: String) {
  var bytes = encodedPath(text)[...]
  while !bytes.isEmpty {
    // Unsafe: `write` takes a pointer, and the buffer's own count with it; it says how much of it is done.
    let written = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    if written <= 0 { return }
    bytes = bytes.dropFirst(written)
  }
}

/// Writes a text and a line break to standard output, whole or with an error.
///
/// Where the other end of a pipe is gone, the process ends as it would have by itself, without a word.
func show(_ text: String, terminator: String = "\n") throws(CommandError) {
  if StandardStreams.outputWasClosed { throw .file(.refused("write", "standard output", code: EBADF)) }
  var bytes = encodedPath(text + terminator)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    if written < 0, errno == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    guard written > 0 else { throw .file(.refused("write", "standard output", code: errno)) }
    bytes = bytes.dropFirst(written)
  }
}

/// What was there when the process began.
enum StandardStreams {
  private static let closed = Atomic<Bool>(false)
  static var outputWasClosed: Bool { closed.load(ordering: .relaxed) }

  /// Whether the environment asks for text without control sequences: a terminal that knows none (`TERM=dumb`), or a
  /// reader who wants none (`NO_COLOR`, whatever its value unless empty).
  static var wantsPlainLines: Bool {
    // Unsafe: `getenv` gives the environment's own text, which ends with 0 and is copied at once.
    func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    return ["dumb", ""].contains(value("TERM") ?? "") || value("NO_COLOR").map { !$0.isEmpty } ?? false
  }

  /// Makes sure that 0, 1 and 2 are open, or a file that is opened later would be taken for one of them, and that a
  /// closed pipe is an error to be looked at and no signal: a line of progress that nobody reads ends no run.
  static func prepare() {
    closed.store(fcntl(1, F_GETFD) < 0, ordering: .relaxed)
    for stream in [0, 1, 2] as [Int32] where fcntl(stream, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    signal(SIGPIPE, SIG_IGN)
    // Nor is a limit on the size of files.
    signal(SIGXFSZ, SIG_IGN)
  }
}

/// Processors that are online.
func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// Seconds of processor time that this process has taken, all threads together.
func processorTime() -> Double {
  var time = timespec()
  // Unsafe: the call fills the structure that it is handed.
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// The absolute path of this very program.
func programPath() -> String {
  #if canImport(Darwin)
  // Unsafe: `_NSGetExecutablePath` writes at most the count that it is handed, and tells the one that it needs.
  var size: UInt32 = 0
  _NSGetExecutablePath(nil, &size)
  var bytes = [CChar](repeating: 0, count: Int(size))
  _NSGetExecutablePath(&bytes, &size)
  let path = canonicalPath(decodedPath(bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }))
  #else
  let path = canonicalPath("/proc/self/exe")
  #endif
  return path ?? commandLineWords().first ?? "nqs"
}

/// The words of the command line, the program's own first, whatever their bytes.
func commandLineWords() -> [String] {
  // Unsafe: the system's own array of texts, each of which ends with 0; they are copied.
  (0..<Int(CommandLine.argc)).compactMap { index in
    CommandLine.unsafeArgv[index].map { word in
      decodedPath(UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) })
    }
  }
}

/// Rows and columns of the terminal behind standard error; nil where there is none, or it does not say.
func terminalSize() -> (rows: Int, columns: Int)? {
  var size = winsize()
  // Unsafe: the call fills the structure that it is handed.
  guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return nil }
  return (Int(size.ws_row), Int(size.ws_col))
}

/// Progress on standard error: on a terminal that can do so one line that is drawn again and again, with a picture
/// above it where there is one; into a file a line, and the picture before it, every so often.
struct Progress {
  private let isOn: Bool
  private let redraws: Bool
  private var lastShown: ContinuousClock.Instant?
  /// Lines that stand in place, the one with the cursor included.
  private var linesInPlace = 0

  init(quiet: Bool) {
    isOn = !quiet
    redraws = isatty(2) == 1 && !StandardStreams.wantsPlainLines
  }

  /// Shows a line, unless the last one is too recent: a tenth of a second on a terminal, ten seconds in a file.
  ///
  /// - Parameters:
  ///   - line: the line.
  ///   - picture: lines above it; left out on a terminal that is too low for them.
  ///   - always: whether it is shown however recent the last one is.
  mutating func show(
    _ line: @autoclosure () -> String, under picture: @autoclosure () -> [String]? = nil, always: Bool = false
  ) {
    guard isOn else { return }
    let now = ContinuousClock.now
    let pause: Duration = redraws ? .milliseconds(100) : .seconds(10)
    if !always, let lastShown, now - lastShown < pause { return }
    lastShown = now
    var lines = (picture() ?? []) + [line()]
    guard redraws else { return complain(lines.joined(separator: "\n")) }
    if let size = terminalSize() {
      if lines.count >= size.rows { lines.removeFirst(lines.count - 1) }
      // A line that is broken by the terminal could not be drawn over.
      lines = lines.map { String($0.prefix(size.columns - 1)) }
    }
    writeToStandardError(Progress.drawing(lines, over: linesInPlace))
    linesInPlace = lines.count
  }

  /// Lines in the place of older ones: up to the first of these, then each line, erasing what an older, longer one
  /// left.
  static func drawing(_ lines: [String], over older: Int) -> String {
    let up = older > 1 ? "\u{1B}[\(older - 1)A" : ""
    // What stood lower than the new lines reach is erased too.
    return "\r" + up + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + (older > lines.count ? "\u{1B}[J" : "")
  }

  /// Ends lines that are drawn in place.
  mutating func finish() {
    if linesInPlace > 0 { writeToStandardError("\n") }
    linesInPlace = 0
  }
}

/// The signal that came, 0 for none; `Interruption.listen` makes sure that it exists before the first one can come.
private let received = Atomic<Int32>(0)

/// Control-C, or what schedulers and lost terminals send (SIGTERM, SIGUSR1, SIGHUP): the first one lets the run come to
/// the end of its step, or ends the process inside `endingAtOnce`; a second one always does.
enum Interruption {
  static func listen() {
    // One that came between two runs stops the second one.
    guard !isRequested else { return }
    for number in [SIGINT, SIGTERM, SIGUSR1, SIGHUP] where !isIgnored(number) {
      signal(number) { number in
        if received.exchange(number, ordering: .relaxed) != 0 { _exit(Interruption.exitCode(number)) }
      }
    }
  }

  /// Whether whoever started the process wants the signal to have no effect, as nohup does.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
    let handler = action.__sigaction_u.__sa_handler
    #else
    let handler = action.__sigaction_handler.sa_handler
    #endif
    // Unsafe: a function and an Int are of one size. SIG_IGN is the number 1 in the place of a function.
    return unsafeBitCast(handler, to: Int.self) == 1
  }

  /// Does what keeps nothing and looks at no signal on its way, such as a reference energy: a signal ends the process
  /// there and then, with one line and its exit code.
  static func endingAtOnce<Result, Failure: Error>(
    saying text: String, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "signals"))
    let lineBreak = isatty(2) == 1 ? "\n" : ""
    timer.setEventHandler {
      guard isRequested else { return }
      complain(lineBreak + text)
      _exit(exitCode(number))
    }
    timer.schedule(deadline: .now(), repeating: .milliseconds(50))
    timer.resume()
    defer { timer.cancel() }
    return try work()
  }

  /// What a process ends with that a signal has stopped: 128 and the number that the signal has on Linux, where SIGUSR1
  /// is 10; macOS has it as 30.
  static func exitCode(_ number: Int32) -> Int32 { number == SIGUSR1 ? 138 : 128 + number }

  /// The signal that came, 0 for none.
  static var number: Int32 { received.load(ordering: .relaxed) }
  static var isRequested: Bool { number != 0 }
}
