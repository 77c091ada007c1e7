extension ExactEnergy {
  /// The 30 energies at σ0 = 0.5, with the digits that `computeTable` gives.
  ///
  ///     swift run -c release nqs exact --recompute-table
  ///
  /// The last row needs more than the 8 GiB of that: `nqs exact --particles 7 --strength 20 --tolerance 1e-4 --memory 12`,
  /// nine minutes on the two cores of a Xeon (family 6, model 207).
  public static let table: [ExactEnergy] = [
    ExactEnergy(particles: 2, strength: -20.0, energy: -2.471755863803333, uncertainty: 4.4704085164571794e-11),
    ExactEnergy(particles: 2, strength: -10.0, energy: 0.5959059345916571, uncertainty: 3.620982088177291e-11),
    ExactEnergy(particles: 2, strength: 0.0, energy: 2.0000000000000053, uncertainty: 1.1511236408526048e-12),
    ExactEnergy(particles: 2, strength: 10.0, energy: 2.425619022593363, uncertainty: 3.2509380135437154e-11),
    ExactEnergy(particles: 2, strength: 20.0, energy: 2.6056394469509776, uncertainty: 7.236037744597003e-12),
    ExactEnergy(particles: 3, strength: -20.0, energy: -7.524471855621226, uncertainty: 4.298054622958493e-10),
    ExactEnergy(particles: 3, strength: -10.0, energy: 0.7147967266337099, uncertainty: 2.747547203134458e-10),
    ExactEnergy(particles: 3, strength: 0.0, energy: 4.500000000003908, uncertainty: 2.21399254492085e-10),
    ExactEnergy(particles: 3, strength: 10.0, energy: 5.878026126373285, uncertainty: 1.8330462761917704e-10),
    ExactEnergy(particles: 3, strength: 20.0, energy: 6.514858653796347, uncertainty: 6.682143740393221e-10),
    ExactEnergy(particles: 4, strength: -20.0, energy: -13.669442993629232, uncertainty: 2.029412124749081e-09),
    ExactEnergy(particles: 4, strength: -10.0, energy: 1.0740527371879085, uncertainty: 9.49025382214751e-10),
    ExactEnergy(particles: 4, strength: 0.0, energy: 8.000000000007137, uncertainty: 4.044551360662232e-10),
    ExactEnergy(particles: 4, strength: 10.0, energy: 10.891421920969792, uncertainty: 4.637427978269239e-09),
    ExactEnergy(particles: 4, strength: 20.0, energy: 12.339726383156309, uncertainty: 1.5242981829643756e-09),
    ExactEnergy(particles: 5, strength: -20.0, energy: -20.350019541215197, uncertainty: 2.1382854126590563e-08),
    ExactEnergy(particles: 5, strength: -10.0, energy: 1.7847197646466504, uncertainty: 6.536670569909551e-08),
    ExactEnergy(particles: 5, strength: 0.0, energy: 12.500000000000322, uncertainty: 5.502608146912436e-09),
    ExactEnergy(particles: 5, strength: 10.0, energy: 17.463426347485743, uncertainty: 1.0562727859734182e-08),
    ExactEnergy(particles: 5, strength: 20.0, energy: 20.13332920309773, uncertainty: 8.535581458978894e-09),
    ExactEnergy(particles: 6, strength: -20.0, energy: -27.25141837096973, uncertainty: 3.3057390500271247e-07),
    ExactEnergy(particles: 6, strength: -10.0, energy: 2.9130363311021163, uncertainty: 2.7920973650750103e-07),
    ExactEnergy(particles: 6, strength: 0.0, energy: 18.000000000055024, uncertainty: 4.921167615640537e-07),
    ExactEnergy(particles: 6, strength: 10.0, energy: 25.574176410105636, uncertainty: 4.5152283795100347e-07),
    ExactEnergy(particles: 6, strength: 20.0, energy: 29.9072842366123, uncertainty: 2.697199222545498e-06),
    ExactEnergy(particles: 7, strength: -20.0, energy: -34.189988403298116, uncertainty: 1.4632532951960833e-05),
    ExactEnergy(particles: 7, strength: -10.0, energy: 4.5049053550946345, uncertainty: 3.090093469133983e-05),
    ExactEnergy(particles: 7, strength: 0.0, energy: 24.500000048804242, uncertainty: 8.575293432268872e-07),
    ExactEnergy(particles: 7, strength: 10.0, energy: 35.19771960048698, uncertainty: 2.2661125158778363e-05),
    ExactEnergy(particles: 7, strength: 20.0, energy: 41.64599824287852, uncertainty: 5.557578154643914e-06),
  ]
}
