#include "team.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/// How long a member looks for news before it sleeps (a worker) or offers its core to others (the caller). About as
/// long as waking takes: longer than the pause between two forward passes of one caller, short against a time slice.
static const int64_t spin_nanoseconds = 100000;

/// Between two looks at the clock.
enum { PAUSES_A_LOOK = 64, CACHE_LINE = 64 };

/// How much a member fetches at most while it waits: some of what a second level of cache holds, 512 KB to 2 MB on servers.
enum { MOST_AHEAD_BYTES = 256 * 1024 };

/// It is fetched a stretch after the other, each in streams a page long: several pages side by side come faster than one.
enum { AHEAD_STREAMS = 8, STREAM_BYTES = 4096, STRETCH_BYTES = AHEAD_STREAMS * STREAM_BYTES };

// A job is open from the moment the caller publishes it until the caller finds no index left. A worker enters by adding
// itself to `inside` and then looking whether a job is open; the caller closes the job and then waits for `inside` to
// become zero. Both orders are sequentially consistent, so either the worker sees the closed job or the caller sees the
// worker; and a worker that the system did not schedule in time is not waited for.
struct ck_team {
    size_t size;
    pthread_t *workers;  // size − 1
    struct ck_seat *seats;       // size

    // Written by the caller only while no job is open and no worker is inside.
    ck_team_body body;
    void *context;
    size_t count;
    ck_reading expected;  // start is NULL where nothing is

    _Alignas(CACHE_LINE) atomic_size_t inside;   // workers that may be in the open job
    _Alignas(CACHE_LINE) atomic_bool open;
    atomic_uint posted;                          // jobs so far; also moved by ck_team_destroy
    atomic_bool stopping;

    _Alignas(CACHE_LINE) atomic_uint sleepers;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
};

typedef struct ck_seat {
    _Alignas(CACHE_LINE) atomic_size_t next;  // the first index of this member's share that nobody has taken
    ck_team *team;
    size_t index;
} ck_seat;

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");  // `yield` is a no-op on most cores; `isb` waits about as long as x86's pause
#endif
}

static int64_t now_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void run_pieces(ck_team *team, size_t worker) {
    ck_team_body body = team->body;
    void *context = team->context;
    size_t count = team->count;
    // First a share of its own, in order, so that one piece may read ahead for the next; then what the others have left.
    for (size_t i = 0; i < team->size; i++) {
        size_t owner = (worker + i) % team->size, end = ck_team_share_start(count, team->size, owner + 1);
        for (;;) {
            size_t index = atomic_fetch_add_explicit(&team->seats[owner].next, 1, memory_order_relaxed);
            if (index >= end) {
                break;
            }
            body(context, index, worker);
        }
    }
}

/// What a member fetches while it waits: whole stretches.
typedef struct ahead {
    const char *start;
    size_t bytes;
    size_t fetched;
} ahead;

/// The beginning of the share of a member.
static ahead ahead_of(const ck_team *team, size_t member) {
    size_t start = ck_team_share_start(team->expected.bytes, team->size, member);
    size_t bytes = ck_team_share_start(team->expected.bytes, team->size, member + 1) - start;
    bytes = bytes < MOST_AHEAD_BYTES ? bytes : MOST_AHEAD_BYTES;
    return (ahead){.start = (const char *)team->expected.start + start, .bytes = bytes / STRETCH_BYTES * STRETCH_BYTES};
}

/// Fetches a line of each stream, or waits about as long.
static void fetch_or_relax(ahead *next) {
    if (next->fetched == next->bytes) {
        relax();
        return;
    }
    size_t stretch = next->fetched / STRETCH_BYTES * STRETCH_BYTES;
    const char *line = next->start + stretch + (next->fetched - stretch) / AHEAD_STREAMS;
    for (size_t stream = 0; stream < AHEAD_STREAMS; stream++) {
        __builtin_prefetch(line + stream * STREAM_BYTES, 0, 2);
    }
    next->fetched += AHEAD_STREAMS * CACHE_LINE;
}

/// Returns when a job newer than `seen` was posted: first looking for it, then asleep.
static unsigned await_post(ck_team *team, unsigned seen, ahead *next) {
    int64_t deadline = now_nanoseconds() + spin_nanoseconds;
    do {
        for (int i = 0; i < PAUSES_A_LOOK; i++) {
            unsigned posted = atomic_load_explicit(&team->posted, memory_order_acquire);
            if (posted != seen) {
                return posted;
            }
            fetch_or_relax(next);
        }
    } while (now_nanoseconds() < deadline);

    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add(&team->sleepers, 1);
    unsigned posted;
    while ((posted = atomic_load(&team->posted)) == seen) {
        pthread_cond_wait(&team->wake, &team->mutex);
    }
    atomic_fetch_sub(&team->sleepers, 1);
    pthread_mutex_unlock(&team->mutex);
    return posted;
}

static void *worker_main(void *argument) {
    const ck_seat *seat = argument;
    ck_team *team = seat->team;
    unsigned seen = 0;
    ahead next = {0};
    for (;;) {
        seen = await_post(team, seen, &next);
        if (atomic_load(&team->stopping)) {
            return NULL;
        }
        atomic_fetch_add(&team->inside, 1);
        if (atomic_load(&team->open)) {
            if (team->expected.start) {
                next = ahead_of(team, seat->index);
            }
            run_pieces(team, seat->index);
        }
        atomic_fetch_sub(&team->inside, 1);
    }
}

static void post(ck_team *team) {
    atomic_fetch_add(&team->posted, 1);
    if (atomic_load(&team->sleepers) > 0) {
        // Taking the lock waits for whoever is between looking for a job and waiting for one. Only then are they woken: a worker
        // that wakes while the lock is held goes to sleep again.
        pthread_mutex_lock(&team->mutex);
        pthread_mutex_unlock(&team->mutex);
        pthread_cond_broadcast(&team->wake);
    }
}

static void await_workers(ck_team *team, ahead *next) {
    int64_t deadline = 0;
    for (;;) {
        for (int i = 0; i < PAUSES_A_LOOK; i++) {
            if (atomic_load(&team->inside) == 0) {
                return;
            }
            fetch_or_relax(next);
        }
        int64_t now = now_nanoseconds();
        if (deadline == 0) {
            deadline = now + spin_nanoseconds;
        } else if (now >= deadline) {
            sched_yield();
        }
    }
}

ck_team *ck_team_create(size_t threads) {
    size_t size = threads > 1 ? threads : 1;
    ck_team *team = aligned_alloc(CACHE_LINE, (sizeof(ck_team) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
    if (!team) {
        return NULL;
    }
    *team = (ck_team){.size = 1};
    team->workers = calloc(size, sizeof *team->workers);
    team->seats = aligned_alloc(CACHE_LINE, size * sizeof *team->seats);
    if (!team->workers || !team->seats) {
        free(team->workers);
        free(team->seats);
        free(team);
        return NULL;
    }
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->wake, NULL);
    for (size_t i = 0; i < size; i++) {
        team->seats[i] = (ck_seat){.team = team, .index = i};
    }
    for (size_t i = 1; i < size; i++) {
        if (pthread_create(&team->workers[i - 1], NULL, worker_main, &team->seats[i]) != 0) {
            ck_team_destroy(team);
            return NULL;
        }
        team->size = i + 1;
    }
    return team;
}

void ck_team_destroy(ck_team *team) {
    if (!team) {
        return;
    }
    atomic_store(&team->stopping, true);
    post(team);
    for (size_t i = 1; i < team->size; i++) {
        pthread_join(team->workers[i - 1], NULL);
    }
    pthread_cond_destroy(&team->wake);
    pthread_mutex_destroy(&team->mutex);
    free(team->workers);
    free(team->seats);
    free(team);
}

size_t ck_team_size(const ck_team *team) {
    return team->size;
}

void ck_team_expect(ck_team *team, ck_reading next) {
    team->expected = next;
}

void ck_team_run(ck_team *team, size_t count, ck_team_body body, void *context) {
    if (team->size == 1 || count <= 1) {
        for (size_t i = 0; i < count; i++) {
            body(context, i, 0);
        }
        return;
    }
    team->body = body;
    team->context = context;
    team->count = count;
    for (size_t i = 0; i < team->size; i++) {
        atomic_store_explicit(&team->seats[i].next, ck_team_share_start(count, team->size, i), memory_order_relaxed);
    }
    atomic_store(&team->open, true);
    post(team);
    run_pieces(team, 0);
    atomic_store(&team->open, false);
    ahead next = {0};
    if (team->expected.start) {
        next = ahead_of(team, 0);
    }
    await_workers(team, &next);
    team->expected = (ck_reading){0};
}
