// Values of the kernels on arm64 against the C library and plain loops. Prints one line and exits with 1 where one is off.
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

void swift_functions(const double *x, double *y);
void swift_panel_product(long rows, long columns, bool single, double *y);
void swift_outer_product(long rows, long columns, bool single, double *y);
double swift_dot(long count);

static int failures = 0;
static void check(const char *what, double found, double expected, double tolerance) {
  if (fabs(found - expected) <= tolerance * fmax(1, fabs(expected))) return;
  printf("%s: %.17g, %.17g expected\n", what, found, expected);
  failures++;
}

static double entry(long row, long walker) { return (double)((7 * row + 3 * walker) % 11) / 11 - 0.5; }

int main(void) {
  double x[8], y[64 * 64];
  for (int i = 0; i < 400; i++) {
    for (int k = 0; k < 8; k++) x[k] = 0.001 + 0.0123 * i + 0.1 * k;
    swift_functions(x, y);
    for (int k = 0; k < 8; k++) {
      check("exp", y[k], exp(x[k]), 1e-15);
      check("tanh", y[8 + k], tanh(x[k]), 1e-15);
      check("log", y[16 + k], log(x[k]), 1e-15);
      check("sin", y[24 + k], sin(x[k]), 1e-15);
      check("cos", y[32 + k], cos(x[k]), 1e-15);
    }
  }
  long sizes[][2] = {{64, 64}, {1, 1}, {5, 3}, {8, 7}, {13, 64}};
  for (int s = 0; s < 5; s++) {
    long rows = sizes[s][0], columns = sizes[s][1];
    for (int single = 0; single < 2; single++) {
      double tolerance = single ? 1e-4 : 1e-12;
      swift_panel_product(rows, columns, single, y);
      for (long r = 0; r < rows; r++)
        for (long w = 0; w < 32; w++) {
          double sum = 0;
          for (long k = 0; k < columns; k++) sum += (double)(r - 2 * k) / 16 * entry(k, w);
          check("panel product", y[32 * r + w], sum, tolerance);
        }
      swift_outer_product(rows, columns, single, y);
      for (long r = 0; r < rows; r++)
        for (long k = 0; k < columns; k++) {
          double sum = 0;
          for (long w = 0; w < 32; w++) sum += 2 * entry(r, w) * entry(k, w);
          check("outer product", y[columns * r + k], sum, tolerance);
        }
    }
  }
  for (long n = 0; n < 100; n++) {
    double sum = 0;
    for (long i = 0; i < n; i++) sum += (i % 13 - 6.0) * (i % 13 - 5.0);
    check("dot product", swift_dot(n), sum, 1e-13);
  }
  printf("arm64: %s\n", failures ? "values are off" : "functions, panel products, outer products and dot products are right");
  return failures != 0;
}
