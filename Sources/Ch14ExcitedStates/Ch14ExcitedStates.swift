// Chapter 14. Excited states: the levels above the lowest one, from the same loop and the same optimisers.
//
// All of the chapters before look for a ground state. Minimising the energy cannot stop at anything else: started from a free
// excited state, two fermions at V0 = -10 leave it for the level below (the page's first block). Pfau and others (arXiv:2308.16848)
// found a way without penalties and without a number to tune: K states of A particles are made one antisymmetric function of
// K sets of coordinates, whose ground state is that of K fermions which fill the K lowest levels.
//
// Read in this order:
//   CopiedHamiltonian.swift         K copies of a system that do not see each other
//   ExcitedStates+Reference.swift   Ψ = det ψ_j(x^i), the definition, for any scalar of chapter 2
//   ExcitedStates.swift             Ψ for 32 walkers at once
//   StateMatrix.swift               the matrix ψ_j(x^i), its inverse, and how much each entry counts, as jets
//   ExcitedStates+Reverse.swift     derivatives in the parameters, from those of each state
//                                   (and ParameterFactors+Copies.swift of chapter 2, the product rule on factors)
//   ExcitedStates+Tensors.swift     states from files
//   OscillatorDeterminant.swift     free fermions in chosen orbitals: exact states, and which of them are lowest
//   Pretraining+States.swift        a start at those
//   LocalEnergyMatrix.swift         Ψ⁻¹ĤΨ, and levels with error bars
//   GeneralEigenvalues.swift        eigenvalues of a matrix that is not symmetric
//
// What it leaves out: layers that states share; observables of each state and matrix elements between them; a single-precision
// path for the sampler; states told apart by parity or another symmetry.
//
// Chapter 13, later optimisers, is not needed for it. The page is Tutorials/14-excited-states.
