/// An axis as asked for: its words, its scale, and its ends.
package struct Axis: Sendable, Equatable {
  package enum Scale: Sendable { case linear, logarithmic }

  /// What is drawn along it, with its unit: "energy (ħω)".
  package var label: String
  package var scale: Scale
  /// The ends, each from the data where it is nil, not finite, or not positive on a logarithmic axis. Data beyond
  /// them are cut off at the frame. Ends in the wrong order count as none.
  package var from: Double?
  package var to: Double?

  package init(_ label: String = "", scale: Scale = .linear, from: Double? = nil, to: Double? = nil) {
    self.label = label
    self.scale = scale
    self.from = from
    self.to = to
  }

  /// Whether a value has a place on the axis, in the frame or beyond it.
  func has(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }
}
