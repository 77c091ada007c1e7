// Appendix: text
//
// How do numbers become lines that a person reads, and how long did something take? The pages, the command line and the
// benchmark print with these few functions. Only the C library is called.
//
//   Numbers.swift      a fixed number of digits, an exponent, columns; yes and no
//   Alignment.swift    text of a given width
//   Stopwatch.swift    wall time, and the shortest of several runs
//
// Left out: locales, digits other than 0 to 9, characters that take two columns on a terminal. Numbers in files are the
// business of `AppendixFiles`, where every bit counts.
