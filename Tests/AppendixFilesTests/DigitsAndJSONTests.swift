import AppendixFiles
import TestSupport
import Testing

@Suite("A.1 Numbers and JSON") struct DigitsAndJSON {
  @Test("a number is written in the fewest digits, whole numbers without a point")
  func shortestDigits() {
    #expect(
      [0.1, -20, 1e300, 2.5e-8, 9_007_199_254_740_992].map(digits) == [
        "0.1", "-20", "1e+300", "2.5e-08", "9007199254740992",
      ])
  }

  @Test(
    "every number comes back from JSON with the same bits",
    arguments: [.pi, .leastNonzeroMagnitude, -0.0, 1.7e308, 0.3] as [Double])
  func roundTrip(number: Double) throws {
    let back = try #require(JSONValue.parse(JSONValue(number).line).double)
    #expect(back.bitPattern == number.bitPattern)
  }

  @Test("keys keep their order, from literal to text and back")
  func order() throws {
    let answer: JSONValue = [
      "energy": -2.5, "optimizer": "adam", "exact": .null, "steps": 60, "walkers": [1, 2.5, true],
    ]
    #expect(
      answer.line == #"{"energy": -2.5, "optimizer": "adam", "exact": null, "steps": 60, "walkers": [1, 2.5, true]}"#)
    #expect(try JSONValue.parse(answer.line) == answer)
    #expect(try JSONValue.parse(answer.pretty) == answer)
    #expect(answer["steps"]?.int == 60)
    #expect(answer["energy"]?.int == nil)
  }

  @Test("pretty text has a key a line and short lists in one")
  func pretty() {
    let value: JSONValue = ["runs": [["energy": 2, "shape": [2, 1]]], "none": [:]]
    #expect(
      value.pretty == """
        {
          "runs": [
            {
              "energy": 2,
              "shape": [2, 1]
            }
          ],
          "none": {}
        }
        """)
  }

  @Test("what is not finite is null") func nonFinite() {
    #expect(JSONValue([.nan, .infinity, 1]).line == "[null, null, 1]")
  }

  @Test("text passes through with its escapes, surrogate pairs too") func escapes() throws {
    let text = "ψ \"quoted\" \\ tab\t line\n bell\u{7} 𝄞"
    #expect(try JSONValue.parse(JSONValue(text).line).text == text)
    #expect(try JSONValue.parse(#""\u03c8 \ud834\udd1e \/""#).text == "ψ 𝄞 /")
  }

  @Test(
    "an error names line and column",
    arguments: [
      ("", "line 1, column 1: the text ends early; a value belongs here"),
      ("{\"a\": 1,\n \"a\": 2}", "line 2, column 2: the key \"a\" stands twice; each key may stand once"),
      ("[1 2]", "line 1, column 4: unexpected '2'; a comma or ']' belongs here"),
      ("[01]", "line 1, column 3: unexpected '1'; a comma or ']' belongs here"),
      ("{a: 1}", "line 1, column 2: unexpected 'a'; a key in double quotes belongs here"),
      ("1e999", "line 1, column 1: the number 1e999 is too large; its magnitude must be below 1.8e308"),
      ("\"abc", "line 1, column 1: a string never ends; a closing quote belongs to it"),
      ("\"\\ud800\"", "line 1, column 2: an escape is no character; surrogates come in pairs"),
      ("\"\\u+123\"", "line 1, column 4: an escape is incomplete; four hexadecimal digits belong after \\u"),
      ("nul", "line 1, column 1: unexpected 'n'; true, false or null belongs here"),
      ("1 1", "line 1, column 3: unexpected '1'; nothing may follow the value"),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: FileError.self) { try JSONValue.parse(text, path: "settings.json") }
    #expect(error?.description == "settings.json, " + message)
    #expect(error?.exitCode == 65)
  }

  @Test("nesting without end is refused, not followed until the stack ends") func depth() {
    #expect(throws: FileError.self) { try JSONValue.parse(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: Never.self) {
      try JSONValue.parse(String(repeating: "[", count: 100) + String(repeating: "]", count: 100))
    }
  }
}
