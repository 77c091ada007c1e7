extension ExactEnergy {
  /// The 25 energies at σ0 = 0.5.
  public static let table: [ExactEnergy] = [
    ExactEnergy(particles: 2, strength: -20.0, energy: -2.471755863803333, uncertainty: 1.4040586757492077e-11),
    ExactEnergy(particles: 2, strength: -10.0, energy: 0.5959059345925551, uncertainty: 1.9282194251867462e-11),
    ExactEnergy(particles: 2, strength: 0.0, energy: 2.0000000000000053, uncertainty: 3.680300508792998e-13),
    ExactEnergy(particles: 2, strength: 10.0, energy: 2.4256190225933887, uncertainty: 8.046946676949993e-12),
    ExactEnergy(particles: 2, strength: 20.0, energy: 2.6056394469492696, uncertainty: 4.085605708032098e-11),
    ExactEnergy(particles: 3, strength: -20.0, energy: -7.524471855621226, uncertainty: 1.4558243495996561e-10),
    ExactEnergy(particles: 3, strength: -10.0, energy: 0.7147967266337196, uncertainty: 8.98299247975324e-11),
    ExactEnergy(particles: 3, strength: 0.0, energy: 4.500000000003908, uncertainty: 1.498102086895735e-10),
    ExactEnergy(particles: 3, strength: 10.0, energy: 5.8780261263732445, uncertainty: 6.220118640718542e-11),
    ExactEnergy(particles: 3, strength: 20.0, energy: 6.514858653796955, uncertainty: 3.8804172909322863e-10),
    ExactEnergy(particles: 4, strength: -20.0, energy: -13.669442993629232, uncertainty: 8.9809106125241e-10),
    ExactEnergy(particles: 4, strength: -10.0, energy: 1.0740527372161497, uncertainty: 3.887094313782442e-09),
    ExactEnergy(particles: 4, strength: 0.0, energy: 8.000000000007137, uncertainty: 2.596106441101589e-10),
    ExactEnergy(particles: 4, strength: 10.0, energy: 10.891421921032606, uncertainty: 2.2813692888013118e-09),
    ExactEnergy(particles: 4, strength: 20.0, energy: 12.339726383180196, uncertainty: 2.9831269289769418e-09),
    ExactEnergy(particles: 5, strength: -20.0, energy: -20.35001954090515, uncertainty: 5.886186280685088e-08),
  ]
}
