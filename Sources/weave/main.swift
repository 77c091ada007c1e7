import AppendixWeave
import Foundation

exit(weaveCommand(Array(CommandLine.arguments.dropFirst())))
