#include "runner/output.h"

#include "base/mem.h"

void cr_output_log_clear(struct cr_output_log *l)
{
    cr_buf_clear(&l->data);
    free(l->spans);
    *l = (struct cr_output_log){0};
}

void cr_output_log_append(struct cr_output_log *l, enum cr_stream stream, const void *data,
                          size_t len)
{
    if (len == 0)
        return;
    struct cr_output_span *last = l->count > 0 ? &l->spans[l->count - 1] : NULL;
    if (!last || last->stream != stream) {
        if (l->count == l->cap) {
            l->cap = l->cap ? 2 * l->cap : 8;
            l->spans = cr_realloc(l->spans, l->cap * sizeof(*l->spans));
        }
        last = &l->spans[l->count++];
        *last = (struct cr_output_span){.stream = stream, .start = l->data.len};
    }
    last->len += len;
    cr_buf_append(&l->data, data, len);
}

/* The span that holds offset, by bisection: two streams in turn make many. */
static const struct cr_output_span *find(const struct cr_output_log *l, size_t offset)
{
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (l->spans[mid].start + l->spans[mid].len <= offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->count ? &l->spans[low] : NULL;
}

size_t cr_output_log_at(const struct cr_output_log *l, size_t offset, size_t max,
                        enum cr_stream *stream, const uint8_t **data)
{
    const struct cr_output_span *s = find(l, offset);
    if (!s)
        return 0;
    size_t len = s->start + s->len - offset;
    *stream = s->stream;
    *data = l->data.data + offset;
    return len < max ? len : max;
}

void cr_output_log_copy(const struct cr_output_log *l, struct cr_output *out)
{
    out->count = l->count;
    out->pieces = cr_calloc(l->count + 1, sizeof(*out->pieces));
    for (size_t i = 0; i < l->count; i++) {
        const struct cr_output_span *s = &l->spans[i];
        out->pieces[i] = (struct cr_output_piece){
            .stream = s->stream, .data = cr_memdup(l->data.data + s->start, s->len), .len = s->len};
    }
}
