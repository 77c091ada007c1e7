// figures: the drawings of the book, each from its own data.
//
// Read in this order:
//   Figures.swift           what a figure is, and the list of them all
//   LearningCurves.swift    figures whose data are the histories of runs
//   EnergyCurves.swift      the same in two frames, energies and errors; TalkComparisons.swift: those of the talk
//   StudyRuns.swift         runs of nqs study: Energies.swift, Cases.swift
//   (one file for each other figure)
//   FiguresCommand.swift    draw, check, and make data anew
import Foundation
import NeuralQuantumStates

keepFreedMemory()
exit(figuresCommand(Array(CommandLine.arguments.dropFirst())))
