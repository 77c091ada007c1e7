// Chapter 15. Other ansätze: what of this book belongs to the determinant, and what to any ψ?
//
// Every run so far began at orbitals fitted to the trap's, and every ψ but chapter 14's was a determinant of them. A ψ without orbitals
// cannot be pretrained by chapter 6 at all. One that is: the antisymmetric part of a two-layer network, a sum over A! permutations.
// Its terms cancel: of random sines at A = 7 none of the 16 digits of a double are left (the page's block "sign").
//
// Read in this order:
//   Activation.swift                          what a hidden unit does to its sum, with three derivatives
//   SignedPermutations.swift                  all A! of them
//   AntisymmetrizedNetwork+Reference.swift    the definition, for any scalar of chapter 2
//   AntisymmetrizedNetwork.swift              ψ for 32 walkers at once; its derivatives in the coordinates are (1)
//   AntisymmetrizedNetwork+Reverse.swift      and in the parameters, as factors
//   SignProblem.swift                         what cancellation leaves
//   OverlapLoss.swift                         the angle between ψ and φ as a loss, (1) and (2) there
//   OverlapPretraining.swift                  a start at free fermions by it, (3)
//
// What it leaves out: the sum over permutations in less than A! terms (arXiv:2205.12250 has one, by determinants of exponentials); more
// than seven particles; a loss whose walkers follow ψ; other targets than free fermions in the book's trap.
//
// Chapters 7 to 14 are not needed for it. The page is Tutorials/15-other-ansatze.
