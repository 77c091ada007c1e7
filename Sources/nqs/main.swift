// nqs: ground states of trapped fermions from the command line. Commands are in Commands.swift, one file each.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

StandardStreams.prepare()
exit(runCommandLine(Array(commandLineWords().dropFirst())))
