// Where the tokens of a tile stand in x and in y: each at its own place; in a product by experts (BY_EXPERT) where the file
// that includes this one says. `order`, which tile functions pass on, is what it looks up there.
#ifndef BY_EXPERT
#define INPUT_ROW(token) (token)
#define OUTPUT_ROW(token) (token)
#endif
// What stands for `order` where there is none.
#define NO_ORDER ((__global const int *)0)
