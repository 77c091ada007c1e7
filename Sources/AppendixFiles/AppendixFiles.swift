// Appendix: files
//
// How do numbers get in and out, so that other programs read them and no crash loses them? No chapter needs this file
// to be understood; the command line and the benchmark use it.
//
// Reading order:
//   FileError.swift          what can go wrong: four kinds, each with its exit code and one line of text
//   Path.swift               names of files are bytes: paths through Swift's strings and back, and the calls that take them
//   Bytes.swift              reading a file whole; writing one so that it is there complete or not at all
//   Digits.swift             a number in the fewest digits that read back as the same number
//   JSONValue.swift          settings and answers: a value with ordered keys; JSONParser.swift, JSONWriter.swift
//   LittleEndian.swift       the bytes of an array, and back; the tensors themselves are chapter 1's NamedTensor
//   TensorFile.swift         safetensors: weights and states, shared with Python; TensorFile+Reading.swift
//   NumericTable.swift       CSV: positions, histories, densities; NumericTable+Reading.swift
//   NumpyArray.swift         NPY: one array of any shape for numpy
//   Checksum.swift           64 bits by which damage is known, and files that hold their own
//   RunFolder.swift          settings, history, weights and state of one run, whole after a kill at any moment and tied to
//                            each other; RunFolder+History.swift, RunFolder+Measured.swift
//   RunLock.swift            one process at a time writes a run
//
// Only the C library is called, so all of it runs on Linux and macOS alike. Left out: half precision and integer
// tensors, compressed files, memory maps, and text in CSV.
