// Chapter 3. Trapped fermions: what is the answer that a neural network has to find?
//
// The last chapters can differentiate and diagonalise, but have no problem to solve. Here it is: A spinless fermions on
// a line, held by a trap, that attract or repel each other. It is small enough for its ground state to be known to many
// digits, and hard enough that the standard approximation (Hartree-Fock) is off by 42 % for three fermions at V0 = -10.
// Four references, from cheap to exact, all working on the same Hamiltonian, with the reader's own trap and interaction
// too.
//
// Read in this order:
//   Potential.swift                 a trap or an interaction: an energy as a function of one length
//   TrappedFermions.swift           the Hamiltonian of this book, and its potential energy for 32 walkers at once
//   Hamiltonian.swift               what chapter 6 asks of any system
//   TrappedFermions+Stability.swift whether a system of the reader's own has a ground state
//   Reference.swift                 what a reference returns: energy, how far it may be off, densities
//   Densities+Averages.swift        fermions in an interval, occupation numbers of natural orbitals
//   LineGrid.swift                  functions on a grid: sinc functions, and the kinetic energy between them
//   TrapScale.swift                 how large a box and how fine a grid to begin with
//   RelativeCoordinate.swift        two fermions are one particle in the coordinate between them
//   MeanField.swift, HartreeFock.swift
//                                   each fermion in the mean field of the others
//   FermionSets.swift, SubsetProduct.swift
//                                   A fermions on N places as sorted sets; an operator as a small matrix and many short vectors
//   ModeBasis.swift, ConfigurationInteraction.swift
//                                   all ways of putting A fermions into n modes of the trap
//   TrapOrbitals.swift              the lowest modes as functions, and how large a trap is
//   GridStates.swift, GridKinetic.swift, GridKinetic+Matrix.swift, GridKinetic+Reference.swift
//                                   A fermions on N points as mirror pairs of sets, and their kinetic energy without tables
//   GridLevel.swift, GridRefinement.swift, GridDiagonalisation.swift
//                                   all ways of putting them on N points, refined until the energy stands still
//   GridLevels.swift                excited states by the same method
//   GridForecast.swift              what all that will take
//   ExactEnergies.swift, ExactEnergies+Table.swift
//                                   the 30 energies that later chapters are measured against
//
// What it leaves out: spin, more than one dimension, three-body forces. The exact methods end at about
// seven fermions, where the number of sets explodes; that is the reason for the chapters that follow.
//
// Tutorial: Tutorials/03-trapped-fermions
