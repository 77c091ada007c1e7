// Appendix: plots
//
// How does a run become a picture that a reader trusts? Curves, heat maps and tables of cases as SVG, and small
// drawings for a terminal. No chapter needs this module to be understood; the pages, the report and the command line
// draw with it.
//
//     let plot = Plot(
//       title: "Two fermions, V0 = -20", xAxis: Axis("step"), yAxis: Axis("relative error", scale: .logarithmic),
//       series: [Series("pi-dgd", y: errors)])
//     let text = plot.svg(width: 640)
//
// Reading order:
//   Coordinates.swift     numbers as text and logarithms, the same on every machine
//   TextWidth.swift       how much room a line of text needs when nobody knows the reader's font
//   Colour.swift          seven colours for curves, two scales for values
//   Drawing.swift         SVG: paths, words, nested drawings; Drawing+Document.swift: the file and its style sheet
//   Ticks.swift           round numbers on an axis: Ticks+Linear.swift, Ticks+Logarithmic.swift
//   Axis.swift            an axis as asked for; AxisScale.swift: from a value to a place; AxisLayout.swift: marks and
//                         words for a length; Drawing+Frame.swift
//   Series.swift          a curve or points; Curve.swift: thinned out and cut off at the frame; Drawing+Series.swift
//   Legend.swift          names outside the frame
//   Plot.swift            curves in a frame; Plot+Drawing.swift
//   Contour.swift         lines of equal value
//   HeatMap.swift         values of a matrix as colours; HeatMap+Drawing.swift, CellRuns.swift
//   CaseGrid.swift        a table of cases and how they came out; CaseGrid+Drawing.swift
//   Diagram.swift         boxes and arrows; Diagram+Drawing.swift
//   Figure.swift          several pictures as one
//   Report.swift          pictures, tables and words on one HTML page; Report+HTML.swift, Report+Style.swift
//   Terminal.swift        a line, blocks and shades for a terminal
//
// Units of length are those of the SVG's viewBox, which a browser shows as CSS pixels unless told otherwise. The bytes
// depend on the arguments only: no clock, no locale, no mathematics of the C library. Left out: three dimensions, pies,
// animation, and words inside a frame, since there they would meet the data sooner or later.
