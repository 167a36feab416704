/* What items hold, as slices of bytes: where it may be cut, and its form on the wire. */
#include "ydoc/update.h"

bool yd_kind_splits(unsigned kind)
{
    return kind == YD_STRING || kind == YD_DELETED || kind == YD_ANY || kind == YD_JSON;
}

size_t yd_content_offset(unsigned kind, bool ascii, struct yd_slice content, uint32_t units,
                         bool *inside)
{
    struct yd_reader r = yd_reader_of(content.p, content.len);

    *inside = false;
    switch (kind) {
    case YD_STRING:
        return ascii ? units : yd_utf8_offset(content.p, content.len, units, inside);
    case YD_ANY:
        while (units-- > 0)
            yd_read_any(&r);
        return (size_t)(r.p - r.start);
    case YD_JSON:
        while (units-- > 0)
            yd_read_bytes(&r);
        return (size_t)(r.p - r.start);
    default:
        return 0;
    }
}

uint32_t yd_content_units(unsigned kind, struct yd_slice content, size_t max_bytes)
{
    struct yd_reader r = yd_reader_of(content.p, content.len);
    uint32_t units = 0;

    while (r.p < r.end) {
        const uint8_t *at = r.p;
        uint32_t n = 1;
        if (kind == YD_ANY) {
            yd_read_any(&r);
        } else if (kind == YD_JSON) {
            yd_read_bytes(&r);
        } else {
            n = *at >= 0xf0 ? 2 : 1;
            r.p += *at < 0x80 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
        }
        if (units > 0 && (size_t)(r.p - r.start) > max_bytes)
            break;
        units += n;
    }
    return units;
}

static void write_text(struct yd_buf *out, bool ascii, struct yd_slice content, uint32_t offset)
{
    bool inside;
    size_t at = yd_content_offset(YD_STRING, ascii, content, offset, &inside);

    if (!inside) {
        yd_buf_put_bytes(out, content.p + at, content.len - at);
        return;
    }
    /* The second half of a surrogate pair cannot be written: Yjs writes U+FFFD, too. */
    at += 4;
    yd_buf_put_varuint(out, content.len - at + 3);
    yd_buf_append(out, YD_REPLACEMENT, 3);
    yd_buf_append(out, content.p + at, content.len - at);
}

void yd_content_write(struct yd_buf *out, unsigned kind, bool ascii, struct yd_slice content,
                      uint32_t len, uint32_t offset)
{
    size_t at = 0;
    bool inside;

    switch (kind) {
    case YD_GC:
    case YD_SKIP:
    case YD_DELETED:
        yd_buf_put_varuint(out, len - offset);
        return;
    case YD_STRING:
        write_text(out, ascii, content, offset);
        return;
    case YD_ANY:
    case YD_JSON:
        yd_buf_put_varuint(out, len - offset);
        if (offset > 0)
            at = yd_content_offset(kind, ascii, content, offset, &inside);
        break;
    default:
        break;
    }
    yd_buf_append(out, content.p + at, content.len - at);
}

static void write_id(struct yd_buf *out, struct yd_id id)
{
    yd_buf_put_varuint(out, id.client);
    yd_buf_put_varuint(out, id.clock);
}

void yd_ref_write(struct yd_buf *out, const struct yd_ref *ref, uint32_t offset)
{
    bool has_origin = ref->has_origin || offset > 0;
    struct yd_id origin =
        offset > 0 ? (struct yd_id){ref->client, ref->clock + offset - 1} : ref->origin;
    uint8_t info =
        (uint8_t)(ref->kind | (has_origin ? YD_INFO_ORIGIN : 0) |
                  (ref->has_right ? YD_INFO_RIGHT : 0) | (ref->has_sub ? YD_INFO_SUB : 0));

    if (ref->kind == YD_GC || ref->kind == YD_SKIP) {
        yd_buf_append(out, &ref->kind, 1);
        yd_buf_put_varuint(out, ref->len - offset);
        return;
    }
    yd_buf_append(out, &info, 1);
    if (has_origin)
        write_id(out, origin);
    if (ref->has_right)
        write_id(out, ref->right);
    if (!has_origin && !ref->has_right) {
        yd_buf_put_varuint(out, ref->parent == YD_PARENT_ROOT);
        if (ref->parent == YD_PARENT_ROOT)
            yd_buf_put_bytes(out, ref->root.p, ref->root.len);
        else
            write_id(out, ref->parent_id);
        if (ref->has_sub)
            yd_buf_put_bytes(out, ref->sub.p, ref->sub.len);
    }
    if (ref->kind == YD_TYPE) {
        yd_buf_put_varuint(out, ref->type_ref);
        if (ref->type_named)
            yd_buf_put_bytes(out, ref->type_name.p, ref->type_name.len);
        return;
    }
    yd_content_write(out, ref->kind, ref->ascii, ref->content, ref->len, offset);
}
