// Appendix: weave
//
// How does a page stay true? Its code is compiled, its output is printed by that code, and a test compares.
// Nothing is ever typed twice.
//
// A page is a folder `Tutorials/NN-name/` with three files:
//
//     main.swift    the program, an executable target `tutorial-NN`: the only place where the page's code lives
//     output.txt    what it printed, below the command that runs it; made by weave
//     README.md     the page; its code blocks and outputs are filled in by weave
//
// In main.swift the author marks what the page shows, and lets the program name the sections of its output:
//
//     print("== energies ==")
//     // region: energies
//     for range in [0.25, 0.5] { print(range, groundStateEnergy(strength: -20, range: range)) }
//     // end
//
// In README.md the author writes two fences and leaves them empty; the marker lines are never shown:
//
//     ```swift energies
//     ```
//     ```output energies
//     ```
//
// An `output` fence without a name takes what is printed before the first section, so a program that prints none needs
// no names. Other fences (`sh`, `text`) are left alone; a `swift` fence must name a region.
//
//     swift run weave                # runs the pages' programs, writes output.txt and fills the pages
//     swift run weave 03             # one page
//     swift run weave --check        # writes nothing; exit code 1 and a diff where anything differs
//
// A new run need not repeat every bit (see Comparison.swift): words and whole numbers must, `a ± b` may move by four
// standard errors, other numbers by a unit of their last digit, and times are masked. What depends on the machine is
// printed with a bound that holds on any, "≈ 0.8 %, below 2 %: yes": the number is shown, the answer is compared.
//
// A program that takes longer than 8 seconds gets a second line in its output.txt, below the command,
//
//     # recorded: takes 40 s
//
// and is then run only with `--slow` or NQS_SLOW=1; otherwise its recorded output is what counts.
//
// A page ends with exercises. Each begins with its number in bold and lets the reader predict; each has a file with a
// solution, and one program runs them all:
//
//     ## Exercises                     in README.md, with a link to the folder and the command `exercises 7`
//     **7.2 Other units.** … Say first: …
//     exercises/7.2-other-units.swift  its solution, a part of the executable target `exercises`
//     exercises/output.txt             what `exercises 7` printed, below the command, a section for each: == 7.2 ==
//
// weave writes that output.txt too, and `--check` finds an exercise without a solution as it finds a changed output.
// It also holds each page against the table of symbols in Tutorials/README.md (Symbols.swift), and looks for lines that Markdown
// would take for lists (Paragraphs.swift).
//
// Reading order: Regions.swift, Recording.swift, Page.swift (filling the fences), Numbers.swift and Comparison.swift
// (when two outputs agree), Program.swift and BuiltExecutable.swift (running what was built), Checking.swift,
// Exercises.swift, Symbols.swift, Paragraphs.swift.
// Left out: figures, links between pages, and any language but Swift.
