import Ch06VariationalMonteCarlo
import Ch08KFAC
import Ch09QuasiNewtonKFAC
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import Ch13BeyondTheTalk

/// Every optimiser that has a name, in the order in which help lists them. A new one is a type in a file of its own, and
/// a line here.
public let optimizers: [any OptimizerSettings.Type] = [
  GradientDescent.self,
  Adam.self,
  NaturalGradient.self,
  KFAC.self,
  QuasiNewtonKFAC.self,
  QuasiNewtonMinresKFAC.self,
  DecisionalGradientDescent.self,
  ProjectedIncrements.self,
  MinSR.self,
  Spring.self,
  PrimeSR.self,
  RobustSR.self,
  March.self,
  Teng.self,
  RayleighGaussNewton.self,
  ProjectedInverseIteration.self,
  GaussNewtonInverseIteration.self,
  LinearMethod.self,
  ZeroVariance.self,
  SaddleFreeNewton.self,
  KroneckerDGD.self,
  WassersteinQMC.self,
  AdamW.self,
  Lion.self,
  Muon.self,
  Soap.self,
  Sophia.self,
  AdaHessian.self,
  LimitedMemoryBFGS.self,
  Mfac.self,
  Prodigy.self,
  Isopo.self,
  Proma.self,
]
