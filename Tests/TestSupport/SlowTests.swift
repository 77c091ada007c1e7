#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// True under `NQS_SLOW=1 swift test`: tests of many steps run too.
///
///     @Test("…", .enabled(if: slowTests)) func longRun() { … }
public let slowTests = getenv("NQS_SLOW") != nil
