// benchmark: every part that a run spends its time in, against the peak that this machine is measured to have.
//
//     swift run -c release benchmark [--particles 2,6] [--threads N] [--repeats N] [--match TEXT] [--compare FILE] [--json]
//
// A part first checks its values against the plain version, then is timed: the median of several runs after a warm-up.
// On a machine that others use too, compare ratios within one run.

import NeuralQuantumStates

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

keepFreedMemory()
exit(runBenchmark(Array(CommandLine.arguments.dropFirst())))
