/// Boxes and arrows: how numbers flow through a network, or through an expression.
///
///     Diagram(
///       boxes: [.init("x = 2", column: 0, row: 0), .init("x²", column: 1, row: 0)],
///       arrows: [.init(from: 0, to: 1, label: "4")])
///
/// Boxes stand on a grid of columns and rows, which may be broken numbers; the first row is the highest. Arrows are straight.
/// There are as many units of length between neighbouring columns as the width allows, and never fewer than keep two boxes
/// of one row apart.
package struct Diagram: Picture, Equatable {
  package struct Box: Sendable, Equatable {
    /// Lines of words in the middle of the box.
    package var lines: [String]
    /// Numbers beneath the words, each a square in its colour on the diverging scale.
    package var values: [Double]
    package var column: Double
    package var row: Double
    /// Which of the seven colours outlines and tints the box; none: the ink of the axes, without a tint.
    package var colour: Int?
    /// Whether there is an outline; words without one are a note.
    package var isOutlined: Bool

    /// A box with its words; a line end in the text begins the next line.
    package init(
      _ text: String, values: [Double] = [], column: Double, row: Double, colour: Int? = nil, isOutlined: Bool = true
    ) {
      lines = text.split(separator: "\n").map(String.init)
      self.values = values
      self.column = column
      self.row = row
      self.colour = colour
      self.isOutlined = isOutlined
    }
  }

  package struct Arrow: Sendable, Equatable {
    /// Numbers of boxes.
    package var from: Int
    package var to: Int
    /// Words in the middle of the arrow, on a piece of paper of their own.
    package var label: String
    package var colour: Int?
    package var isDashed: Bool

    package init(
      from: Int, to: Int, label: String = "", colour: Int? = nil, isDashed: Bool = false
    ) {
      self.from = from
      self.to = to
      self.label = label
      self.colour = colour
      self.isDashed = isDashed
    }
  }

  package var title: String
  package var boxes: [Box]
  package var arrows: [Arrow]
  /// The value of the last colour of the squares, and of the first with the sign changed; from the values if nil.
  package var largest: Double?
  /// What a screen reader tells; the words of the boxes if empty.
  package var summary: String

  package init(
    title: String = "", boxes: [Box], arrows: [Arrow] = [], largest: Double? = nil, summary: String = ""
  ) {
    self.title = title
    self.boxes = boxes
    self.arrows = arrows
    self.largest = largest
    self.summary = summary
  }
}
