/* Allocation that never returns NULL (out of memory ends the process, see STYLE), and owners that
 * clean up. Sizes that come from outside are checked against limits.h before they reach these. */
#ifndef CR_BASE_MEM_H
#define CR_BASE_MEM_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *cr_malloc(size_t size);
void *cr_calloc(size_t count, size_t size);
void *cr_realloc(void *p, size_t size);
void *cr_memdup(const void *p, size_t size);
char *cr_strdup(const char *s); /* NULL gives NULL */
char *cr_strndup(const char *s, size_t len);
char *cr_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* For a program that runs long and holds now much, now little: from now on the system gets large
 * blocks back as soon as they are freed. Call it first, before there are threads. */
void cr_mem_return_large(void);

static inline void cr_free_cleanup(void *p)
{
    free(*(void **)p);
}
static inline void cr_close_cleanup(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define cr_auto_free __attribute__((cleanup(cr_free_cleanup)))
#define cr_auto_fd __attribute__((cleanup(cr_close_cleanup)))

/* CR_AUTO(cr_room) *room = NULL;  frees with cr_room_free() on every return.
 * A type joins in with CR_DEFINE_AUTO(cr_room) after the prototype of its _free in its header. */
#define CR_DEFINE_AUTO(type)                                                                       \
    static inline void type##_cleanup_(struct type **p)                                            \
    {                                                                                              \
        type##_free(*p);                                                                           \
    }
#define CR_AUTO(type) __attribute__((cleanup(type##_cleanup_))) struct type

/* Hand over: returns the pointer and leaves NULL behind. */
#define cr_take(pp)                                                                                \
    (__extension__({                                                                               \
        __typeof__(*(pp)) taken_ = *(pp);                                                          \
        *(pp) = NULL;                                                                              \
        taken_;                                                                                    \
    }))

#endif
