// Appendix. Formulas: a trap and an interaction as a reader types them.
//
//     nqs solve --particles 3 --trap 'x^4/4 - x^2' --interaction 'v*exp(-r^2/2)' --let v=10
//
// Read in this order:
//   FormulaTree.swift     what a formula means: sums, products, powers, functions, with constants worked out
//   FormulaReader.swift   from text to tree, by recursive descent; an error knows its column
//   Formula.swift         from tree to operations on a stack, of one number or of 32
