import Foundation

/// True under `NQS_SLOW=1 swift test`: tests of many steps run too.
///
///     @Test("…", .enabled(if: slowTests)) func longRun() { … }
public let slowTests = ProcessInfo.processInfo.environment["NQS_SLOW"] == "1"
