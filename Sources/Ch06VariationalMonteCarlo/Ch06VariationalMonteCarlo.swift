// Chapter 6. Variational Monte Carlo: from samples to an energy, from an energy to a better ψ.
//
// Chapter 5 draws walkers from |ψ|² for any ψ; for a network that was just made their energy is about +1 where two
// strongly attracting fermions have -2.47. Rayleigh and Ritz say which way to go: every ψ's energy is an upper bound,
// and its gradient is an average over the same walkers.
//
// Read in this order:
//   LocalEnergy.swift             E_L, whose mean is the energy and whose variance tells how far ψ is from an eigenstate
//   Clipping.swift                why a walker near a node must not decide alone
//   EnergyGradient.swift          2 E[(E_L - E) ∂_θ ln|ψ|]
//   Sample.swift                  what an optimiser sees of a step: ψ, walkers, energies, gradient, derivatives
//   Optimizer.swift               and what it decides: the protocol of all later chapters
//   FirstOrder.swift              gradient descent and Adam
//   Pretraining.swift             a start at free fermions
//   SlaterDeterminant.swift       these in a trap of the reader's own
//   VariationalMonteCarlo.swift   the loop: sample, measure, update; and the energy at the end
//   Validation.swift              the energy on walkers that did not make ψ, and the best state of a run
//   StepRecord.swift, NumericalFailure.swift
//   Diagnostics.swift             numbers and events that an optimiser reports
//   OptimizerState.swift          what it remembers, as named tensors that are checked when they are read
//   OptimizerSettings.swift       optimisers by name, each hyper-parameter with its default, bounds and help
//   Equilibration.swift           when walkers have forgotten where they began
//   Observables.swift             what a finished ψ says of its particles, and how well that is known
//   GroupedMeans.swift            error bars of lists and matrices, from groups of walkers
//   Bins.swift, OneBodyDensity.swift, PairDensity.swift
//                                 where particles are, alone and in pairs
//   OneBodyDensityMatrix.swift    a particle that is displaced to everywhere at once
//   OccupationNumbers.swift       natural orbitals, and the bias of a noisy matrix's eigenvalues
//
// What it leaves out: all knowledge of how parameters interact. Adam scales each one alone; chapter 7 begins there.
//
// The page is Tutorials/06-variational-monte-carlo.
