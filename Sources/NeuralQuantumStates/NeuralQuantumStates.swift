// Everything in one import: `import NeuralQuantumStates` gives all chapters.

@_exported import Ch00Lanes
@_exported import Ch01LinearAlgebra
@_exported import Ch02AutomaticDifferentiation
@_exported import Ch03TrappedFermions
@_exported import Ch04DeterminantAnsatz
@_exported import Ch05MetropolisSampling
@_exported import Ch06VariationalMonteCarlo
@_exported import Ch07NaturalGradient
@_exported import Ch08KFAC
@_exported import Ch09QuasiNewtonKFAC
@_exported import Ch10MinimumResidual
@_exported import Ch11ScoringRules
@_exported import Ch12DecisionalGradientDescent
@_exported import Ch13BeyondTheTalk
@_exported import Ch14ExcitedStates
@_exported import Ch15OtherAnsatze
@_exported import Ch16OtherProblems
