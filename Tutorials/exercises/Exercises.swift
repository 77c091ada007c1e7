extension Exercise {
  /// All solutions, in the order of the pages.
  static let all: [Exercise] = [
    scalingOfTheError, twoWrongNumbers, directionsOfABlur, threeFermionsInOneLine, productsOnAFinerGrid,
    nodesOnTheTape, theBestStep, aFlatLocalEnergy, aLayerOfGaussians,
    firstOrder, noRangeNoForce, springs, theCentreOfMass,
    countingParameters, allInOnePlace, twoKindsOfNodes, parity,
    acceptanceInOneLine, theBestWidth, thrownAway, refusalsCount,
    errorAndErrorBar, aForgottenMean, adamsFirstStep, signsAlone,
    twoNamesForOneStep, otherParameters, aBoundInWalkers, aDampingOfYourOwn,
    twiceTheFeatures, oneWalkerIsExact, aForgottenFactor, whatPiIsFor,
    aParabolaTurnedOver, inAnotherUnit, aHessianWithoutAnError, aThirdModel,
    asManyAsEigenvalues, aHarmfulPreconditioner, aBoundBeforeTheRun, whereConjugateGradientsStop,
    aLearningRateForOneTrap, theSphericalScore, aGroundStateOutOfReach, aRuleInOtherUnits,
    walkersThatAreLeft, theBabylonianRoot, whatAPriorKeeps, whatTheVarianceBounds, aFlatterWalk,
    whatLambdaHolds, betweenTwoMetrics, theDampingOfAKernel, otherRegulators,
    oneQuantumOfTheCentre, aSignWithoutASide, anotherBasis,
    aPowerOfTheRange, aDeterminantInDisguise, anAngleByHand,
    twoHills, inAPlane, aLighterEdge,
  ]
}
