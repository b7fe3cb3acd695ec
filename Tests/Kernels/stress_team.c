// Works the thread team hard.
#include "support.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/// Plain memory that only the right hand-out of indices and workers keeps free of races.
typedef struct work {
    size_t *visits;
    size_t *by_worker;
    size_t size;
    atomic_bool strayed;
} work;

static void visit(void *context, size_t index, size_t worker) {
    work *w = context;
    if (worker >= w->size) {
        atomic_store(&w->strayed, true);
        return;
    }
    w->visits[index]++;
    w->by_worker[worker]++;
}

bool stress_team(void) {
    static const size_t sizes[] = {1, 2, 5}, counts[] = {0, 1, 2, 7, 1000};
    enum { RUNS = 400, MOST = 1000 };
    bool passed = true;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ck_team *team = ck_team_create(sizes[i]);
        work w = {calloc(MOST, sizeof(size_t)), calloc(sizes[i], sizeof(size_t)), sizes[i], false};
        size_t expected = 0, counted = 0, wrong = 0;
        for (size_t run = 0; run < RUNS; run++) {
            size_t count = counts[run % COUNT(counts)];
            memset(w.visits, 0, MOST * sizeof(size_t));
            // Something else every time, and mostly nothing that is there.
            ck_team_expect(team, (ck_reading){w.visits + run % 3, run * 4001});
            ck_team_run(team, count, visit, &w);
            for (size_t j = 0; j < MOST; j++) {
                wrong += w.visits[j] != (j < count);
            }
            expected += count;
            if (run % 40 == 0) {
                nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);  // long enough for the workers to fall asleep
            }
        }
        ck_team_destroy(team);
        for (size_t j = 0; j < sizes[i]; j++) {
            counted += w.by_worker[j];
        }
        bool good = wrong == 0 && counted == expected && !atomic_load(&w.strayed);
        printf("team of %zu: %d runs, %zu pieces: %s\n", sizes[i], RUNS, counted, good ? "ok" : "FAILED");
        passed &= good;
        free(w.visits);
        free(w.by_worker);
    }
    return passed;
}
