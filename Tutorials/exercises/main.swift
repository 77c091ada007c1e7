import Foundation

// Solutions of the pages' exercises: swift run -c release exercises 7
exit(exercisesCommand(Array(CommandLine.arguments.dropFirst())))
