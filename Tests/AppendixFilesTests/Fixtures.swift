import Foundation

func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Files that numpy and the safetensors package wrote:
///
///     import numpy as np
///     from safetensors.numpy import save_file
///     save_file({"weight": np.array([[0.1, -2.5, 1e-300], [np.pi, 0.0, 1e20]]),
///                "bias": np.array([0.5, -0.25], dtype=np.float32), "step": np.array(7.0), "empty": np.zeros((0, 3))},
///               "python.safetensors", metadata={"made": "by Python"})
///     np.save("python.npy", np.array([[1.5, -2.0, 0.1], [1e-300, np.pi, 7.0]]))
func fixture(_ name: String) throws -> String {
  guard let folder = Bundle.module.resourcePath else { throw CocoaError(.fileNoSuchFile) }
  return folder + "/Fixtures/" + name
}
