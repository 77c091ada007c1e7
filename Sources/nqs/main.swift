// nqs: ground states of trapped fermions from the command line. Commands are in Commands.swift, one file each.

import NeuralQuantumStates

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

keepFreedMemory()
StandardStreams.prepare()
exit(runCommandLine(Array(commandLineWords().dropFirst())))
