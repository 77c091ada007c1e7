// Chapter 16. Other problems: a geometry for each loss, in and out of physics.
//
// Everything so far has one loss, an energy. In PI-DGD's step, without a learning rate, Fisher's metric does not settle on it;
// the energy's own finds two fermions in a few dozen steps (chapter 12). Is that the decision metric's merit, or the match's? The
// talk ends with two questions of that kind: may the geometry be adapted to the problem, and are there other problems in machine
// learning? Here a density is found from samples, by two rules; a function from noisy values, with and without its slopes; and
// two fermions by rules that a reader makes. Each rule meets its own metric, another's, and Adam. The match it is: each metric is
// ahead on its own loss and behind on the other (the page has the numbers). Where the model is a Gaussian around f(x), all rules
// have one metric, and nothing is gained.
//
// A data point is a walker that does not move with θ. Given that, every metric, solver and derivative is that of chapters 4, 7, 10
// and 12; new are the losses.
//
// Read in this order. The network:
//   TanhLayer.swift, PointNetwork.swift   f_θ(x), written as ln|ψ| without nodes
// Problems, each with loss, slope and metric:
//   FittingProblem.swift      what a problem says; the metric of its rule over the data; metrics averaged elsewhere
//   ScoreMatching.swift       Hyvärinen's score: (1) loss = -4 E_L, (2) its slope -4 ⟨K⟩, (3) metric 4 G of chapter 12
//   MaximumLikelihood.swift   the logarithmic score: (1) loss, (2) slope, (3) metric = Fisher's; a quadrature for each
//   Regression.swift          squared error of values, and of slopes: Gauss and Newton's matrix
//   Fit.swift                 (4) the step and the loop: a metric, or Adam
//   GaussianMixture.swift     a density that is known, and how far a network is from it
// Geometries of a reader's own, for variational Monte Carlo:
//   WeightedEnergyScore.swift the energy of a particle whose mass depends on its place; sums of rules; their metrics
//   OneParticleFamily.swift   chapters 11 and 12 on one particle: the same G
//
// Factors, with ln p = 2f. Hyvärinen's divergence ½ E|∇ ln p - ∇ ln q|² has the metric E[∂_θ∇ ln p · ∂_θ∇ ln pᵀ] = 4 Σ_i E[M_i M_iᵀ],
// Kullback and Leibler's E[∂ ln p ∂ ln pᵀ] = 4 E[O_c O_cᵀ], half a squared error E[O Oᵀ]. The energy score is a quarter of
// Hyvärinen's, and so is its metric.
//
// What it leaves out: classification; samplers for the model (Fisher's metric is taken by quadrature); mini-batches that do not
// fill the memory; score matching with added noise, which is how it is used at scale.
//
// The page is Tutorials/16-other-problems.
