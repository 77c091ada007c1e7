// Chapter 0. Lanes: how one processor does eight sums at once.
//
// A modern core multiplies and adds eight doubles with one instruction, twice a cycle on some; a loop written with
// plain doubles uses a fraction of it, an eighth with AVX-512. Everything in this book is a loop over walkers that do
// not know of each other, so eight of them sit side by side in a register, and the code for eight reads like the code
// for one.
//
// Read in this order:
//   Lanes.swift                 eight doubles, the fused multiply-add, comparisons without branches
//   WalkerRow.swift             one scalar for 32 walkers, and what can be done with it in either precision
//   Lanes32.swift               the unit of storage: such a row of doubles
//   SingleLanes32.swift         the same in seven digits, where they are enough: MINRES's products, a walk's clear cases
//   Lanes+Exponential.swift     e^x: the trick with the shifted integer, explained once
//   Lanes+Tanh.swift            the activation function; well over a quarter of a network's time goes here
//   SingleLanes32+Tanh.swift    the same in seven digits, by a shorter way
//   Lanes+Logarithm.swift, Lanes+Trigonometry.swift
//   ParallelForEach.swift       work for several threads that gives the same bits on any number of them
//   FreedMemory.swift           memory that a program frees and needs again at its next step
//   Double+Functions.swift      the C library's functions for plain doubles
//
// All of it is a module of its own so that `@inlinable` carries it into every other one: a call with eight lanes that
// is not inlined costs more than the arithmetic.
//
// What it leaves out: other functions in single precision, complex numbers, gathers from memory.
