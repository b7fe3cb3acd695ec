// Prints as a line of JSON what this machine reaches at best with a number of threads.
//
//   clang -O2 Benchmarks/Kernels/roof.c -lpthread -o roof && ./roof 2
#include "roof.h"
#include <stdio.h>

int main(int argc, char **argv) {
    long threads = argc > 1 ? atol(argv[1]) : 1;
    if (threads < 1 || threads > ROOF_THREADS) {
        fprintf(stderr, "usage: roof THREADS, at most %d\n", ROOF_THREADS);
        return 1;
    }
    printf(
        "{\"roof_of_threads\": %ld, \"flops\": %.4g, \"bytes\": %.4g}\n", threads, roof_flops((size_t)threads, 2),
        roof_bytes((size_t)threads, 2));
    return 0;
}
