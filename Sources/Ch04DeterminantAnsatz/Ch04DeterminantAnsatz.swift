// Chapter 4. The determinant ansatz: an antisymmetric function with thousands of parameters and all its derivatives.
//
// Chapter 3 stores a number for every set of places that A fermions can take on a grid: 7.5e10 sets for 10 fermions on
// 60 points. A wave function that is a formula needs no table. This one is a small network that treats all particles
// alike, and determinants that change sign when two of them are exchanged.
//
// Read in this order:
//   AnsatzShape.swift                        the sizes A, H, L, D, and the groups of parameters
//   AnsatzShape+Tensors.swift                the same parameters as tensors with names
//   DeterminantAnsatz+Reference.swift        the definition, a number at a time, for any scalar of chapter 2
//   EquivariantLayer.swift                   a layer that commutes with exchanges of particles
//   Orbitals.swift                           Gaussian envelopes on jets
//   SingleDeterminant.swift                  ln|det M| and its derivatives by the inverse
//   SmallMatrices.swift                      A × A matrices of 32 walkers
//   MinorExpansion.swift                     sums of determinants, some of which may vanish
//   Walkers.swift                            configurations in tiles and batches
//   DeterminantAnsatz.swift                  all of it together: ψ for 32 walkers at once
//   DeterminantAnsatz+SinglePrecision.swift  ln|ψ| to seven digits, less what κ takes, in half of the time
//   DeterminantAnsatz+Reverse.swift          the same backward, to the derivatives in the parameters
//   WaveFunction.swift                       what the sampler of chapter 5 needs to know of ψ
//   TrainableWaveFunction.swift              and what chapter 6 needs besides, of this ansatz or another
//   Evaluation.swift                         ψ, its gradient and Laplacian for many walkers
//   ParameterDerivatives.swift               O, M and K: what every optimiser is made of
//   ParameterDerivatives+Products.swift      products with them and their transposes, Mᵀ M in one pass
//   DerivativeScratch.swift                  the memory that products work in
//   ParameterDerivatives+Moments.swift, ParameterDerivatives+Diagonals.swift, ParameterDerivatives+Kernel.swift
//                                            what KFAC averages, and diagonals of Oᵀ O and Mᵀ M
//   OrbitalFit.swift                         how far the orbitals are from given ones, and the weights that bring them
//                                            nearest
//
// What it leaves out: spin, two and three dimensions, complex phases, Jastrow factors, attention.
//
// The page is Tutorials/04-determinant-ansatz.
