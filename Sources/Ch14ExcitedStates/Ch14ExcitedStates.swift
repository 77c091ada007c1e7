// Chapter 14. Excited states.
