import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes one line to standard error.
func complain(_ line: String) { writeToStandardError(line + "\n") }

func writeToStandardError(_ text: String) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    // Unsafe: `write` takes a pointer, and the buffer's own count with it; it says how much of it is done.
    let written = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    if written <= 0 { return }
    bytes = bytes.dropFirst(written)
  }
}

/// Processors that are online.
func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// The absolute path of this very program.
func programPath() -> String {
  // Unsafe: `realpath` gives memory of its own, which ends with 0, is copied, and is freed once.
  #if canImport(Darwin)
  var size: UInt32 = 0
  _NSGetExecutablePath(nil, &size)
  var bytes = [CChar](repeating: 0, count: Int(size))
  _NSGetExecutablePath(&bytes, &size)
  let path = realpath(bytes, nil)
  #else
  let path = realpath("/proc/self/exe", nil)
  #endif
  guard let path else { return CommandLine.arguments[0] }
  defer { free(path) }
  return String(cString: path)
}

/// Progress on standard error: on a terminal one line that is drawn again and again, into a file a line every so often.
struct Progress {
  private let isOn: Bool
  private let redraws: Bool
  private var lastShown: ContinuousClock.Instant?
  private var lineIsOpen = false

  init(quiet: Bool) {
    isOn = !quiet
    redraws = isatty(2) == 1
  }

  /// Shows a line, unless the last one is too recent: a tenth of a second on a terminal, ten seconds in a file.
  mutating func show(_ line: @autoclosure () -> String, always: Bool = false) {
    guard isOn else { return }
    let now = ContinuousClock.now
    let pause: Duration = redraws ? .milliseconds(100) : .seconds(10)
    if !always, let lastShown, now - lastShown < pause { return }
    lastShown = now
    if redraws {
      // Back to the first column, the line, and erase what an older, longer one left.
      writeToStandardError("\r\(line())\u{1B}[K")
      lineIsOpen = true
    } else {
      complain(line())
    }
  }

  /// Ends a line that is drawn in place.
  mutating func finish() {
    if lineIsOpen { writeToStandardError("\n") }
    lineIsOpen = false
  }
}

/// The signal that came, 0 for none; `Interruption.listen` makes sure that it exists before the first one can come.
private let received = Atomic<Int32>(0)

/// Control-C, or SIGTERM as schedulers send it: the first one lets the run come to the end of its step, a second one ends
/// the process.
enum Interruption {
  static func listen() {
    // One that came between two runs stops the second one.
    guard !isRequested else { return }
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
  }

  /// The signal that came, 0 for none.
  static var number: Int32 { received.load(ordering: .relaxed) }
  static var isRequested: Bool { number != 0 }
}
