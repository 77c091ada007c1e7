// Chapter 11: scoring rules.
