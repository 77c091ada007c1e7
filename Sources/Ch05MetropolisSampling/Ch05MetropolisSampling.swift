// Chapter 5. Metropolis sampling: walkers distributed as |ψ|².
//
// Chapter 4 gives ln|ψ| at any configuration, but not its normalisation: an integral over A dimensions that a grid of
// 40 points an axis would need 40^A evaluations for, four billion at A = 6. Averages can be had without it. A walker
// that proposes a random move and accepts it with probability min(1, |ψ(X')|²/|ψ(X)|²) visits configurations as often
// as |ψ|² says, and only ratios are asked for.
//
// Read in this order:
//   Philox.swift              random numbers that are a function of (seed, walker, sweep, draw), eight at a time
//   MetropolisWalk.swift      walkers, proposals, acceptance; the same bits on any number of threads
//   ScreeningErrorBound.swift which moves single precision decides, so that double is not needed for them
//   FreeFermions.swift        a ψ that is a formula, to walk on before there is a network
//   ProposalWidth.swift       how wide a step: adapted while training, frozen where it counts
//   SampleStatistics.swift    error bars that know of autocorrelation, split R̂, effective sample size
//   Blocking.swift            the error bar of one long series
//
// What it leaves out: moves of one particle at a time, Langevin drift, parallel tempering. For the small traps of this
// book a sweep that moves all particles at once is the cheapest: it costs one evaluation of ψ.
//
// The page is Tutorials/05-metropolis-sampling.
